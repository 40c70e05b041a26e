//! Findings in a few lines.

use openapi_contract::Finding;

/// The number of findings to show.
const MAX_SHOWN: usize = 5;

/// The first findings, one per line.
pub(super) fn first_findings(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings.iter().take(MAX_SHOWN) {
        text += &format!("\n  {} {}: {}", finding.wire, finding.id(), finding.fact);
    }
    if findings.len() > MAX_SHOWN {
        text += &format!("\n  and {} more", findings.len() - MAX_SHOWN);
    }
    text
}
