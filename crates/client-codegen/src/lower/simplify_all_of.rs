//! Removes redundant `allOf` members, and unwraps combinators of one schema.
//!
//! typify merges empty and repeated members like any other. It also makes a type of each schema that is
//! alone in a nested combinator, and gives all of them the same name.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::draft_markers::is_marker;
use super::merged_object::{flatten_all_of, is_annotation, sole_subschema_beside, unwrap_wrappers};
use super::walk::{self, Object};
use super::{Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::SIMPLIFY_ALL_OF);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let others = aliases(value);
    walk::schemas(value, &mut |schema, operation| {
        if let Some(parts) = needed_members(schema, &others) {
            let message = "empty or repeated `allOf` members are removed";
            log.record_object(EXACT, schema, Some("allOf"), operation, message);
            keep_members(schema, parts);
        }
        while let Some((key, inner)) = sole_inner(schema) {
            let (key, inner) = (key.to_owned(), inner.clone());
            let message = format!("`{key}` of one schema is replaced by that schema");
            log.record_object(EXACT, schema, Some(&key), operation, message);
            schema.shift_remove(&key);
            if walk::referenced_component(&inner).is_some() {
                schema.insert("allOf".to_owned(), Value::from_iter([inner]));
                return;
            }
            for (key, value) in inner {
                schema.entry(key).or_insert(value);
            }
        }
    });
}

/// The components that are aliases of other components, with the names of these.
fn aliases(document: &Value) -> HashMap<String, String> {
    let other = |(name, schema): (&str, &Value)| {
        let (_, other) = unwrap_wrappers(document, schema.as_object()?);
        Some((name.to_owned(), other?.to_owned()))
    };
    walk::components(document).filter_map(other).collect()
}

/// The members that are neither empty nor repeated; nothing if all are.
fn needed_members(schema: &Object, others: &HashMap<String, String>) -> Option<Vec<Value>> {
    let all = schema.get("allOf")?.as_array()?;
    let mut parts = Vec::new();
    for part in all.iter().filter_map(Value::as_object) {
        flatten_all_of(part, &mut parts);
    }
    let before = parts.len();
    let mut seen = HashSet::new();
    parts.retain(|part| {
        let name = walk::referenced_component(part);
        let name = name.map(|name| others.get(name).map_or(name, String::as_str));
        let constrains = part.keys().any(|key| !is_annotation(key));
        constrains && name.is_none_or(|name| seen.insert(name))
    });
    let is_less = parts.len() < before;
    is_less.then(|| {
        let parts = parts.into_iter().cloned();
        parts.map(Value::Object).collect()
    })
}

/// Keeps these members of a schema, and moves the annotations of the others to it.
fn keep_members(schema: &mut Object, parts: Vec<Value>) {
    let all = schema.shift_remove("allOf");
    for part in walk::elements(all.as_ref()).filter(|part| !parts.contains(part)) {
        for (key, value) in part.as_object().into_iter().flatten() {
            if key != "title" && is_annotation(key) && !is_marker(key) {
                schema.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
    }
    if !parts.is_empty() {
        schema.insert("allOf".to_owned(), Value::Array(parts));
    }
}

/// The only member of a combinator, with the combinator's key, if nothing but `nullable` is next to it.
/// An `allOf` of one reference, and a nullable reference, stay as they are.
fn sole_inner(schema: &Object) -> Option<(&str, &Object)> {
    let (key, inner) = sole_subschema_beside(schema, "nullable")?;
    let is_named = walk::referenced_component(inner).is_some();
    let is_right = is_named && (key == "allOf" || schema.contains_key("nullable"));
    let is_tagged = schema.contains_key("discriminator");
    (!is_right && !is_tagged).then_some((key, inner))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, contract, lowered, responding_with};

    fn model(schema: Value) -> Outcome {
        let user = json!({ "$ref": "#/components/schemas/User" });
        lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Model" })),
            json!({
                "Model": schema,
                "User": { "type": "object", "properties": { "login": { "type": "string" } } },
                "Person": user,
            }),
        ))
    }

    #[test]
    fn only_alternative_is_unwrapped() {
        for schema in [
            json!({ "oneOf": [{ "allOf": [{ "enum": ["z"] }], "nullable": true }] }),
            json!({ "anyOf": [{ "allOf": [{ "$ref": "#/components/schemas/User" }] }] }),
            json!({ "allOf": [{ "allOf": [{ "required": ["login"] }], "nullable": true }] }),
            json!({ "anyOf": [{ "properties": { "login": {} } }], "nullable": true }),
        ] {
            let outcome = model(schema);
            assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        }
    }

    #[test]
    fn annotations_of_removed_members_are_kept() {
        let outcome = model(
            json!({ "type": "object", "properties": { "owner": { "allOf": [
            { "$ref": "#/components/schemas/User" },
            { "description": "Whose it is." },
            { "deprecated": true },
        ] } } }),
        );
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code.contains("///Whoseitis."), "{}", outcome.code);
    }

    #[test]
    fn repeated_member_is_removed() {
        let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let outcome = model(json!({ "allOf": [of("User"), {}, { "allOf": [of("Person")] }] }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(
            outcome.code.contains("pub struct Model(pubUser)"),
            "{}",
            outcome.code
        );
    }
}
