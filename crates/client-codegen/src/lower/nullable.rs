//! Moves `nullable` from components that are enums or unions to the references to them.
//!
//! progenitor would make such a component a newtype around an `Option`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::draft_markers::empty_with_origin;
use super::walk::{self, Object};
use super::{Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::NULLABLE);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let mut moved = HashSet::new();
    for (name, schema) in walk::components_mut(value).into_iter().flatten() {
        let Some(schema) = schema.as_object_mut() else {
            continue;
        };
        if !walk::is_true(schema, "nullable") || !is_choice(schema) {
            continue;
        }
        let message = format!("`nullable` moves from `{name}` to the references to it");
        log.record_object(EXACT, schema, Some("nullable"), None, message);
        schema.shift_remove("nullable");
        if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
            && values.len() > 1
        {
            values.retain(|value| !value.is_null());
        }
        moved.insert(name.clone());
    }
    if moved.is_empty() {
        return;
    }
    for schema in walk::components_mut(value)
        .into_iter()
        .flat_map(|all| all.values_mut())
    {
        // A component that only refers to another one is an alias, not a use.
        if schema
            .as_object()
            .and_then(walk::referenced_component)
            .is_none()
        {
            below(schema, &moved);
        }
    }
    walk::operations(value, &mut |_, operation| {
        // A parameter cannot be null.
        let parameters = operation.shift_remove("parameters");
        for schema in walk::operation_schemas(operation) {
            below(schema, &moved);
        }
        operation.extend(parameters.map(|all| ("parameters".to_owned(), all)));
    });
}

/// Whether a schema is an enum or a union.
pub(super) fn is_choice(schema: &Object) -> bool {
    let keys = ["enum", "oneOf", "anyOf", "allOf"];
    keys.iter().any(|key| schema.contains_key(*key))
}

fn below(schema: &mut Value, moved: &HashSet<String>) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if walk::referenced_component(object).is_some_and(|name| moved.contains(name)) {
        wrap(object);
        return;
    }
    // An `allOf` of several members is only nullable if all of them are.
    let is_only_member = walk::elements(object.get("allOf")).count() == 1;
    for (key, value) in object.iter_mut() {
        match key.as_str() {
            "properties" => {
                walk::entries_mut(Some(value)).for_each(|(_, inner)| below(inner, moved))
            }
            "items" | "additionalProperties" => below(value, moved),
            "anyOf" | "oneOf" => {
                walk::elements_mut(Some(value)).for_each(|part| below(part, moved))
            }
            "allOf" => {
                for part in walk::elements_mut(Some(value)) {
                    let is_moved = part
                        .as_object()
                        .and_then(walk::referenced_component)
                        .is_some_and(|name| moved.contains(name));
                    if !is_moved || is_only_member {
                        below(part, moved);
                    }
                }
            }
            _ => {}
        }
    }
    // An `allOf` with one wrapped reference is unwrapped.
    let only = match object
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([Value::Object(only)]) if walk::is_true(only, "nullable") => {
            only.get("allOf").cloned()
        }
        _ => None,
    };
    if let Some(parts) = only {
        object.insert("allOf".to_owned(), parts);
        object.insert("nullable".to_owned(), Value::Bool(true));
    }
}

fn wrap(reference: &mut Object) {
    let inner = std::mem::take(reference);
    *reference = empty_with_origin(&inner);
    reference.insert("nullable".to_owned(), Value::Bool(true));
    reference.insert("allOf".to_owned(), Value::Array(vec![Value::Object(inner)]));
}

/// The nullable components.
pub(crate) fn components(document: &Value) -> HashSet<&str> {
    let mut known = HashMap::new();
    for (name, _) in walk::components(document) {
        is_nullable(document, name, &mut known);
    }
    let nullable = known.into_iter().filter(|(_, is_nullable)| *is_nullable);
    nullable.map(|(name, _)| name).collect()
}

fn is_nullable<'d>(document: &'d Value, name: &'d str, known: &mut HashMap<&'d str, bool>) -> bool {
    if let Some(known) = known.get(name) {
        return *known;
    }
    // For the recursion, a component is not nullable until proven otherwise.
    known.insert(name, false);
    let schema = walk::component(document, name).and_then(Value::as_object);
    let found = schema
        .is_some_and(|schema| may_be_null(schema, &mut |name| is_nullable(document, name, known)));
    known.insert(name, found);
    found
}

/// Whether the Rust type of a schema allows null.
pub(crate) fn may_be_null<'s>(
    schema: &'s Object,
    component: &mut dyn FnMut(&'s str) -> bool,
) -> bool {
    if walk::is_true(schema, "nullable") {
        return true;
    }
    if let Some(name) = walk::referenced_component(schema) {
        return component(name);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.contains(&Value::Null) && !schema.contains_key("type");
    }
    let mut part_may = |part: &'s Value| {
        let part = part.as_object();
        part.is_some_and(|part| may_be_null(part, component))
    };
    !schema.contains_key("type")
        && ["oneOf", "anyOf"].iter().all(|key| {
            let parts = schema.get(*key);
            parts.is_none() || walk::elements(parts).any(&mut part_may)
        })
        && walk::elements(schema.get("allOf")).all(part_may)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered, responding_with};

    #[test]
    fn nullable_moves_to_the_references() {
        let outcome = lowered(&contract(
            responding_with(
                json!({ "type": "object", "required": ["level", "levels"], "properties": {
                "level": { "$ref": "#/components/schemas/Level" },
                "levels": { "type": "array", "items": { "$ref": "#/components/schemas/Level" } },
            } }),
            ),
            json!({ "Level": { "type": "string", "nullable": true, "enum": ["low", "high", null] } }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(
            code.contains("pub level: ::std::option::Option<Level>"),
            "{code}"
        );
        assert!(
            code.contains("pub levels: ::std::vec::Vec<::std::option::Option<Level>>"),
            "{code}"
        );
    }
}
