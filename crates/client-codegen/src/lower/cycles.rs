//! Takes schemas apart that are themselves, with nothing in between.
//!
//! A parent is often one of its children, and each child is all of the parent: typify follows that
//! without an end. A child is given what the parent says of itself instead. A schema that is one of
//! its own alternatives is one of the others.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::walk::{self, Object};
use super::{Draft, PassKind};

const EXACT: PassKind = PassKind::exact("cycles");
const WEAKENED: PassKind = PassKind::weakened("cycles");

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let mut graph: HashMap<String, Vec<String>> = walk::components(value)
        .map(|(name, schema)| (name.to_owned(), edges(schema)))
        .collect();
    let in_circles = in_circles(&graph);
    let names: Vec<String> = walk::components(value)
        .filter(|(name, _)| in_circles.contains(*name))
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
        // A parent is cut out of its children before a child is cut out of its parent.
        parts(schema, &mut |part| {
            let object = part.as_object()?;
            let parent = walk::referenced_component(object)?;
            if parent != name && !reaches(&graph, parent, name) {
                return None;
            }
            let message = format!(
                "`{name}` is all of `{parent}`, which is `{name}`: it has what `{parent}` says of itself"
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
        let message = format!("`{name}` is itself, with nothing in between");
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

/// Puts other parts in the place of those of a schema, also of its alternatives.
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

/// Takes out of a schema the alternatives that lead back to it, also out of its parts.
fn without(schema: &mut Object, leads_back: &dyn Fn(&Value) -> bool) {
    for part in walk::elements_mut(schema.get_mut("allOf")).filter_map(Value::as_object_mut) {
        without(part, leads_back);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(parts) = schema.get_mut(key).and_then(Value::as_array_mut) {
            parts.retain(|part| !leads_back(part));
            if parts.is_empty() {
                schema.shift_remove(key);
            }
        }
    }
}

/// The components that a schema is, without a list or a member in between.
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

/// The components that lead to a circle and come from one. All that are in a circle are among them, and
/// in most contracts there are none.
fn in_circles(graph: &HashMap<String, Vec<String>>) -> HashSet<String> {
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

/// What a schema says of itself: not what it refers to, and no alternatives.
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
    // What the parent is all of still holds, as long as it is written there.
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

    use super::super::test_support::{contract, lowered, responding_with};

    #[test]
    fn a_parent_that_is_one_of_its_children_is_no_cycle() {
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
            code.contains("pubstructCat{publives:i64,pubname:::std::string::String,}"),
            "{code}"
        );
        assert!(code.contains("pubenumPet{"), "{code}");
    }
}
