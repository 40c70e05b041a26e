//! `x-lint`: silencing rules, changing their level, and the scope of a setting.

use openapi_contract::Level;

use crate::findings;

/// Two operations without a success status, with settings at each depth.
fn contract(root: &str, path: &str, operation: &str) -> String {
    let setting = |indent: &str, text: &str| match text {
        "" => String::new(),
        text => format!("{indent}x-lint: {{{text}}}\n"),
    };
    let mut yaml = format!(
        "openapi: 3.0.3\ninfo: {{title: Example, version: 1.0.0, description: For settings.}}\n{}paths:\n",
        setting("", root)
    );
    for (name, path, operation) in [("a", path, operation), ("b", "", "")] {
        yaml += &format!(
            "  /{name}:\n{}    get:\n      operationId: {name}\n      summary: S.\n{}      responses:\n        '404': {{description: D.}}\n",
            setting("    ", path),
            setting("      ", operation),
        );
    }
    yaml
}

/// Checks the rule, the level and the pointer of all findings.
fn check(root: &str, path: &str, operation: &str, expected: &[(&str, Level, &str)]) {
    let found = findings("contract.yaml", &contract(root, path, operation));
    let found: Vec<_> = found
        .iter()
        .map(|finding| {
            let location = finding
                .old
                .as_ref()
                .expect("every lint finding has a location");
            (finding.rule.id, finding.level, location.pointer.as_str())
        })
        .collect();
    assert_eq!(found, expected);
}

const A: &str = "/paths/~1a/get/responses";
const B: &str = "/paths/~1b/get/responses";
const RULE: &str = "success-undocumented";
const WHY: &str = "success-undocumented: They redirect.";

#[test]
fn setting_applies_to_its_object_and_below() {
    check(
        "",
        "",
        "",
        &[(RULE, Level::Risky, A), (RULE, Level::Risky, B)],
    );
    check("", "", WHY, &[(RULE, Level::Risky, B)]);
    check("", WHY, "", &[(RULE, Level::Risky, B)]);
    check(WHY, "", "", &[]);
}

#[test]
fn closest_setting_applies() {
    let breaking = "success-undocumented: {level: breaking, reason: We promised it.}";
    check(breaking, "", WHY, &[(RULE, Level::Breaking, B)]);
    check(
        breaking,
        WHY,
        breaking,
        &[
            (
                "lint-setting-unused",
                Level::Risky,
                "/paths/~1a/x-lint/success-undocumented",
            ),
            (RULE, Level::Breaking, A),
            (RULE, Level::Breaking, B),
        ],
    );
}

#[test]
fn setting_of_another_rule_has_no_effect() {
    check(
        "",
        "",
        "description-missing: It is obvious.",
        &[
            (
                "lint-setting-unused",
                Level::Risky,
                "/paths/~1a/get/x-lint/description-missing",
            ),
            (RULE, Level::Risky, A),
            (RULE, Level::Risky, B),
        ],
    );
}

#[test]
fn findings_about_settings_cannot_be_silenced() {
    check(
        "",
        "",
        "lint-setting-unused: I like it.",
        &[
            (
                "lint-rule-unknown",
                Level::Risky,
                "/paths/~1a/get/x-lint/lint-setting-unused",
            ),
            (RULE, Level::Risky, A),
            (RULE, Level::Risky, B),
        ],
    );
}

#[test]
fn property_named_x_lint_is_not_a_setting() {
    let text = "openapi: 3.0.3
info: {title: Example, version: 1.0.0, description: D.}
paths:
  /a:
    get:
      operationId: a
      summary: A.
      responses:
        '200':
          description: D.
          content:
            application/json:
              schema:
                type: object
                properties:
                  x-lint: {type: string, description: Not a setting.}
";
    assert_eq!(findings("contract.yaml", text), []);
}
