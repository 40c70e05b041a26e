//! Members of merged parts whose type would be called as a component.
//!
//! Typify merges the parts of a schema and calls the types inside by the whole: `kind` of the part
//! `ShapeKind` of a `Shape` would be another `ShapeKind`. Where all members stand in the whole itself,
//! they are seen, and named as all others.

use std::collections::HashSet;

use openapi_contract::rust_names::{property_type, type_name};
use serde_json::Value;

use super::super::all_of::union_count;
use super::super::merged_object::MergedObject;
use super::super::rewrite_log::RewriteLog;
use super::super::walk::{self, Object};
use super::{EXACT, makes_type};

/// Writes the members of parts that meet a component into the whole.
pub(super) fn lower(document: &mut Value, log: &mut RewriteLog<'_>) {
    let names = walk::components(document).map(|(name, _)| type_name(name));
    let names: HashSet<String> = names.collect();
    let mut changed = Vec::new();
    for (name, schema) in walk::components(document) {
        let Some(object) = schema.as_object() else {
            continue;
        };
        let refers = walk::elements(object.get("allOf"))
            .filter_map(Value::as_object)
            .any(|part| part.contains_key("$ref"));
        if !refers || union_count(document, object) > 0 {
            continue;
        }
        let Some(whole) = MergedObject::of(document, schema) else {
            continue;
        };
        // Typify merges each property with what other parts let in, and has a new type of a reference.
        let lets_any_in = whole.keeps_undeclared();
        let met = whole.properties().find_map(|(property, schema)| {
            let called = type_name(&property_type(&type_name(name), property));
            let is_called = || is_called(schema) || lets_any_in && schema.get("$ref").is_some();
            (names.contains(&called) && is_called()).then_some(called)
        });
        let Some(met) = met else { continue };
        let message = format!(
            "another type is called `{met}` as that of a property of the parts: they are one object"
        );
        log.record_object(EXACT, object, Some("allOf"), None, message);
        let mut object = object.clone();
        for key in ["allOf", "properties", "required", "additionalProperties"] {
            object.shift_remove(key);
        }
        whole.write(&mut object);
        changed.push((name.to_owned(), Value::Object(object)));
    }
    if let Some(components) = walk::components_mut(document) {
        components.extend(changed);
    }
}

/// Whether a type is made of a property that is called by its place.
fn is_called(property: &Value) -> bool {
    let is_own = |object: &Object| !object.contains_key("$ref") && !object.contains_key("title");
    property
        .as_object()
        .is_some_and(|object| is_own(object) && makes_type(object))
}
