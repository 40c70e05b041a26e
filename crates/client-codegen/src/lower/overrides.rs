//! Properties that a part of an `allOf` narrows, in schemas that contain themselves.
//!
//! A tree whose base has a `child` of the base's type, and whose own `child` is of its own type: typify
//! merges both, and so what is inside of them, without an end. Of two types of which one is all of the
//! other, the narrower says everything.

use std::collections::HashSet;

use serde_json::Value;

use super::joined::Whole;
use super::walk::{self, Object};
use super::{Draft, Says};

const SAME: Says = Says::lossless("cycles");

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, notes, .. } = draft;
    let mut settled: Vec<(String, Whole)> = Vec::new();
    for (name, schema) in walk::components(value) {
        let Some(object) = schema.as_object().filter(|object| overrides(object)) else {
            continue;
        };
        if leads_to(value, object, name)
            && let Some(mut whole) = Whole::of(value, schema)
            && whole.settle(&|narrower, wider| extends(value, narrower, wider))
        {
            settled.push((name.to_owned(), whole));
        }
    }
    let Some(components) = walk::components_mut(value) else {
        return;
    };
    for (name, whole) in settled {
        if let Some(schema) = walk::object_mut(components.get_mut(&name)) {
            let message = format!(
                "`{name}` narrows what it contains itself: it is one object with the properties of all parts"
            );
            notes.object_note(SAME, schema, Some("allOf"), None, message);
            schema.shift_remove("allOf");
            whole.write(schema);
        }
    }
}

/// Whether a schema has parts, and refers to something in properties of its own.
fn overrides(schema: &Object) -> bool {
    let refers = |property: &Value| target(property).is_some();
    let says = |part: &Value| walk::members(part.get("properties")).any(|(_, one)| refers(one));
    let mut parts = walk::elements(schema.get("allOf"));
    schema.contains_key("allOf")
        && (parts.any(says) || walk::members(schema.get("properties")).any(|(_, one)| refers(one)))
}

/// The component that a property is, or is a list of.
fn target(property: &Value) -> Option<(bool, &str)> {
    let object = property.as_object()?;
    match walk::referred(object) {
        Some(name) => Some((false, name)),
        None => Some((true, walk::referred(object.get("items")?.as_object()?)?)),
    }
}

/// Whether a schema is all of another: each value of it is one of the other.
fn extends(document: &Value, narrower: &Value, wider: &Value) -> bool {
    let (Some((is_list, narrower)), Some((is_other_list, wider))) =
        (target(narrower), target(wider))
    else {
        return false;
    };
    let mut seen = HashSet::new();
    let mut todo = vec![narrower];
    while let Some(name) = todo.pop() {
        if name == wider {
            return is_list == is_other_list;
        }
        if seen.insert(name) {
            let schema = component(document, name);
            let parts = walk::elements(schema.and_then(|schema| schema.get("allOf")));
            todo.extend(parts.filter_map(|part| walk::referred(part.as_object()?)));
        }
    }
    false
}

/// Whether what a schema refers to leads to a component.
fn leads_to(document: &Value, schema: &Object, name: &str) -> bool {
    let mut seen = HashSet::new();
    let mut todo: Vec<&Value> = schema.values().collect();
    while let Some(value) = todo.pop() {
        match value {
            Value::Object(object) => {
                if let Some(referred) = walk::referred(object)
                    && seen.insert(referred)
                {
                    if referred == name {
                        return true;
                    }
                    todo.extend(component(document, referred));
                }
                todo.extend(object.values());
            }
            Value::Array(elements) => todo.extend(elements),
            _ => {}
        }
    }
    false
}

fn component<'v>(document: &'v Value, name: &str) -> Option<&'v Value> {
    document.get("components")?.get("schemas")?.get(name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::cases::{answers, contract, lowered};

    #[test]
    fn a_tree_is_made_of_itself() {
        let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let list = |name: &str| json!({ "type": "array", "items": of(name) });
        for (base, own, field) in [
            (
                of("Base"),
                of("Node"),
                "pubchild:::std::option::Option<::std::boxed::Box<Node>>",
            ),
            (list("Base"), list("Node"), "pubchild:::std::vec::Vec<Node>"),
        ] {
            let object =
                |child: Value| json!({ "type": "object", "properties": { "child": child } });
            let outcome = lowered(&contract(
                answers(of("Node")),
                json!({
                    "Base": object(base),
                    "Node": { "allOf": [of("Base"), object(own)] },
                }),
            ));
            assert!(outcome.is_lossless(), "{:#?}", outcome.rewrites);
            assert!(outcome.code.contains(field), "{}", outcome.code);
        }
    }
}
