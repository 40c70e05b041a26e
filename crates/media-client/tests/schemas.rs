//! The JSON Schemas of the client's types.
#![cfg(feature = "schemars")]

use media_client::generated::parameters;
use media_client::generated::schemas::{parameter_schemas, response_schemas};
use serde_json::{Value, json};

/// The schema of a response of `list_media`.
fn response_schema(status: &str) -> Value {
    let schemas = response_schemas();
    let schema = schemas
        .into_iter()
        .find(|schema| schema.operation_id == "list_media" && schema.status == status);
    schema.expect(status).schema.to_value()
}

#[test]
fn null_and_required_properties_are_as_strict_as_the_client() {
    let page = response_schema("200");
    assert_eq!(page["properties"]["error"]["type"], "null");
    assert_eq!(page["required"], json!(["data", "error", "meta"]));
    let item = &page["$defs"]["MediaItem"];
    assert_eq!(
        item["properties"]["width"]["type"],
        json!(["integer", "null"])
    );
    let required = item["required"].as_array().expect("an array");
    assert!(required.contains(&json!("width")), "{required:?}");
    assert_eq!(item["properties"]["media_id"]["format"], "uuid");
    assert_eq!(item["properties"]["created_at"]["format"], "date-time");
    assert_eq!(response_schema("400")["properties"]["data"]["type"], "null");
}

#[test]
fn parameters_have_their_location_and_bounds() {
    let schemas = parameter_schemas();
    let limit = schemas
        .iter()
        .find(|parameter| parameter.operation_id == "list_media" && parameter.name == "limit")
        .expect("a parameter");
    assert_eq!((limit.location, limit.required), ("query", false));
    // The bounds of its type, `u64`. Those of the contract are constants.
    assert_eq!(limit.schema.as_value()["minimum"], 0);
    assert_eq!(parameters::list_media::LIMIT_MIN, 1);
}
