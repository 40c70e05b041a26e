//! The texts of a finding of each rule: fact, consequence and remedy, for two versions of a contract,
//! for a server and for a client. The examples are those of the rules' pages.

use std::fmt::Write;

use openapi_contract::compare::{Relation, compare_on};
use openapi_contract::explain::{ExampleKind, explain};
use openapi_contract::{Finding, rules};

use crate::contract_of_document;

/// After the sunsets of the examples.
const TODAY: &str = "2027-01-01";

fn texts(relation: Relation) -> String {
    let mut text = String::new();
    for rule in rules::ALL {
        let explanation = explain(rule.id).expect("every rule has a page");
        let example = explanation.example;
        if example.kind != ExampleKind::Versions {
            continue;
        }
        let [old, new] =
            [example.old, example.new].map(|block| contract_of_document(block.contract()));
        let findings = compare_on(&old, &new, relation, Some(TODAY));
        for finding in findings.iter().filter(|finding| finding.rule == *rule) {
            text += &shown(finding);
        }
    }
    text
}

fn shown(finding: &Finding) -> String {
    let Finding {
        rule,
        level,
        fact,
        consequence,
        remedy,
        ..
    } = finding;
    let mut text = String::new();
    writeln!(text, "{level} {}: {fact}", rule.id).expect("writing to a string succeeds");
    writeln!(text, "  {consequence}").expect("writing to a string succeeds");
    writeln!(text, "  help: {remedy}\n").expect("writing to a string succeeds");
    text
}

#[test]
fn texts_between_versions() {
    insta::assert_snapshot!(texts(Relation::Evolution));
}

#[test]
fn texts_between_contract_and_server() {
    insta::assert_snapshot!(texts(Relation::Drift));
}

#[test]
fn texts_between_contract_and_client() {
    insta::assert_snapshot!(texts(Relation::Client));
}
