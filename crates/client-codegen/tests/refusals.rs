//! What cannot be generated, and what is said about it.

mod support;

use client_codegen::GenerateError;
use openapi_contract::Fidelity;
use serde_json::json;
use support::{contract, file, generate, get, made, problem};

#[test]
fn only_openapi_3_0_and_3_1_are_taken() {
    for (document, says) in [
        (
            json!({ "openapi": "3.2.0" }),
            "the contract is OpenAPI 3.2.0, but",
        ),
        (
            json!({ "swagger": "2.0" }),
            "the contract is Swagger 2.0, but",
        ),
        (
            json!({ "openapi": 3.0 }),
            "the contract is OpenAPI 3.0, which is not a string, but",
        ),
        (
            json!([]),
            "the contract is not an OpenAPI document: it has no `openapi`, but",
        ),
    ] {
        let error = generate(&document).unwrap_err();
        assert!(
            matches!(error, GenerateError::UnsupportedVersion { .. }),
            "{error:?}"
        );
        assert!(error.to_string().starts_with(says), "{error}");
    }
}

#[test]
fn a_malformed_document_is_told_by_its_path() {
    let mut document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    document["info"]["version"] = json!(["1"]);
    let error = generate(&document).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the contract is malformed at `info.version`: expected a string"
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_told_by_its_place() {
    let document = contract(
        json!({ "/a": get("a", json!({ "$ref": "#/components/schemas/Gone" })) }),
        json!({ "Problem": problem() }),
    );
    let error = generate(&document).unwrap_err().to_string();
    assert!(error.starts_with("openapi/small.yaml:1:"), "{error}");
    assert!(
        error.contains("`#/components/schemas/Gone` does not exist"),
        "{error}"
    );
}

#[test]
fn a_contract_of_too_many_types_is_refused_before_they_are_made() {
    let leaf = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    // As a few lines of YAML with aliases can say it.
    let multiplied = (0..5).fold(leaf, |inner, _| {
        let properties = (0..10).map(|number| (format!("p{number}"), inner.clone()));
        let properties: serde_json::Map<_, _> = properties.collect();
        json!({ "type": "object", "properties": properties })
    });
    let document = contract(
        json!({ "/a": get("a", multiplied) }),
        json!({ "Problem": problem() }),
    );
    let error = generate(&document).unwrap_err();
    assert!(matches!(error, GenerateError::TooLarge { .. }), "{error:?}");
}

#[test]
fn what_progenitor_refuses_in_spite_of_all_is_left_out_and_told() {
    let mut nowhere = get("nowhere", json!({ "type": "string" }));
    nowhere["get"]["x-dropshot-websocket"] = json!({});
    let document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })), "/nowhere": nowhere }),
        json!({ "Problem": problem() }),
    );
    let made = made(&document, None).unwrap();
    let methods = file(&made.files, "src/generated/operations.rs");
    assert!(
        methods.contains("pub fn a(") && !methods.contains("nowhere"),
        "{methods}"
    );
    let omitted: Vec<_> = made
        .findings
        .iter()
        .filter(|rewrite| rewrite.fidelity == Some(Fidelity::Omitted))
        .collect();
    assert_eq!(omitted.len(), 1, "{omitted:?}");
    let sites: Vec<&str> = omitted[0]
        .sites
        .iter()
        .map(|site| site.operation.as_str())
        .collect();
    assert_eq!(sites, ["GET /nowhere"]);
    let location = omitted[0].old.as_ref().unwrap();
    assert_eq!(location.pointer, "/paths/~1nowhere/get");
    assert!(file(&made.files, "src/generated/LOWERING.md").contains("(`GET /nowhere`)"));
}
