//! A fact that a lint rule and the generator report is reported once.

use std::fs;

use client_codegen::lint::{RULES, remove_repetitions};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use openapi_contract::{Fidelity, Finding, Level};

use crate::cases::directory;
use crate::findings;

/// The lint findings and the findings of the generator in the case of a rule.
fn case(rule: &str) -> (Vec<Finding>, Vec<Finding>) {
    let path = directory().join(rule).join("fires.yaml");
    let text = fs::read_to_string(path).expect("the case exists");
    let document = Document::parse("fires.yaml", text.clone()).expect("the case is valid YAML");
    let contract = Contract::read(document).expect("the case is a contract");
    let rewrites = client_codegen::findings(&contract).expect("a client can be generated");
    (findings("fires.yaml", &text), rewrites)
}

#[test]
fn facts_of_lint_rules_are_not_repeated() {
    for entry in RULES.rules {
        let (lints, mut rewrites) = case(entry.rule.id);
        remove_repetitions(&mut rewrites, &lints);
        let left: Vec<String> = rewrites
            .iter()
            .map(|left| format!("{}: {} {}", entry.rule.id, left.rule.id, left.fact))
            .collect();
        assert_eq!(left, [""; 0]);
    }
}

#[test]
fn silenced_or_editorial_lint_findings_hide_no_loss() {
    let (lints, rewrites) = case("raw-body-schema");
    let is_loss = |finding: &&Finding| finding.fidelity == Some(Fidelity::Weakened);
    assert_eq!(rewrites.iter().filter(is_loss).count(), 1);

    let mut reported = rewrites.clone();
    remove_repetitions(&mut reported, &lints);
    assert!(!reported.iter().any(|finding| is_loss(&finding)));

    let mut silenced = rewrites.clone();
    remove_repetitions(&mut silenced, &[]);
    assert_eq!(silenced, rewrites);

    let mut editorial = lints;
    for finding in &mut editorial {
        finding.level = Level::Editorial;
    }
    let mut reported = rewrites.clone();
    remove_repetitions(&mut reported, &editorial);
    assert_eq!(reported.iter().filter(is_loss).count(), 1);
}
