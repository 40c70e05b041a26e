//! Every rule has a page with an example in which it reports a finding.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use client_codegen::lint::RULES;
use openapi_contract::explain::Explanation;

fn pages() -> impl Iterator<Item = Explanation> {
    RULES.rules.iter().map(|entry| {
        let rule = entry.rule;
        let explanation = Explanation::new(rule);
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
    let rules = RULES
        .rules
        .iter()
        .map(|entry| format!("{}.md", entry.rule.id));
    assert_eq!(pages, rules.collect());
}

#[test]
fn only_the_first_example_has_a_finding() {
    for page in pages() {
        let findings = page.run(&[&RULES]).findings;
        let of_rule = findings.iter().filter(|found| found.rule == page.rule);
        let files: BTreeSet<&str> = of_rule
            .filter_map(|found| Some(found.old.as_ref()?.file.as_str()))
            .collect();
        assert_eq!(files, BTreeSet::from(["example.yaml"]), "{}", page.rule.id);
    }
}
