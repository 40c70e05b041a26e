//! Lists and maps in requests that may be left out.
//!
//! Typify makes a list of them, which is not sent when it is empty: nobody could empty a list on the
//! server. A list that may also be null is an `Option`, which is left out when it is `None`. What is
//! said of null is said to progenitor alone.

use std::collections::{HashSet, VecDeque};

use openapi_contract::model::is_json;
use serde_json::Value;

use super::rewrite::{Notes, UNSENT_NULL};
use super::walk::{self, Object};
use super::{Draft, Says};

const SAME: Says = Says::lossless("lists");

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, notes, .. } = draft;
    let mut sent = Sent::default();
    walk::operations(value, &mut |_, operation| {
        for schema in bodies(operation) {
            sent.gather(schema);
        }
    });
    let Some(components) = walk::components_mut(value) else {
        return;
    };
    while let Some(name) = sent.next.pop_front() {
        if let Some(schema) = components.get(&name) {
            sent.gather(schema);
        }
    }
    // The parts of others may be required there.
    let mut parts = HashSet::new();
    components
        .values()
        .for_each(|schema| all_of(schema, &mut parts));
    let whole = sent.seen.difference(&parts);
    for name in whole {
        if let Some(schema) = components.get_mut(name) {
            below(schema, None, notes);
        }
    }
    walk::operations(value, &mut |_, operation| {
        let id = walk::text(operation, "operationId").map(str::to_owned);
        for schema in bodies(operation) {
            below(schema, id.as_deref(), notes);
        }
    });
}

/// The schemas of the JSON that an operation sends.
fn bodies(operation: &mut Object) -> Vec<&mut Value> {
    let content = operation
        .get_mut("requestBody")
        .and_then(|body| body.get_mut("content"));
    walk::members_mut(content)
        .filter(|(media_type, _)| is_json(media_type))
        .filter_map(|(_, media_type)| media_type.get_mut("schema"))
        .collect()
}

/// The components that are sent.
#[derive(Default)]
struct Sent {
    seen: HashSet<String>,
    next: VecDeque<String>,
}

impl Sent {
    fn gather(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(name) = walk::referred(object)
                    && self.seen.insert(name.to_owned())
                {
                    self.next.push_back(name.to_owned());
                }
                object.values().for_each(|value| self.gather(value));
            }
            Value::Array(elements) => elements.iter().for_each(|value| self.gather(value)),
            _ => {}
        }
    }
}

/// The components that are parts of others.
fn all_of(value: &Value, parts: &mut HashSet<String>) {
    match value {
        Value::Object(object) => {
            for key in ["allOf", "anyOf"] {
                let named = walk::elements(object.get(key)).filter_map(Value::as_object);
                parts.extend(named.filter_map(walk::referred).map(str::to_owned));
            }
            object.values().for_each(|value| all_of(value, parts));
        }
        Value::Array(elements) => elements.iter().for_each(|value| all_of(value, parts)),
        _ => {}
    }
}

fn below(schema: &mut Value, operation: Option<&str>, notes: &mut Notes<'_>) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    if ["allOf", "anyOf"]
        .iter()
        .any(|key| schema.contains_key(*key))
    {
        return;
    }
    let required: HashSet<String> = walk::elements(schema.get("required"))
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    for (name, property) in walk::members_mut(schema.get_mut("properties")) {
        if let Some(property) = property.as_object_mut()
            && !required.contains(name)
            && is_container(property)
        {
            let message =
                format!("`{name}` is an `Option`: an empty one is sent, and `None` is not");
            notes.object_note(SAME, property, None, operation, message);
            property.insert("nullable".to_owned(), Value::Bool(true));
            property.insert(UNSENT_NULL.to_owned(), Value::Bool(true));
        }
    }
    for inner in walk::inside(schema) {
        below(inner, operation, notes);
    }
}

/// Whether a schema is a list or a map without a default of its own.
fn is_container(schema: &Object) -> bool {
    let is_plain = ![
        "default", "enum", "nullable", "oneOf", "anyOf", "allOf", "not",
    ]
    .iter()
    .any(|key| schema.contains_key(*key));
    // Who says no more than that it is an object takes any members.
    let is_map = || {
        let more = schema.get("additionalProperties");
        ["properties", "required"]
            .iter()
            .all(|key| !schema.contains_key(*key))
            && more != Some(&Value::Bool(false))
    };
    is_plain
        && match walk::text(schema, "type") {
            Some("array") => schema.contains_key("items"),
            Some("object") => is_map(),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::cases::{Outcome, answers, contract, lowered};

    fn sends(schema: Value) -> Outcome {
        lowered(&contract(
            json!({ "/a": { "patch": {
                "operationId": "change",
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Change" } } } },
                "responses": { "204": { "description": "" } },
            } } }),
            json!({ "Change": schema }),
        ))
    }

    fn change(required: Value) -> Value {
        json!({ "type": "object", "required": required, "properties": {
            "labels": { "type": "array", "items": { "type": "string" } },
            "notes": { "type": "object", "additionalProperties": { "type": "string" } } } })
    }

    #[test]
    fn an_optional_list_can_be_sent_empty() {
        let outcome = sends(change(json!(["notes"])));
        assert!(outcome.is_lossless(), "{:#?}", outcome.rewrites);
        let field = "publabels:::std::option::Option<::std::vec::Vec<::std::string::String>>";
        assert!(outcome.code.contains(field), "{}", outcome.code);
        assert!(!outcome.code.contains("pubnotes:::std::option::Option"));
    }

    #[test]
    fn an_optional_map_as_well() {
        let outcome = sends(change(json!(["labels"])));
        assert!(
            outcome.code.contains("pubnotes:::std::option::Option"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn an_object_of_which_nothing_is_said_as_well() {
        let outcome = sends(
            json!({ "type": "object", "minProperties": 1, "properties": {
            "data": { "type": "object" }, "name": { "type": "string" } } }),
        );
        assert!(outcome.is_lossless(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(code.contains("pubdata:::std::option::Option"), "{code}");
    }

    #[test]
    fn what_is_only_received_stays_a_list() {
        let outcome = lowered(&contract(answers(change(json!([]))), json!({})));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }
}
