//! Errors, and what the client lacks.

mod support;

use client_codegen::GenerateError;
use openapi_contract::Fidelity;
use serde_json::json;
use support::{client_crate, contract, file, generate, get, problem};

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
    let multiplied = (0..4).fold(leaf, |inner, _| {
        let properties = (0..14).map(|number| (format!("p{number}"), inner.clone()));
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
fn losses_are_reported_at_their_location_and_in_the_crate() {
    let mut other = get("other", json!({ "type": "string" }));
    other["get"]["servers"] = json!([{ "url": "https://other.example" }]);
    let document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })), "/other": other }),
        json!({ "Problem": problem() }),
    );
    let made = client_crate(&document, None).unwrap();
    let losses: Vec<_> = made
        .findings
        .iter()
        .filter(|finding| finding.fidelity == Some(Fidelity::Weakened))
        .collect();
    assert_eq!(losses.len(), 1, "{losses:?}");
    let sites: Vec<&str> = losses[0]
        .sites
        .iter()
        .map(|site| site.operation.as_str())
        .collect();
    assert_eq!(sites, ["GET /other"]);
    let location = losses[0].old.as_ref().unwrap();
    assert_eq!(location.pointer, "/paths/~1other/get/servers");
    assert!(file(&made.files, "src/generated/FIDELITY.md").contains("(`GET /other`)"));
}
