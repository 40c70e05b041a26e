//! Every rule has a page with an example in which it reports a finding. The snapshot has the findings
//! of all rules in every example.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use openapi_contract::explain::{ExampleKind, Explanation, explain};
use openapi_contract::rules;
use openapi_contract::{Finding, Level};

fn pages() -> impl Iterator<Item = Explanation> {
    rules::ALL.iter().map(|rule| {
        let explanation = explain(rule.id);
        explanation.unwrap_or_else(|| panic!("the page of {} lacks a section", rule.id))
    })
}

#[test]
fn every_page_belongs_to_a_rule() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let files = fs::read_dir(directory).expect("the directory exists");
    let pages: BTreeSet<String> = files
        .map(|file| file.expect("the directory can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let rules = rules::ALL.iter().map(|rule| format!("{}.md", rule.id));
    assert_eq!(pages, rules.collect());
}

#[test]
fn every_rule_reports_a_finding_in_its_example() {
    let silent: Vec<&str> = pages()
        .filter(|page| {
            !page
                .run(&[])
                .findings
                .iter()
                .any(|found| found.rule == page.rule)
        })
        .map(|page| page.rule.id)
        .collect();
    assert_eq!(silent, [""; 0]);
}

#[test]
fn every_break_between_versions_has_a_witness() {
    let is_unproved = |page: &Explanation, found: &Finding| {
        page.example.kind == ExampleKind::Versions
            && found.rule == page.rule
            && found.wire == Level::Breaking
            && found.witness.is_none()
    };
    let unproved: Vec<&str> = pages()
        .filter(|page| {
            page.run(&[])
                .findings
                .iter()
                .any(|found| is_unproved(page, found))
        })
        .map(|page| page.rule.id)
        .collect();
    assert_eq!(unproved, [""; 0]);
}

#[test]
fn corrected_examples_have_no_finding() {
    let incorrect: Vec<&str> = pages()
        .filter(|page| {
            let findings = page.run(&[]).findings;
            findings.iter().any(|found| {
                let location = found.old.as_ref().or(found.new.as_ref());
                found.rule == page.rule
                    && location.is_some_and(|location| location.file.starts_with("instead"))
            })
        })
        .map(|page| page.rule.id)
        .collect();
    assert_eq!(incorrect, [""; 0]);
}

#[test]
fn all_rules_run_over_all_examples() {
    let mut text = String::new();
    for page in pages() {
        writeln!(text, "{}", page.rule.id).expect("a string can be written to");
        // The examples have no descriptions, to be short.
        let is_missing_description = |found: &Finding| found.rule == rules::DESCRIPTION_MISSING;
        for found in page.run(&[]).findings {
            if is_missing_description(&found) && found.rule != page.rule {
                continue;
            }
            let proof = if found.witness.is_some() {
                ", with a witness"
            } else {
                ""
            };
            let rust = match found.rust {
                Level::Editorial => String::new(),
                rust => format!(", {rust} in Rust"),
            };
            let (wire, rule) = (found.wire, found.rule.id);
            writeln!(text, "  {wire} {rule}{proof}{rust}").expect("a string can be written to");
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn similar_ids_are_suggested() {
    let nearest = |id| rules::nearest(id, rules::ALL.iter().copied());
    assert_eq!(nearest("enum_value_add").first(), Some(&"enum-value-added"));
    assert_eq!(nearest("became-required").len(), 3);
    assert_eq!(nearest("zzz"), [""; 0]);
}
