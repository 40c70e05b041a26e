//! Fingerprints of findings, for formats in which ids are too long or have invalid characters.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::finding::Finding;

/// The fingerprint of each finding, in order: a hash of its id, so of its rule and its location. It is
/// stable when lines move or a message is reworded. Findings with the same id, such as several errors
/// at one location, are distinguished by their facts.
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
