//! Breaks up schemas that contain themselves directly.
//!
//! Often a parent is a `oneOf` of its children, and each child is an `allOf` of the parent. typify would
//! follow that forever. A child gets the keywords of the parent instead of the reference to it. A schema
//! that is one of its own alternatives loses that alternative.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::walk::{self, Object};
use super::{Change, Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::CYCLES);
const WEAKENED: PassKind = PassKind::weakened(rules::CYCLES);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let mut graph: HashMap<String, Vec<String>> = walk::components(value)
        .map(|(name, schema)| (name.to_owned(), edges(schema)))
        .collect();
    let in_cycles = in_cycles(&graph);
    let names: Vec<String> = walk::components(value)
        .filter(|(name, _)| in_cycles.contains(*name))
        .map(|(name, _)| name.to_owned())
        .collect();
    if names.is_empty() {
        return;
    }
    let bases: HashMap<String, Value> = walk::components(value)
        .map(|(name, schema)| (name.to_owned(), base(schema)))
        .collect();
    let Some(components) = walk::components_mut(value) else {
        return;
    };
    for name in &names {
        if graph.get(name).is_none_or(Vec::is_empty) || !reaches(&graph, name, name) {
            continue;
        }
        let Some(schema) = components.get_mut(name) else {
            continue;
        };
        // Children lose their parent before a parent loses its children.
        parts(schema, &mut |part| {
            let object = part.as_object()?;
            let parent = walk::referenced_component(object)?;
            if parent != name && !reaches(&graph, parent, name) {
                return None;
            }
            let message = Change::new(
                format!(
                    "`{name}` includes `{parent}`, which includes `{name}`; the reference is replaced by the keywords of `{parent}`"
                ),
                format!("`{name}` is not checked against what `{parent}` refers to."),
                format!(
                    "Move the common properties to a component that both `{name}` and `{parent}` include."
                ),
            );
            log.record_object(WEAKENED, object, None, None, message);
            let base = bases.get(parent).filter(|_| parent != name);
            Some(
                base.cloned()
                    .unwrap_or_else(|| Value::Object(Object::new())),
            )
        });
        graph.insert(name.clone(), edges(schema));
    }
    for name in &names {
        if !reaches(&graph, name, name) {
            continue;
        }
        let Some(schema) = components.get_mut(name).and_then(Value::as_object_mut) else {
            continue;
        };
        let message = format!("`{name}` refers to itself without an intermediate property");
        log.record_object(EXACT, schema, None, None, message);
        if walk::referenced_component(schema).is_some() {
            schema.shift_remove("$ref");
        }
        without(schema, &|part| {
            let targets = edges(part);
            let mut targets = targets.iter();
            targets.any(|target| target == name || reaches(&graph, target, name))
        });
        graph.insert(name.clone(), edges(&Value::Object(schema.clone())));
    }
}

/// Replaces `allOf` members of a schema and of its alternatives.
fn parts(schema: &mut Value, other: &mut dyn FnMut(&Value) -> Option<Value>) {
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in walk::elements_mut(schema.get_mut(key)) {
            let is_part = key == "allOf";
            match is_part.then(|| other(part)).flatten() {
                Some(other) => *part = other,
                None => parts(part, other),
            }
        }
    }
}

/// Removes the alternatives that are recursive, also from the `allOf` members of a schema.
fn without(schema: &mut Object, is_recursive: &dyn Fn(&Value) -> bool) {
    for part in walk::elements_mut(schema.get_mut("allOf")).filter_map(Value::as_object_mut) {
        without(part, is_recursive);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(parts) = schema.get_mut(key).and_then(Value::as_array_mut) {
            parts.retain(|part| !is_recursive(part));
            if parts.is_empty() {
                schema.shift_remove(key);
            }
        }
    }
}

/// The components that a schema includes directly, not through a property or items.
fn edges(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut todo = vec![schema];
    while let Some(schema) = todo.pop() {
        let Some(object) = schema.as_object() else {
            continue;
        };
        found.extend(walk::referenced_component(object).map(str::to_owned));
        for key in ["allOf", "anyOf", "oneOf"] {
            todo.extend(walk::elements(object.get(key)));
        }
        todo.extend(object.get("not"));
    }
    found
}

/// The components that reach a cycle and are reachable from one. These include all that are in a cycle,
/// and most contracts have none.
fn in_cycles(graph: &HashMap<String, Vec<String>>) -> HashSet<String> {
    let mut forth: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut back: HashMap<&str, Vec<&str>> = HashMap::new();
    for (from, targets) in graph {
        for to in targets.iter().filter(|to| graph.contains_key(*to)) {
            forth.entry(from).or_default().push(to);
            back.entry(to).or_default().push(from);
        }
    }
    let mut left: HashSet<&str> = graph.keys().map(String::as_str).collect();
    for (ahead, behind) in [(&forth, &back), (&back, &forth)] {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for &name in &left {
            let next = ahead.get(name).into_iter().flatten();
            counts.insert(name, next.filter(|next| left.contains(*next)).count());
        }
        let ends = counts.iter().filter(|(_, count)| **count == 0);
        let mut ends: Vec<&str> = ends.map(|(name, _)| *name).collect();
        while let Some(end) = ends.pop() {
            left.remove(end);
            for before in behind.get(end).into_iter().flatten() {
                if let Some(count) = counts.get_mut(before) {
                    *count -= 1;
                    if *count == 0 {
                        ends.push(before);
                    }
                }
            }
        }
    }
    left.into_iter().map(str::to_owned).collect()
}

fn reaches(graph: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut todo = vec![from];
    while let Some(name) = todo.pop() {
        for next in graph.get(name).into_iter().flatten() {
            if next == to {
                return true;
            }
            if seen.insert(next.as_str()) {
                todo.push(next);
            }
        }
    }
    false
}

/// The keywords of a schema itself, without references and alternatives.
fn base(schema: &Value) -> Value {
    let Some(object) = schema.as_object() else {
        return Value::Object(Object::new());
    };
    let mut base = object.clone();
    base.retain(|key, _| {
        ![
            "$ref",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "discriminator",
            "title",
        ]
        .contains(&key.as_str())
    });
    // Inline `allOf` members still apply.
    let inline = walk::elements(object.get("allOf")).filter(|part| edges(part).is_empty());
    let inline: Vec<Value> = inline.cloned().collect();
    if !inline.is_empty() {
        base.insert("allOf".to_owned(), Value::Array(inline));
    }
    Value::Object(base)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered, responding_with};

    #[test]
    fn parent_and_children_are_separated() {
        let child = |name: &str| {
            json!({ "allOf": [{ "$ref": "#/components/schemas/Pet" },
                { "type": "object", "required": [name], "properties": { name: { "type": "integer" } } }] })
        };
        let outcome = lowered(&contract(
            responding_with(json!({ "$ref": "#/components/schemas/Pet" })),
            json!({
                "Cat": child("lives"),
                "Dog": child("bones"),
                "Pet": { "type": "object", "required": ["name"],
                    "properties": { "name": { "type": "string" } },
                    "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }] },
                "Self": { "oneOf": [{ "$ref": "#/components/schemas/Self" }, { "type": "string" }] },
                "All": { "allOf": [{ "$ref": "#/components/schemas/All" }] },
                "Deep": { "allOf": [{ "anyOf": [{ "$ref": "#/components/schemas/Deep" }] }, {}] },
            }),
        ));
        let code = outcome.code;
        assert!(
            code.contains("pub struct Cat{pub lives: i64,pub name: ::std::string::String,}"),
            "{code}"
        );
        assert!(code.contains("pub enum Pet{"), "{code}");
    }
}
