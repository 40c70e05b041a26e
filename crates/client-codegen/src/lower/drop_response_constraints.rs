//! Drops the length and pattern of strings that only occur in responses.
//!
//! The field becomes a `String` instead of a newtype that would only serve to reject a whole response
//! once the server allows a longer file name. Strings that the client sends keep their checks, and so do
//! those that distinguish the alternatives of a `oneOf` or `anyOf`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::rewrite_log::RewriteLog;
use super::walk::{self, ORIGINAL_RESPONSES};
use super::{Draft, PassKind};
use crate::http_methods::METHODS;
use crate::references::collect_references;
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::DROP_RESPONSE_CONSTRAINTS);

const CONSTRAINTS: [&str; 3] = ["minLength", "maxLength", "pattern"];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let kept = constrained_components(value);
    for (name, schema) in walk::components_mut(value).into_iter().flatten() {
        if !kept.contains(&format!("#/components/schemas/{name}")) {
            drop_constraints(schema, None, log);
        }
    }
    walk::operations(value, &mut |_, operation| {
        let id = walk::string(operation, "operationId").map(str::to_owned);
        for key in ["responses", ORIGINAL_RESPONSES] {
            for (_, response) in walk::entries_mut(operation.get_mut(key)) {
                for (_, media_type) in walk::entries_mut(response.get_mut("content")) {
                    if let Some(schema) = media_type.get_mut("schema") {
                        drop_constraints(schema, id.as_deref(), log);
                    }
                }
            }
        }
    });
}

/// Drops the constraints of all strings in a schema, and records it once.
fn drop_constraints(schema: &mut Value, operation: Option<&str>, log: &mut RewriteLog<'_>) {
    let count = drop_in(schema);
    let Some(object) = schema.as_object().filter(|_| count > 0) else {
        return;
    };
    let message = match count {
        1 => "the length or pattern of a string is dropped, because only the server sends it"
            .to_owned(),
        _ => format!(
            "the length or pattern of {count} strings is dropped, because only the server sends them"
        ),
    };
    log.record_object(EXACT, object, None, operation, message);
}

/// Drops the constraints of the strings in a schema, and counts these.
fn drop_in(schema: &mut Value) -> usize {
    let Some(schema) = schema.as_object_mut() else {
        return 0;
    };
    let mut count = 0;
    if walk::string(schema, "type") == Some("string") && !schema.contains_key("enum") {
        let before = schema.len();
        schema.retain(|key, _| !CONSTRAINTS.contains(&key.as_str()));
        count += usize::from(schema.len() < before);
    }
    for (_, property) in walk::entries_mut(schema.get_mut("properties")) {
        count += drop_in(property);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key) {
            count += drop_in(inner);
        }
    }
    for part in walk::elements_mut(schema.get_mut("allOf")) {
        count += drop_in(part);
    }
    count
}

/// The references to the components that keep their constraints.
fn constrained_components(document: &Value) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    for item in document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::values)
    {
        for operation in METHODS.iter().filter_map(|method| item.get(method)) {
            collect_references(document, operation.get("parameters"), &mut reached);
            collect_references(document, operation.get("requestBody"), &mut reached);
        }
    }
    reach_choices(document, document, &mut reached);
    reached
}

fn reach_choices(document: &Value, value: &Value, reached: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for key in ["oneOf", "anyOf", "not"] {
                collect_references(document, object.get(key), reached);
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

    use crate::test_support::{contract, lowered};

    #[test]
    fn only_response_strings_lose_their_constraints() {
        let text = json!({ "type": "string", "minLength": 1, "pattern": "^a" });
        let mut document = contract(json!({}), json!({}));
        let parts = json!({
            "paths": { "/a": { "post": {
                "operationId": "a",
                "requestBody": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Sent" } } } },
                "responses": { "200": { "description": "", "content": { "application/json": {
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
        });
        document["paths"] = parts["paths"].clone();
        document["components"] = parts["components"].clone();
        let outcome = lowered(&document);
        let lowered = outcome.draft;
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
        let response = &lowered["paths"]["/a"]["post"]["responses"]["200"];
        assert_eq!(
            response["content"]["application/json"]["schema"]["items"],
            plain
        );
    }
}
