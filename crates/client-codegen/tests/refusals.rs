//! What cannot be generated, and what is said about it.

mod support;

use client_codegen::{GenerateError, Refusal};
use serde_json::{Value, json};
use support::{answer, contract, generate, get, problem};

fn refusals(document: &Value) -> Vec<Refusal> {
    match generate(document) {
        Err(GenerateError::Refused { refusals }) => refusals,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_openapi_3_0_is_taken() {
    for (document, says) in [
        (
            json!({ "openapi": "3.1.0" }),
            "the contract is OpenAPI 3.1.0, but",
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
        json!({}),
    );
    document["info"]["version"] = json!(1);
    let error = generate(&document).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the contract is malformed at `info.version`: expected a string"
    );

    let mut document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })) }),
        json!({}),
    );
    document["tags"] = json!([{ "name": "ok" }, { "name": 3 }]);
    let error = generate(&document).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the contract is malformed at `tags[1].name`: "),
        "{error}"
    );
}

#[test]
fn a_panic_of_progenitors_becomes_a_refusal_of_each_operation_concerned() {
    let upload = json!({ "post": {
        "operationId": "upload",
        "requestBody": { "content": { "multipart/form-data": { "schema": { "type": "object" } } } },
        "responses": { "204": { "description": "" } },
    } });
    let mut two_errors = get("two_errors", json!({ "type": "string" }));
    two_errors["get"]["responses"]["500"] = answer(json!({ "type": "integer" }));
    let document = contract(
        json!({
            "/a": get("a", json!({ "type": "string" })),
            "/upload": upload,
            "/b/{x}": get("b", json!({ "type": "string" })),
            "/two": two_errors,
            "/c": get("c", json!({ "type": "string" })),
        }),
        json!({ "Problem": problem() }),
    );
    let refusals = refusals(&document);
    let places: Vec<_> = refusals
        .iter()
        .map(|refusal| {
            refusal
                .place
                .as_ref()
                .map_or(String::new(), ToString::to_string)
        })
        .collect();
    assert_eq!(
        places,
        [
            "POST /upload (upload)",
            "GET /b/{x} (b)",
            "GET /two (two_errors)"
        ]
    );
    assert_eq!(
        refusals[1].place.as_ref().unwrap().pointer(),
        "/paths/~1b~1{x}/get"
    );
    assert!(
        refusals[0].message.contains("unexpected content type"),
        "{}",
        refusals[0]
    );
    assert!(
        refusals[2].message.contains("response_types.len() <= 1"),
        "{}",
        refusals[2]
    );
    assert!(
        refusals.iter().all(|refusal| refusal.advice.is_some()),
        "{refusals:?}"
    );
    let text = generate(&document).unwrap_err().to_string();
    assert!(text.starts_with("progenitor cannot generate a client from the contract\n  POST"));
}

#[test]
fn an_operation_without_an_id_is_named_by_its_path() {
    let mut nameless = get("a", json!({ "type": "string" }));
    nameless["get"]
        .as_object_mut()
        .unwrap()
        .remove("operationId");
    let document = contract(json!({ "/a": nameless }), json!({ "Problem": problem() }));
    assert_eq!(
        refusals(&document)[0].place.as_ref().unwrap().to_string(),
        "GET /a"
    );
}

#[test]
fn what_no_operation_is_to_blame_for_is_still_refused() {
    let twice = json!({ "/a": get("same", json!({ "type": "string" })),
                        "/b": get("same", json!({ "type": "string" })) });
    let refused = refusals(&contract(twice, json!({ "Problem": problem() })));
    assert_eq!(refused.len(), 1);
    assert!(
        refused[0].message.contains("duplicate operation ID"),
        "{}",
        refused[0]
    );

    let variants = json!({ "Order": { "type": "string", "enum": ["asc", "ASC"] } });
    let refused = refusals(&contract(json!({}), variants));
    assert_eq!((refused.len(), refused[0].place.as_ref()), (1, None));
}
