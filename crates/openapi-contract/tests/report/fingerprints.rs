//! What findings are recognised by from one report to the next.

use std::collections::HashSet;

use openapi_contract::report::Format;
use serde_json::Value;

use crate::examples::{Example, OLD, compared, edited, foreign, no_contract, orders};

#[test]
fn they_stay_where_lines_move() {
    let moved = |text: &str| format!("# One line more.\n{text}");
    let before = orders();
    let after = compared(before.title, &moved(OLD), &moved(&edited()));
    assert_ne!(
        before.findings[0].old, after.findings[0].old,
        "the line has moved"
    );
    assert_eq!(fingerprints(&before), fingerprints(&after));
}

#[test]
fn no_two_findings_of_a_report_have_the_same() {
    for example in [orders(), no_contract(), foreign()] {
        let all = fingerprints(&example);
        let distinct: HashSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), example.findings.len());
    }
}

fn fingerprints(example: &Example) -> Vec<String> {
    let log: Value = serde_json::from_str(&example.render(Format::Sarif)).expect("it is JSON");
    let results = log["runs"][0]["results"]
        .as_array()
        .expect("there are results");
    let fingerprints = results
        .iter()
        .map(|result| &result["partialFingerprints"]["id/v1"]);
    fingerprints
        .map(|value| value.as_str().expect("it is text").to_owned())
        .collect()
}
