//! A pair of contracts for each rule, in `cases/{rule}`: `fires.yaml` is the smallest contract that
//! violates it, with `# here` on the reported lines, and `quiet.yaml` is similar and does not.

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
fn all_violations_of_a_value_are_one_finding() {
    let fires = text("example-invalid", "fires.yaml");
    let both = fires.replace("maxLength: 3", "maxLength: 3\n      pattern: '^[0-9]+$'");
    let found = findings("both.yaml", &both);
    let facts: Vec<&str> = found
        .iter()
        .filter(|finding| finding.rule == rules::EXAMPLE_INVALID)
        .map(|finding| finding.fact.as_str())
        .collect();
    let [fact] = facts[..] else {
        panic!("expected one finding: {facts:?}");
    };
    assert!(
        fact.contains("longer than 3") && fact.contains("[0-9]"),
        "{fact}"
    );
}

#[test]
fn every_case_belongs_to_a_rule() {
    for entry in fs::read_dir(directory()).expect("the directory exists") {
        let name = entry.expect("the entry can be read").file_name();
        let is_known = RULES.rules.iter().any(|entry| entry.rule.id == name);
        assert!(is_known, "unknown rule {}", name.display());
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

#[test]
fn contract_of_this_workspace_has_no_findings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/media.yaml");
    let text = fs::read_to_string(path).expect("the contract can be read");
    let found: Vec<String> = findings("media.yaml", &text).iter().map(line).collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn undeclared_security_scheme_is_reported_once() {
    let text = "openapi: 3.0.3
info: {title: Example, version: 1.0.0, description: D.}
paths:
  /a:
    get:
      operationId: a
      summary: A.
      security: [{kee: []}]
      responses:
        '200': {description: D.}
        '401': {description: D.}
components:
  securitySchemes:
    key: {type: http, scheme: bearer, description: D.}
security: [{key: []}]
";
    let found = findings("example.yaml", text);
    let shown: Vec<String> = found
        .iter()
        .map(|finding| format!("{}\n  help: {}", line(finding), finding.remedy))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    8:19 breaking [unresolved-reference] the security scheme `kee` is not declared
      help: Use `key`, or declare `kee` in `components.securitySchemes`.
    ");
}
