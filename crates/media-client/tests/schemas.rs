//! The client's own view of the API.
#![cfg(feature = "schemars")]

use media_client::generated::schemas::{parameter_schemas, request_body_schemas, response_schemas};
use serde_json::json;

#[test]
fn every_declared_answer_has_a_schema() {
    let schemas = response_schemas();
    let statuses: Vec<_> = schemas
        .iter()
        .map(|schema| (schema.operation_id, schema.status))
        .collect();
    let expected = ["200", "400", "401", "429", "500"].map(|status| ("list_media", status));
    assert_eq!(statuses, expected);
}

#[test]
fn null_and_required_members_are_as_strict_as_the_client() {
    let schemas = response_schemas();
    let page = schemas[0].schema.as_value();
    assert_eq!(page["properties"]["error"]["type"], "null");
    assert_eq!(page["required"], json!(["data", "error", "meta"]));
    let item = &page["$defs"]["MediaItem"];
    assert_eq!(
        item["properties"]["width"]["type"],
        json!(["integer", "null"])
    );
    assert_eq!(item["required"].as_array().map(Vec::len), Some(10));
    assert_eq!(item["properties"]["media_id"]["format"], "uuid");
    assert_eq!(item["properties"]["created_at"]["format"], "date-time");
    assert_eq!(
        schemas[1].schema.as_value()["properties"]["data"]["type"],
        "null"
    );
}

#[test]
fn parameters_are_as_they_are_sent() {
    let schemas = parameter_schemas();
    let names: Vec<_> = schemas
        .iter()
        .map(|p| (p.operation_id, p.location, p.name, p.required))
        .collect();
    let expected = ["limit", "offset", "type"].map(|name| ("list_media", "query", name, false));
    assert_eq!(names, expected);
    assert_eq!(schemas[0].schema.as_value()["minimum"], 1);
    assert!(request_body_schemas().is_empty());
}
