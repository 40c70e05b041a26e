//! Fingerprints of findings are stable and unique.

use std::collections::HashSet;

use openapi_contract::report::Format;
use serde_json::Value;

use crate::examples::{Example, OLD, compared, edited, invalid_contract, markup, orders};

#[test]
fn fingerprints_do_not_change_when_lines_move() {
    let moved = |text: &str| format!("# One line more.\n{text}");
    let before = orders();
    let after = compared(before.title, &moved(OLD), &moved(&edited()));
    assert_ne!(
        before.findings[0].old, after.findings[0].old,
        "the line moved"
    );
    assert_eq!(fingerprints(&before), fingerprints(&after));
}

#[test]
fn fingerprints_are_unique_in_a_report() {
    for example in [orders(), invalid_contract(), markup()] {
        let all = fingerprints(&example);
        let distinct: HashSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), example.findings.len());
    }
}

fn fingerprints(example: &Example) -> Vec<String> {
    let log: Value =
        serde_json::from_str(&example.render(Format::Sarif)).expect("the JSON is valid");
    let results = log["runs"][0]["results"]
        .as_array()
        .expect("the run has results");
    let fingerprints = results
        .iter()
        .map(|result| &result["partialFingerprints"]["id/v1"]);
    fingerprints
        .map(|value| {
            value
                .as_str()
                .expect("the fingerprint is a string")
                .to_owned()
        })
        .collect()
}
