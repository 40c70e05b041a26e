//! The server's own description of itself says what the contract says.

use std::collections::BTreeSet;

use media_server::App;
use serde_json::{Value, json};

use crate::support::client::send;
use crate::support::library::{Behaviour, FakeLibrary};
use crate::support::server::TestServer;

fn document() -> Value {
    serde_json::from_str(&media_server::document_json(&media_server::openapi()))
        .expect("a JSON document")
}

fn operation() -> Value {
    document()["paths"]["/media"]["get"].clone()
}

fn schema(name: &str) -> Value {
    document()["components"]["schemas"][name].clone()
}

/// The value without what no program reads.
fn bare(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, member| {
                    let described = name == "description" && member.is_string();
                    !described && !matches!(name.as_str(), "example" | "examples")
                });
                members.values_mut().for_each(strip);
            }
            Value::Array(elements) => elements.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

#[test]
fn it_is_openapi_3_1_with_one_server_and_one_path() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "/v1");
    let paths: Vec<_> = document["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(paths.len(), 1);
    assert_eq!(operation()["operationId"], "list_media");
}

#[test]
fn every_operation_asks_for_the_api_key() {
    let document = document();
    assert_eq!(document["security"], json!([{ "api_key": [] }]));
    let scheme = &document["components"]["securitySchemes"]["api_key"];
    assert_eq!(scheme["type"], "http");
    assert_eq!(scheme["scheme"], "bearer");
    assert_eq!(operation()["security"], Value::Null);
}

#[test]
fn the_parameters_are_optional_and_bounded() {
    assert_eq!(
        bare(operation()["parameters"].clone()),
        json!([
            {
                "name": "type", "in": "query", "required": false,
                "schema": { "$ref": "#/components/schemas/MediaType" }
            },
            {
                "name": "limit", "in": "query", "required": false,
                "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 20 }
            },
            {
                "name": "offset", "in": "query", "required": false,
                "schema": { "type": "integer", "format": "int64", "minimum": 0, "default": 0 }
            },
        ])
    );
}

/// Status, headers (an optional one with `?`), body.
fn check_response(status: &str, headers: &[&str], body: &str) {
    let response = &operation()["responses"][status];
    let documented: BTreeSet<String> = response["headers"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, header)| match header["required"] {
            Value::Bool(true) => name.clone(),
            _ => format!("{name}?"),
        })
        .collect();
    assert_eq!(
        documented,
        headers.iter().map(ToString::to_string).collect(),
        "{status}"
    );
    let schema = &response["content"]["application/json"]["schema"];
    assert_eq!(schema["$ref"], format!("#/components/schemas/{body}"));
}

#[test]
fn the_statuses_have_the_headers_and_bodies_of_the_contract() {
    let counted = [
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-Request-Id",
    ];
    check_response("200", &counted, "MediaListResponse");
    check_response("400", &counted, "ErrorResponse");
    check_response(
        "401",
        &["WWW-Authenticate", "X-Request-Id"],
        "ErrorResponse",
    );
    check_response(
        "429",
        &[&counted[..], &["Retry-After"]].concat(),
        "ErrorResponse",
    );
    check_response(
        "500",
        &[
            "X-RateLimit-Limit?",
            "X-RateLimit-Remaining?",
            "X-RateLimit-Reset?",
            "X-Request-Id",
        ],
        "ErrorResponse",
    );
    let responses = &operation()["responses"];
    assert_eq!(responses.as_object().map(|all| all.len()), Some(5));
}

#[test]
fn the_header_schemas_are_those_of_the_contract() {
    let headers = bare(operation()["responses"]["429"]["headers"].clone());
    let schema = |name: &str| headers[name]["schema"].clone();
    assert_eq!(
        schema("X-Request-Id"),
        json!({ "type": "string", "minLength": 1, "maxLength": 64 })
    );
    assert_eq!(
        schema("X-RateLimit-Limit"),
        json!({ "type": "integer", "minimum": 1 })
    );
    assert_eq!(
        schema("X-RateLimit-Remaining"),
        json!({ "type": "integer", "minimum": 0 })
    );
    assert_eq!(
        schema("X-RateLimit-Reset"),
        json!({ "type": "integer", "format": "int64", "minimum": 0 })
    );
    assert_eq!(
        schema("Retry-After"),
        json!({ "type": "integer", "minimum": 1 })
    );
    let challenge = bare(operation()["responses"]["401"]["headers"]["WWW-Authenticate"].clone());
    assert_eq!(
        challenge["schema"],
        json!({ "type": "string", "enum": ["Bearer"] })
    );
}

#[test]
fn the_components_are_those_of_the_contract() {
    let document = document();
    let names: Vec<&str> = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "ApiError",
            "ErrorResponse",
            "MediaItem",
            "MediaList",
            "MediaListResponse",
            "MediaStatus",
            "MediaType",
            "Meta",
            "Pagination"
        ]
    );
}

#[test]
fn the_item_is_constrained_to_the_last_member() {
    let timestamp = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$";
    assert_eq!(
        bare(schema("MediaItem")["properties"].clone()),
        json!({
            "media_id": { "type": "string", "format": "uuid" },
            "status": { "$ref": "#/components/schemas/MediaStatus" },
            "type": { "$ref": "#/components/schemas/MediaType" },
            "filename": { "type": "string", "minLength": 1, "maxLength": 255 },
            "content_type": {
                "type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$", "maxLength": 127
            },
            "size": { "type": "integer", "format": "int64", "minimum": 0 },
            "width": { "type": ["integer", "null"], "format": "int32", "minimum": 1 },
            "height": { "type": ["integer", "null"], "format": "int32", "minimum": 1 },
            "duration": { "type": ["number", "null"], "format": "double", "minimum": 0 },
            "created_at": { "type": "string", "format": "date-time", "pattern": timestamp },
        })
    );
}

#[test]
fn every_member_but_the_details_is_required() {
    for name in [
        "MediaListResponse",
        "ErrorResponse",
        "MediaList",
        "MediaItem",
        "Meta",
        "Pagination",
    ] {
        let schema = schema(name);
        let required: BTreeSet<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let members: BTreeSet<&str> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(required, members, "{name}");
    }
    assert_eq!(schema("ApiError")["required"], json!(["code", "message"]));
}

#[test]
fn the_silent_member_of_the_envelope_is_null_and_nothing_else() {
    let null = json!({ "type": "null" });
    assert_eq!(
        bare(schema("MediaListResponse")["properties"]["error"].clone()),
        null
    );
    assert_eq!(
        bare(schema("ErrorResponse")["properties"]["data"].clone()),
        null
    );
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(
                    members
                        .get("$ref")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
                members
                    .values()
                    .for_each(|member| references(member, found));
            }
            Value::Array(elements) => elements.iter().for_each(|one| references(one, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

#[test]
fn it_is_served_without_a_key_and_uncounted() {
    let app = App::new(FakeLibrary::listing(Behaviour::Answer));
    let server = TestServer::start(app);
    let answer = send(server.address, "GET", "/v1/openapi.json", &[]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), document());
    assert!(answer.has_no_rate_headers());
    assert!(answer.header("x-request-id").is_some());
}

#[test]
fn only_reading_it_is_public() {
    let app = App::new(FakeLibrary::listing(Behaviour::Answer));
    let server = TestServer::start(app);
    let status = |method| send(server.address, method, "/v1/openapi.json", &[]).status;
    assert_eq!(status("HEAD"), 200);
    assert_eq!(status("POST"), 401);
}
