//! A pair of contracts for each rule, in `cases/{rule}`: `fires.yaml` is the smallest contract that
//! violates it, with `# here` on the reported lines, and `quiet.yaml` is similar and does not.

use std::fs;
use std::path::{Path, PathBuf};

use client_codegen::lint::RULES;
use client_codegen::rules;

use crate::{findings, line};

pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint/cases")
}

fn text(rule: &str, file: &str) -> String {
    let path = directory().join(rule).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines that a rule reports.
fn lines(rule: &str, file: &str) -> Vec<u32> {
    findings(file, &text(rule, file))
        .iter()
        .filter(|finding| finding.rule.id == rule)
        .filter_map(|finding| finding.old.as_ref())
        .map(|location| location.position.line)
        .collect()
}

fn check(rule: &str) {
    let fires = text(rule, "fires.yaml");
    let expected: Vec<u32> = (1..)
        .zip(fires.lines())
        .filter(|(_, line)| line.ends_with("# here"))
        .map(|(number, _)| number)
        .collect();
    assert!(!expected.is_empty(), "{rule}: no line ends with `# here`");
    assert_eq!(lines(rule, "fires.yaml"), expected, "{rule}: fires.yaml");
    assert!(lines(rule, "quiet.yaml").is_empty(), "{rule}: quiet.yaml");
}

#[test]
fn every_rule_reports_its_case_and_not_the_similar_one() {
    for entry in RULES.rules {
        check(entry.rule.id);
    }
}

#[test]
fn lint_rules_are_in_the_order_of_all_rules() {
    let entries: Vec<&str> = RULES.rules.iter().map(|entry| entry.rule.id).collect();
    let listed: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(listed[..entries.len()], entries);
}

#[test]
fn every_case_belongs_to_a_rule() {
    for entry in fs::read_dir(directory()).expect("the directory exists") {
        let name = entry.expect("the directory can be read").file_name();
        let is_known = RULES.rules.iter().any(|entry| entry.rule.id == name);
        assert!(is_known, "there is no rule {}", name.display());
    }
}

/// Runs all rules on all cases, which shows rules that misfire on the case of another, and the messages
/// of each rule.
#[test]
fn all_rules_run_on_all_cases() {
    let mut shown = String::new();
    for entry in RULES.rules {
        for file in ["fires.yaml", "quiet.yaml"] {
            shown += &format!("{}/{file}\n", entry.rule.id);
            for finding in findings(file, &text(entry.rule.id, file)) {
                shown += &format!("  {}\n", line(&finding));
                if finding.rule == entry.rule {
                    shown += &format!(
                        "    {}\n    help: {}\n",
                        finding.consequence, finding.remedy
                    );
                }
            }
        }
    }
    insta::assert_snapshot!(shown);
}

/// The contract of `property-name-clash` with a setting at the root.
fn with_setting(setting: &str) -> Vec<String> {
    let text = text("property-name-clash", "fires.yaml");
    let found = findings("fires.yaml", &format!("{text}\nx-lint:\n  {setting}\n"));
    let lints = found
        .iter()
        .filter(|finding| finding.rule != openapi_contract::rules::DESCRIPTION_MISSING);
    lints
        .map(|finding| format!("{} {}", finding.level, finding.rule.id))
        .collect()
}

#[test]
fn setting_in_the_contract_silences_a_rule() {
    let silenced = with_setting("property-name-clash: The names are fixed.");
    assert!(
        !silenced
            .iter()
            .any(|line| line.contains("property-name-clash")),
        "{silenced:?}"
    );
    let level = "property-name-clash: {level: breaking, reason: We forbid it.}";
    assert!(with_setting(level).contains(&"breaking property-name-clash".to_owned()));
}
