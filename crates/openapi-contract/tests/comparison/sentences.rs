//! What a finding of each rule says: its fact, its consequence and its help, for two versions of a
//! contract, for a server and for a client. The examples are those of the rules' pages.

use std::fmt::Write;

use openapi_contract::compare::{Relation, compare_on};
use openapi_contract::explain::{ExampleKind, explain};
use openapi_contract::model::Contract;
use openapi_contract::{Finding, rules};

use crate::contract_of_document;

/// After the sunsets of the examples.
const TODAY: &str = "2027-01-01";

fn sentences(relation: Relation) -> String {
    let mut text = String::new();
    for rule in rules::ALL {
        let explanation = explain(rule.id).expect("every rule has a page");
        let example = explanation.example;
        if example.kind != ExampleKind::Versions {
            continue;
        }
        let [old, new] = [example.old, example.new].map(contract_of);
        let findings = compare_on(&old, &new, relation, Some(TODAY));
        for finding in findings.iter().filter(|finding| finding.rule == *rule) {
            text += &shown(finding);
        }
    }
    text
}

/// A contract from an example, which has neither a version nor a title if it is not about them.
fn contract_of(block: &str) -> Contract {
    let mut text = block.to_owned();
    for (keyword, line) in [
        ("openapi:", "openapi: 3.0.3\n"),
        ("info:", "info: {title: T, version: 1.0.0}\n"),
    ] {
        if !block.lines().any(|line| line.starts_with(keyword)) {
            text += line;
        }
    }
    contract_of_document(text)
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
fn sentences_between_versions() {
    insta::assert_snapshot!(sentences(Relation::Evolution));
}

#[test]
fn sentences_between_contract_and_server() {
    insta::assert_snapshot!(sentences(Relation::Drift));
}

#[test]
fn sentences_between_contract_and_client() {
    insta::assert_snapshot!(sentences(Relation::Client));
}
