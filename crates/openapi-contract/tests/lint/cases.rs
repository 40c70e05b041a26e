//! A pair of contracts for each rule, in `cases/{rule}`: `fires.yaml` is the smallest that violates
//! it, with `# here` on the lines in question, and `quiet.yaml` is a near miss.

use std::fs;
use std::path::{Path, PathBuf};

use openapi_contract::lint::RULES;
use openapi_contract::rules;

use crate::{findings, line};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/cases")
}

fn text(rule: &str, file: &str) -> String {
    let path = directory().join(rule).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines on which a rule is found.
fn lines(rule: &str, file: &str) -> Vec<u32> {
    findings(file, &text(rule, file))
        .iter()
        .filter(|finding| finding.rule.id == rule)
        .filter_map(|finding| finding.old.as_ref())
        .map(|place| place.position.line)
        .collect()
}

fn check(rule: &str) {
    let fires = text(rule, "fires.yaml");
    let expected: Vec<u32> = (1..)
        .zip(fires.lines())
        .filter(|(_, line)| line.ends_with("# here"))
        .map(|(number, _)| number)
        .collect();
    assert!(!expected.is_empty(), "{rule}: no line says where");
    assert_eq!(lines(rule, "fires.yaml"), expected, "{rule}: fires.yaml");
    assert!(lines(rule, "quiet.yaml").is_empty(), "{rule}: quiet.yaml");
}

#[test]
fn every_rule_finds_its_case_and_leaves_the_near_miss() {
    for entry in RULES {
        check(entry.rule.id);
    }
}

#[test]
fn every_lint_rule_of_the_rule_list_has_an_entry_with_a_level() {
    let entries: Vec<&str> = RULES.iter().map(|entry| entry.rule.id).collect();
    let listed: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(listed[..entries.len()], entries);
}

#[test]
fn all_that_is_wrong_with_a_value_is_one_finding() {
    let fires = text("example-invalid", "fires.yaml");
    let both = fires.replace("maxLength: 3", "maxLength: 3\n      pattern: '^[0-9]+$'");
    let found = findings("both.yaml", &both);
    let facts: Vec<&str> = found
        .iter()
        .filter(|finding| finding.rule == rules::EXAMPLE_INVALID)
        .map(|finding| finding.fact.as_str())
        .collect();
    let [fact] = facts[..] else {
        panic!("it is one finding: {facts:?}");
    };
    assert!(
        fact.contains("longer than 3") && fact.contains("[0-9]"),
        "{fact}"
    );
}

#[test]
fn every_case_is_of_a_rule() {
    for entry in fs::read_dir(directory()).expect("the cases are there") {
        let name = entry.expect("it can be read").file_name();
        let is_known = RULES.iter().any(|entry| entry.rule.id == name);
        assert!(is_known, "there is no rule {}", name.display());
    }
}

/// All rules over all cases: a rule that misfires on the case of another is seen here.
#[test]
fn all_rules_over_all_cases() {
    let mut shown = String::new();
    for entry in RULES {
        for file in ["fires.yaml", "quiet.yaml"] {
            shown += &format!("{}/{file}\n", entry.rule.id);
            for finding in findings(file, &text(entry.rule.id, file)) {
                shown += &format!("  {}\n", line(&finding));
            }
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_contract_of_this_workspace_is_clean() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/media.yaml");
    let text = fs::read_to_string(path).expect("the contract is there");
    let found: Vec<String> = findings("media.yaml", &text).iter().map(line).collect();
    assert_eq!(found, [""; 0]);
}
