//! What a finding is recognised by where its id is too long or has the wrong characters.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::finding::Finding;

/// A fingerprint for each finding, in their order: of its id, so of its rule and its places. It
/// stays the same where lines move or a sentence is reworded. Findings that have one id, as
/// mistakes in one place of a document can, are told apart by what they state.
pub(super) fn fingerprints(findings: &[Finding]) -> Vec<String> {
    let ids: Vec<String> = findings.iter().map(Finding::id).collect();
    let mut shared: HashMap<&str, usize> = HashMap::new();
    for id in &ids {
        *shared.entry(id).or_default() += 1;
    }
    let fingerprint = |(id, finding): (&String, &Finding)| {
        let mut hash = Sha256::new();
        hash.update(id);
        if shared[id.as_str()] > 1 {
            hash.update("\n");
            hash.update(&finding.fact);
        }
        HEXLOWER.encode(&hash.finalize()[..8])
    };
    ids.iter().zip(findings).map(fingerprint).collect()
}
