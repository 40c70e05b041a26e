//! Findings as JSON.

use serde_json::json;

use super::Counts;
use crate::finding::Finding;

/// Findings as a JSON document: `{"counts": {...}, "findings": [...]}`.
pub fn json(findings: &[Finding]) -> String {
    let document = json!({"counts": Counts::of(findings), "findings": findings});
    format!("{document:#}\n")
}
