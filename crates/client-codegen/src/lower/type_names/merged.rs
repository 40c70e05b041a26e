//! Properties of `allOf` members whose type would have the name of a component.
//!
//! typify merges the members of a schema and names the types inside after the whole: the property `kind`
//! of a member of `Shape` would become another `ShapeKind`. If the properties are declared by the schema
//! itself, the renaming sees them.

use openapi_contract::rust_names::{property_type, type_name};
use serde_json::Value;

use super::super::all_of::union_count;
use super::super::merged_object::MergedObject;
use super::super::rewrite_log::RewriteLog;
use super::super::unused_names::component_types;
use super::super::walk::{self, Object};
use super::{EXACT, makes_type};

/// Moves the properties of members whose name is taken into the schema itself.
pub(super) fn lower(document: &mut Value, log: &mut RewriteLog<'_>) {
    let names = component_types(document);
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
        // typify merges each property with `additionalProperties` of other members, so that a reference
        // becomes a new type.
        let keeps_undeclared = whole.keeps_undeclared();
        let taken = whole.properties().find_map(|(property, schema)| {
            let called = type_name(&property_type(&type_name(name), property));
            let is_named_by_location =
                || is_named_by_location(schema) || keeps_undeclared && schema.get("$ref").is_some();
            (names.contains(&called) && is_named_by_location()).then_some(called)
        });
        let Some(taken) = taken else { continue };
        let message = format!(
            "the `allOf` members are merged into one object, because a property and another type are called `{taken}`"
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

/// Whether a property becomes a type that is named by its location.
fn is_named_by_location(property: &Value) -> bool {
    let is_own = |object: &Object| !object.contains_key("$ref") && !object.contains_key("title");
    property
        .as_object()
        .is_some_and(|object| is_own(object) && makes_type(object))
}
