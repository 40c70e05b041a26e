//! One type for different bodies.

use serde_json::{Map, Value, json};

use super::super::draft_markers::BY_STATUS;
use super::super::plain_schema::plain;
use super::super::unused_names::unused_name;
use super::super::walk::{self, SCHEMAS};
use super::content::{preferred_media_type, schema_of};
use super::{EXACT, ResponseLowering};

impl ResponseLowering<'_, '_> {
    /// One schema for the JSON bodies of several responses.
    pub(super) fn union(&mut self, statuses: &[String], called: &str) -> Value {
        let mut parts: Vec<(Value, Value, String)> = Vec::new();
        for status in statuses {
            let Some(schema) = self.responses.get(status).and_then(schema_of).cloned() else {
                continue;
            };
            let plain = plain(&schema);
            if !parts.iter().any(|(_, other, _)| *other == plain) {
                parts.push((schema, plain, status.clone()));
            }
        }
        if let [(only, ..)] = parts.as_slice() {
            return only.clone();
        }
        let list: Vec<String> = statuses.to_vec();
        let message = format!(
            "the bodies of {} become one union type; each status has its own alternative",
            list.join(", ")
        );
        self.log.record_object(
            EXACT,
            self.origin,
            Some("responses"),
            Some(self.id),
            message,
        );
        // The most specific type is tried first.
        parts.sort_by_key(|(schema, ..)| {
            let name = schema.as_object().and_then(walk::referenced_component);
            let weight_of = name.and_then(|name| self.shapes.get(name).copied());
            std::cmp::Reverse(weight_of.unwrap_or_else(|| weight(schema)))
        });
        let mut references = Vec::new();
        for (schema, plain, status) in parts {
            let is_reference = schema
                .as_object()
                .is_some_and(|one| one.contains_key("$ref"));
            if is_reference {
                references.push(schema);
            } else {
                let name = unused_name(self.taken, &format!("{}_{called}_{status}", self.id));
                let reference = self.component(&name, schema);
                self.replace_by_reference(&plain, &reference);
                references.push(reference);
            }
        }
        let name = unused_name(self.taken, &format!("{}_{called}", self.id));
        let union = Map::from_iter([
            ("oneOf".to_owned(), Value::Array(references)),
            (BY_STATUS.to_owned(), Value::Bool(true)),
        ]);
        self.component(&name, Value::Object(union))
    }

    /// Replaces this schema by a reference in the responses of the contract.
    fn replace_by_reference(&mut self, schema: &Value, reference: &Value) {
        for (_, response) in &mut self.kept {
            let Some(content) = walk::object_mut(response.get_mut("content")) else {
                continue;
            };
            let Some(chosen) = preferred_media_type(content) else {
                continue;
            };
            if let Some(media_type) = walk::object_mut(content.get_mut(&chosen))
                && let Some(written) = media_type.get_mut("schema")
                && plain(written) == *schema
            {
                *written = reference.clone();
            }
        }
    }

    pub(super) fn component(&mut self, name: &str, schema: Value) -> Value {
        // A reference does not need a component.
        if schema
            .as_object()
            .is_some_and(|one| one.contains_key("$ref"))
        {
            return schema;
        }
        self.new.push((name.to_owned(), schema));
        json!({ "$ref": format!("{SCHEMAS}{name}") })
    }
}

/// How specific a schema is: how much a value must have to match it.
pub(super) fn weight(schema: &Value) -> usize {
    let Some(object) = schema.as_object() else {
        return 0;
    };
    let required = walk::elements(object.get("required")).count();
    let closed = usize::from(object.get("additionalProperties") == Some(&Value::Bool(false)));
    let parts = walk::elements(object.get("allOf"))
        .map(weight)
        .sum::<usize>();
    let scalar = match walk::string(object, "type") {
        Some("object") | None => 0,
        Some(_) => 1000,
    };
    2 * required + closed + parts + scalar
}
