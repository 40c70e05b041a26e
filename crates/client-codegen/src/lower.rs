//! Rewrites a contract into what makes a good client, before progenitor sees it.
//!
//! One rule so far. The length and pattern of a string that only ever comes *from* the server are
//! dropped: the field becomes a plain `String`, where it would be a newtype whose only use is to
//! refuse the whole answer when the server one day allows a longer file name. What the client
//! *sends* keeps its checks, and so does what tells the variants of a `oneOf` or `anyOf` apart.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::engine::METHODS;
use crate::references::reach;

const CONSTRAINTS: [&str; 3] = ["minLength", "maxLength", "pattern"];

/// The contract that progenitor is given.
pub(crate) fn lower(document: &Value) -> Value {
    let kept = checked_components(document);
    let mut lowered = document.clone();
    let Some(root) = lowered.as_object_mut() else {
        return lowered;
    };

    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        for (name, schema) in members(components.get_mut("schemas")) {
            if !kept.contains(&format!("#/components/schemas/{name}")) {
                relax(schema);
            }
        }
        for (_, response) in members(components.get_mut("responses")) {
            relax_response(response);
        }
    }
    for (_, item) in members(root.get_mut("paths")) {
        for (_, operation) in members(Some(item)).filter(|(key, _)| METHODS.contains(key)) {
            for (_, response) in members(operation.get_mut("responses")) {
                relax_response(response);
            }
        }
    }
    lowered
}

fn members(value: Option<&mut Value>) -> impl Iterator<Item = (&str, &mut Value)> {
    value
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::iter_mut)
        .map(|(key, value)| (key.as_str(), value))
}

fn relax_response(response: &mut Value) {
    for (_, media_type) in members(response.get_mut("content")) {
        if let Some(schema) = media_type.get_mut("schema") {
            relax(schema);
        }
    }
}

fn relax(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    if schema.get("type").and_then(Value::as_str) == Some("string") && !schema.contains_key("enum")
    {
        schema.retain(|key, _| !CONSTRAINTS.contains(&key.as_str()));
    }
    for (_, property) in members(schema.get_mut("properties")) {
        relax(property);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key) {
            relax(inner);
        }
    }
    for part in schema
        .get_mut("allOf")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        relax(part);
    }
}

/// The references to all components that keep their checks.
fn checked_components(document: &Value) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let components = document.get("components");
    for kind in ["parameters", "requestBodies"] {
        reach(
            document,
            components.and_then(|all| all.get(kind)),
            &mut reached,
        );
    }
    for item in document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::values)
    {
        reach(document, item.get("parameters"), &mut reached);
        for operation in METHODS.iter().filter_map(|method| item.get(method)) {
            reach(document, operation.get("parameters"), &mut reached);
            reach(document, operation.get("requestBody"), &mut reached);
        }
    }
    reach_choices(document, document, &mut reached);
    reached
}

fn reach_choices(document: &Value, value: &Value, reached: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for key in ["oneOf", "anyOf", "not"] {
                reach(document, object.get(key), reached);
            }
            object
                .values()
                .for_each(|inner| reach_choices(document, inner, reached));
        }
        Value::Array(array) => {
            array
                .iter()
                .for_each(|inner| reach_choices(document, inner, reached));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::lower;

    #[test]
    fn only_what_comes_from_the_server_loses_its_checks() {
        let text = json!({ "type": "string", "minLength": 1, "pattern": "^a" });
        let lowered = lower(&json!({
            "paths": { "/a": { "post": {
                "requestBody": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Sent" } } } },
                "responses": { "200": { "content": { "application/json": {
                    "schema": { "type": "array", "items": text } } } } }
            } } },
            "components": { "schemas": {
                "Sent": { "properties": { "inner": { "$ref": "#/components/schemas/Inner" } } },
                "Inner": text,
                "Received": { "properties": { "a": text, "b": { "additionalProperties": text } } },
                "Choice": { "oneOf": [{ "$ref": "#/components/schemas/Variant" }, text] },
                "Variant": { "properties": { "kind": text } },
                "Enumerated": { "type": "string", "maxLength": 3, "enum": ["abc"] },
            } }
        }));
        let plain = json!({ "type": "string" });
        let schemas = &lowered["components"]["schemas"];
        assert_eq!(schemas["Inner"], text);
        assert_eq!(schemas["Received"]["properties"]["a"], plain);
        assert_eq!(
            schemas["Received"]["properties"]["b"]["additionalProperties"],
            plain
        );
        assert_eq!(schemas["Variant"]["properties"]["kind"], text);
        assert_eq!(schemas["Choice"]["oneOf"][1], text);
        assert_eq!(schemas["Enumerated"]["maxLength"], 3);
        let answer = &lowered["paths"]["/a"]["post"]["responses"]["200"];
        assert_eq!(
            answer["content"]["application/json"]["schema"]["items"],
            plain
        );
    }

    #[test]
    fn a_cycle_of_references_ends() {
        let document = json!({ "components": { "schemas": {
            "A": { "oneOf": [{ "$ref": "#/components/schemas/A" }] } } } });
        assert_eq!(lower(&document), document);
    }
}
