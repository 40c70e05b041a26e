//! Errors, and operations that progenitor rejects.

mod support;

use client_codegen::GenerateError;
use openapi_contract::Fidelity;
use serde_json::json;
use support::{client_crate, contract, file, generate, get, problem};

#[test]
fn other_versions_than_openapi_3_0_and_3_1_are_rejected() {
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
fn malformed_values_have_a_location() {
    let mut document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    document["info"]["version"] = json!(["1"]);
    let text = document.to_string();
    let column = text.find("\"version\"").unwrap() + 1;
    let error = generate(&document).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("openapi/small.yaml:1:{column}: `version` must be a string")
    );
}

#[test]
fn too_many_types_are_rejected_before_generation() {
    let leaf = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    // A few lines of YAML with aliases are enough for this.
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
fn operations_that_progenitor_rejects_are_omitted_and_reported() {
    let mut rejected = get("rejected", json!({ "type": "string" }));
    rejected["get"]["x-dropshot-websocket"] = json!({});
    let document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })), "/rejected": rejected }),
        json!({ "Problem": problem() }),
    );
    let made = client_crate(&document, None).unwrap();
    let methods = file(&made.files, "src/generated/operations.rs");
    assert!(
        methods.contains("pub fn a(") && !methods.contains("rejected"),
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
    assert_eq!(sites, ["GET /rejected"]);
    let location = omitted[0].old.as_ref().unwrap();
    assert_eq!(location.pointer, "/paths/~1rejected/get");
    assert!(file(&made.files, "src/generated/LOWERING.md").contains("(`GET /rejected`)"));
}
