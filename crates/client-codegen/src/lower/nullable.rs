//! Moves `nullable` from components that are enums or unions to the references to them.
//!
//! Progenitor makes such a component a struct around an `Option` of itself.

use std::collections::HashSet;

use serde_json::Value;

use super::rewrite::like;
use super::walk::{self, Object};
use super::{Draft, Says};

const SAYS: Says = Says::lossless("nullable");

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, notes, .. } = draft;
    let mut moved = HashSet::new();
    for (name, schema) in walk::components_mut(value).into_iter().flatten() {
        let Some(schema) = schema.as_object_mut() else {
            continue;
        };
        if !walk::is_true(schema, "nullable") || !is_choice(schema) {
            continue;
        }
        let message = format!("`null` is allowed where `{name}` is referred to");
        notes.object_note(SAYS, schema, Some("nullable"), None, message);
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
        // A component that is another one is no place where it is used.
        if schema.as_object().and_then(walk::referred).is_none() {
            below(schema, &moved);
        }
    }
    walk::operations(value, &mut |_, operation| {
        // No parameter can be sent as `null`.
        let parameters = operation.shift_remove("parameters");
        for schema in walk::of_operation(operation) {
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
    if walk::referred(object).is_some_and(|name| moved.contains(name)) {
        wrap(object);
        return;
    }
    // What holds together is null when all of it can be.
    let holds_alone = walk::elements(object.get("allOf")).count() == 1;
    for (key, value) in object.iter_mut() {
        match key.as_str() {
            "properties" => {
                walk::members_mut(Some(value)).for_each(|(_, inner)| below(inner, moved))
            }
            "items" | "additionalProperties" => below(value, moved),
            "anyOf" | "oneOf" => {
                walk::elements_mut(Some(value)).for_each(|part| below(part, moved))
            }
            "allOf" => {
                for part in walk::elements_mut(Some(value)) {
                    let is_moved = part
                        .as_object()
                        .and_then(walk::referred)
                        .is_some_and(|name| moved.contains(name));
                    if !is_moved || holds_alone {
                        below(part, moved);
                    }
                }
            }
            _ => {}
        }
    }
    // A wrapped reference in `allOf` is the schema itself.
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
    *reference = like(&inner);
    reference.insert("nullable".to_owned(), Value::Bool(true));
    reference.insert("allOf".to_owned(), Value::Array(vec![Value::Object(inner)]));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::cases::{answers, contract, lowered};

    #[test]
    fn null_is_allowed_where_the_component_is_used() {
        let outcome = lowered(&contract(
            answers(
                json!({ "type": "object", "required": ["level", "levels"], "properties": {
                "level": { "$ref": "#/components/schemas/Level" },
                "levels": { "type": "array", "items": { "$ref": "#/components/schemas/Level" } },
            } }),
            ),
            json!({ "Level": { "type": "string", "nullable": true, "enum": ["low", "high", null] } }),
        ));
        assert!(outcome.is_lossless(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(
            code.contains("publevel:::std::option::Option<Level>"),
            "{code}"
        );
        assert!(
            code.contains("publevels:::std::vec::Vec<::std::option::Option<Level>>"),
            "{code}"
        );
    }
}
