//! Every rule has its page, every page an example in which its rule is found, and the snapshot has
//! what all rules together find in each example.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use openapi_contract::explain::{ExampleKind, Explanation, explain, nearest};
use openapi_contract::rules;
use openapi_contract::{Finding, Level};

fn pages() -> impl Iterator<Item = Explanation> {
    rules::ALL.iter().map(|rule| {
        let explanation = explain(rule.id);
        explanation.unwrap_or_else(|| panic!("the page of {} has all sections", rule.id))
    })
}

#[test]
fn every_page_belongs_to_a_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let files = fs::read_dir(folder).expect("the folder is there");
    let pages: BTreeSet<String> = files
        .map(|file| file.expect("the folder can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let rules = rules::ALL.iter().map(|rule| format!("{}.md", rule.id));
    assert_eq!(pages, rules.collect());
}

#[test]
fn every_rule_is_found_in_its_example() {
    let silent: Vec<&str> = pages()
        .filter(|page| {
            !page
                .play()
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
            page.play()
                .findings
                .iter()
                .any(|found| is_unproved(page, found))
        })
        .map(|page| page.rule.id)
        .collect();
    assert_eq!(unproved, [""; 0]);
}

#[test]
fn what_takes_the_place_of_a_mistake_is_none() {
    let mistaken: Vec<&str> = pages()
        .filter(|page| {
            let findings = page.play().findings;
            findings.iter().any(|found| {
                let place = found.old.as_ref().or(found.new.as_ref());
                found.rule == page.rule
                    && place.is_some_and(|place| place.file.starts_with("instead"))
            })
        })
        .map(|page| page.rule.id)
        .collect();
    assert_eq!(mistaken, [""; 0]);
}

#[test]
fn all_rules_run_over_all_examples() {
    let mut text = String::new();
    for page in pages() {
        writeln!(text, "{}", page.rule.id).expect("a string can be written to");
        // No example has room for descriptions.
        let is_about_prose = |found: &Finding| found.rule == rules::DESCRIPTION_MISSING;
        for found in page.play().findings {
            if is_about_prose(&found) && found.rule != page.rule {
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
fn ids_that_are_close_are_offered() {
    assert_eq!(nearest("enum_value_add").first(), Some(&"enum-value-added"));
    assert_eq!(nearest("became-required").len(), 3);
    assert_eq!(nearest("zzz"), [""; 0]);
}
