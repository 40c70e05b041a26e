//! The contract passes the lint, and the lint finds what is wrong after an edit.

use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::{Contract, InvalidContract};
use openapi_contract::{Finding, Level};
use workspace_tests::documents::{self, CONTRACT};
use workspace_tests::edit::Edit::{self, Remove, Rename, Set};

#[test]
fn contract_passes_the_lint() {
    let contract = documents::contract("openapi/media.yaml", CONTRACT);
    let findings = lint(&contract, &[]).into_iter();
    let findings: Vec<_> = findings.map(|found| found.fact).collect();
    assert!(findings.is_empty(), "run `cargo xtask lint`: {findings:#?}");
}

/// The findings in the contract after an edit.
fn findings_after(edit: Edit) -> Vec<Finding> {
    let document = Document::parse("media.yaml", edit.in_yaml(CONTRACT)).expect("it parses");
    match Contract::read(document) {
        Ok(contract) => lint(&contract, &[]),
        Err(InvalidContract { findings, .. }) => findings,
    }
}

/// Asserts that a rule has exactly one finding, in the line with this text.
#[track_caller]
fn assert_finding(edit: Edit, rule: &str, line: &str) {
    let text = edit.in_yaml(CONTRACT);
    let found: Vec<_> = findings_after(edit)
        .iter()
        .map(|finding| {
            let location = finding.old.as_ref().expect("a lint has a location");
            let line = text.lines().nth(location.position.line as usize - 1);
            (
                finding.rule.id,
                finding.level > Level::Editorial,
                line.unwrap_or_default().trim().to_owned(),
            )
        })
        .filter(|(id, ..)| *id == rule)
        .collect();
    // Other rules may have findings as well: the edits are minimal.
    assert_eq!(found, [(rule, true, line.to_owned())]);
}

#[test]
fn invalid_example_is_found() {
    assert_finding(
        Set(
            "/components/schemas/MediaItem/properties/size/example",
            "-1",
        ),
        "example-invalid",
        "example: -1",
    );
}

#[test]
fn invalid_property_of_an_example_is_found_at_its_line() {
    assert_finding(
        Set(
            "/paths/~1media/get/responses/200/content/application~1json/examples/every_type/value/data/items/1/status",
            "done",
        ),
        "example-invalid",
        "status: done",
    );
}

#[test]
fn invalid_example_of_a_header_is_found() {
    assert_finding(
        Set("/components/headers/WWW-Authenticate/example", "Basic"),
        "example-invalid",
        "example: Basic",
    );
}

#[test]
fn invalid_default_is_found() {
    assert_finding(
        Set("/components/parameters/limit/schema/default", "101"),
        "default-invalid",
        "default: 101",
    );
}

#[test]
fn dangling_reference_is_found() {
    assert_finding(
        Set(
            "/components/schemas/MediaList/properties/items/items/$ref",
            "'#/components/schemas/File'",
        ),
        "unresolved-reference",
        "$ref: '#/components/schemas/File'",
    );
}

#[test]
fn missing_security_scheme_is_found() {
    assert_finding(
        Rename("/components/securitySchemes/api_key", "key"),
        "unresolved-reference",
        "- api_key: []",
    );
}

#[test]
fn missing_operation_id_is_found() {
    assert_finding(
        Remove("/paths/~1media/get/operationId"),
        "operation-id-missing",
        "get:",
    );
}

#[test]
fn duplicate_operation_id_is_found() {
    assert_finding(
        Set(
            "/paths/~1status",
            "{get: {operationId: list_media, responses: {'200': {description: Up.}}}}",
        ),
        "operation-id-clash",
        "operationId: list_media",
    );
}

#[test]
fn invalid_openapi_is_found() {
    assert_finding(
        Set("/components/schemas/MediaStatus/enum", "ready"),
        "invalid-contract",
        "enum: ready",
    );
}

#[test]
fn unsupported_version_is_found() {
    assert_finding(
        Set("/openapi", "4.0.0"),
        "unsupported-version",
        "openapi: 4.0.0",
    );
}
