//! Other ways to write a contract that allow the same values: the comparison must find nothing
//! between a contract and any of them.
//!
//! Each is a pure function of a document, and leaves it a valid document of OpenAPI.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::objects::{ObjectKind, change, reference};

/// A rewrite, by the name that the report has for it.
pub(super) struct Equivalent {
    pub(super) name: &'static str,
    /// Nothing, where the rewrite is not for such a document.
    pub(super) apply: fn(&Value) -> Option<Value>,
}

/// All rewrites.
pub(super) const ALL: &[Equivalent] = &[
    Equivalent {
        name: "inlined",
        apply: |document| Some(inlined(document)),
    },
    Equivalent {
        name: "extracted",
        apply: |document| Some(extracted(document)),
    },
    Equivalent {
        name: "renamed",
        apply: |document| Some(renamed(document)),
    },
    Equivalent {
        name: "as JSON",
        apply: |document| Some(document.clone()),
    },
    Equivalent {
        name: "shuffled",
        apply: |document| Some(shuffled(document, SEED)),
    },
    Equivalent {
        name: "3.1",
        apply: raised,
    },
];

/// Any seed will do, as long as it stays.
const SEED: u64 = 20_240_229;

/// The most values that inlining adds: a contract whose components use each other a lot would grow
/// without end.
const MOST_INLINED: usize = 300_000;

/// The document with the target in place of each reference, but for recursion.
pub(super) fn inlined(document: &Value) -> Value {
    let mut inlining = Inlining {
        document,
        is_30: is_30(document),
        open: Vec::new(),
        left: MOST_INLINED,
    };
    let mut inlined = document.clone();
    inlining.value(&mut inlined, ObjectKind::Root);
    inlined
}

struct Inlining<'d> {
    document: &'d Value,
    is_30: bool,
    /// The targets that are being written out: a reference to one of them stays.
    open: Vec<String>,
    /// How many values may still be added.
    left: usize,
}

impl Inlining<'_> {
    fn value(&mut self, value: &mut Value, kind: ObjectKind) {
        match value {
            Value::Array(elements) => {
                for element in elements {
                    self.value(element, kind.element());
                }
            }
            Value::Object(members) if kind != ObjectKind::Other => {
                let target = reference(members).filter(|_| kind.can_refer());
                if let Some(target) = target.map(str::to_owned) {
                    self.reference(&target, value, kind);
                    return;
                }
                for (key, member) in members.iter_mut() {
                    self.value(member, kind.property(key));
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, target: &str, value: &mut Value, kind: ObjectKind) {
        let Some(found) = resolve(self.document, target) else {
            return;
        };
        let size = size(found);
        if self.open.iter().any(|open| open == target) || size > self.left {
            return;
        }
        self.left -= size;
        let mut found = found.clone();
        self.open.push(target.to_owned());
        self.value(&mut found, kind);
        self.open.pop();
        let Value::Object(beside) = value else {
            return;
        };
        beside.remove("$ref");
        if self.is_30 || beside.is_empty() {
            // In 3.0 what stands beside a reference counts for nothing.
        } else if kind == ObjectKind::Schema {
            let mut all = vec![found];
            if let Some(Value::Array(more)) = beside.remove("allOf") {
                all.extend(more);
            }
            found = json!({"allOf": all});
            merge(&mut found, beside);
        } else {
            merge(&mut found, beside);
        }
        *value = found;
    }
}

fn merge(into: &mut Value, members: &Map<String, Value>) {
    if let Value::Object(into) = into {
        for (key, member) in members {
            into.insert(key.clone(), member.clone());
        }
    }
}

/// The document with each inline schema, parameter, header, body and response as a component.
pub(super) fn extracted(document: &Value) -> Value {
    let mut document = hoisted(document);
    let mut components: BTreeMap<&'static str, Map<String, Value>> = BTreeMap::new();
    let mut count = 0;
    change(&mut document, ObjectKind::Root, &mut |members, kind| {
        let Some(section) = section(kind).filter(|_| reference(members).is_none()) else {
            return;
        };
        count += 1;
        let name = format!("Extracted{count}");
        let target = json!(format!("#/components/{section}/{name}"));
        let moved = std::mem::take(members);
        members.insert("$ref".to_owned(), target);
        let section = components.entry(section).or_default();
        section.insert(name, Value::Object(moved));
    });
    for (section, moved) in components {
        section_of(&mut document, section).extend(moved);
    }
    document
}

/// The section of the components that objects of a kind can be in.
fn section(kind: ObjectKind) -> Option<&'static str> {
    Some(match kind {
        ObjectKind::Schema => "schemas",
        ObjectKind::Parameter => "parameters",
        ObjectKind::Header => "headers",
        ObjectKind::RequestBody => "requestBodies",
        ObjectKind::Response => "responses",
        _ => return None,
    })
}

/// The document with a component for each target of a reference that is none: what lies on the way
/// to it may then be moved.
fn hoisted(document: &Value) -> Value {
    let mut targets: BTreeMap<String, (&'static str, Value)> = BTreeMap::new();
    let mut todo = vec![(document.clone(), ObjectKind::Root)];
    while let Some((mut value, kind)) = todo.pop() {
        change(&mut value, kind, &mut |members, kind| {
            let Some((target, section)) = reference(members).zip(section(kind)) else {
                return;
            };
            let is_component = target
                .strip_prefix("#/components/")
                .is_some_and(|rest| rest.matches('/').count() == 1 && rest.starts_with(section));
            if let Some(found) = resolve(document, target).filter(|_| !is_component)
                && !targets.contains_key(target)
            {
                targets.insert(target.to_owned(), (section, found.clone()));
            }
        });
    }
    let mut names = BTreeMap::new();
    let mut hoisted = document.clone();
    for (index, (target, (section, value))) in targets.into_iter().enumerate() {
        let name = format!("Hoisted{index}");
        names.insert(target, format!("#/components/{section}/{name}"));
        section_of(&mut hoisted, section).insert(name, value);
    }
    retarget(&mut hoisted, &|target| names.get(target).cloned());
    hoisted
}

/// The document with other names for all components.
pub(super) fn renamed(document: &Value) -> Value {
    const SECTIONS: &[&str] = &[
        "schemas",
        "parameters",
        "headers",
        "requestBodies",
        "responses",
    ];
    let mut document = document.clone();
    change(&mut document, ObjectKind::Root, &mut |members, kind| {
        if kind == ObjectKind::Schema {
            name_alternatives(members);
        }
    });
    for section in SECTIONS {
        let pointer = format!("/components/{section}");
        if let Some(Value::Object(members)) = document.pointer_mut(&pointer) {
            let old = std::mem::take(members);
            members.extend(
                old.into_iter()
                    .map(|(name, value)| (new_name(&name), value)),
            );
        }
    }
    retarget(&mut document, &|target| {
        SECTIONS.iter().find_map(|section| {
            let prefix = format!("#/components/{section}/");
            let name = target.strip_prefix(&prefix)?;
            Some(prefix + &new_name(name))
        })
    });
    document
}

fn new_name(name: &str) -> String {
    format!("Renamed{name}")
}

/// Spells the mapping of a discriminator out: without one, the names of components are the values.
fn name_alternatives(schema: &mut Map<String, Value>) {
    let alternatives = ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(*key));
    let targets: Vec<String> = alternatives
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(|alternative| alternative.get("$ref")?.as_str().map(str::to_owned))
        .collect();
    let Some(Value::Object(discriminator)) = schema.get_mut("discriminator") else {
        return;
    };
    let mapping = discriminator.entry("mapping").or_insert_with(|| json!({}));
    let Value::Object(mapping) = mapping else {
        return;
    };
    for target in mapping.values_mut() {
        let name = target
            .as_str()
            .filter(|name| !name.contains(['/', '#', '.']));
        if let Some(name) = name {
            *target = json!(format!("#/components/schemas/{name}"));
        }
    }
    for target in targets {
        let is_mapped = mapping.values().any(|mapped| mapped == target.as_str());
        let name = target.rsplit('/').next().unwrap_or(&target).to_owned();
        if !is_mapped {
            mapping.entry(name).or_insert_with(|| json!(target));
        }
    }
}

/// Rewrites the targets of references and of the mappings of discriminators.
fn retarget(value: &mut Value, new: &dyn Fn(&str) -> Option<String>) {
    let replace = |target: &mut Value| {
        if let Some(new) = target.as_str().and_then(new) {
            *target = json!(new);
        }
    };
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|value| retarget(value, new)),
        Value::Object(members) => {
            members.get_mut("$ref").into_iter().for_each(replace);
            let mapping = members
                .get_mut("discriminator")
                .and_then(|discriminator| discriminator.get_mut("mapping"))
                .and_then(Value::as_object_mut);
            for target in mapping.into_iter().flat_map(Map::values_mut) {
                replace(target);
            }
            members.values_mut().for_each(|value| retarget(value, new));
        }
        _ => {}
    }
}

/// The document with the members of each object in another order.
pub(super) fn shuffled(document: &Value, seed: u64) -> Value {
    fn shuffle(value: &Value, random: &mut fastrand::Rng) -> Value {
        match value {
            Value::Array(elements) => elements
                .iter()
                .map(|value| shuffle(value, random))
                .collect(),
            Value::Object(members) => {
                let mut members: Vec<(String, Value)> = members
                    .iter()
                    .map(|(key, value)| (key.clone(), shuffle(value, random)))
                    .collect();
                random.shuffle(&mut members);
                Value::Object(members.into_iter().collect())
            }
            scalar => scalar.clone(),
        }
    }
    shuffle(document, &mut fastrand::Rng::with_seed(seed))
}

/// The document in OpenAPI 3.1, if it is one of 3.0.
pub(super) fn raised(document: &Value) -> Option<Value> {
    if !is_30(document) {
        return None;
    }
    let mut raised = document.clone();
    raised["openapi"] = json!("3.1.0");
    change(&mut raised, ObjectKind::Root, &mut |members, kind| {
        if kind.can_refer() && reference(members).is_some() {
            members.retain(|key, _| key == "$ref");
        } else if kind == ObjectKind::Schema {
            raise_schema(members);
        }
    });
    Some(raised)
}

fn raise_schema(schema: &mut Map<String, Value>) {
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let Some(is_exclusive) = schema.get(flag).and_then(Value::as_bool) else {
            continue;
        };
        schema.remove(flag);
        if is_exclusive && let Some(value) = schema.remove(bound) {
            schema.insert(flag.to_owned(), value);
        }
    }
    if schema.remove("nullable") != Some(json!(true)) {
        return;
    }
    if let Some(name) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([name, "null"]));
        return;
    }
    let combines = |key: &&str| schema.contains_key(*key);
    if !["allOf", "anyOf", "oneOf"].iter().any(combines) {
        // By the letter of 3.0.3 it has no effect without a type.
        return;
    }
    // Here everyone means "or null". What only describes the value stays outside.
    let mut described = Map::new();
    let mut constrained = Map::new();
    for (key, value) in std::mem::take(schema) {
        let is_described = DESCRIBING.contains(&key.as_str()) || key.starts_with("x-");
        let side = if is_described {
            &mut described
        } else {
            &mut constrained
        };
        side.insert(key, value);
    }
    described.insert("anyOf".to_owned(), json!([constrained, {"type": "null"}]));
    *schema = described;
}

/// Keywords that allow and refuse nothing.
const DESCRIBING: &[&str] = &[
    "default",
    "deprecated",
    "description",
    "example",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

fn is_30(document: &Value) -> bool {
    let version = document.get("openapi").and_then(Value::as_str);
    version.is_some_and(|version| version.starts_with("3.0."))
}

/// The target of a reference within the document.
fn resolve<'d>(document: &'d Value, target: &str) -> Option<&'d Value> {
    let pointer = target.strip_prefix('#')?;
    // References of this corpus escape nothing beyond what JSON pointers do, but for braces.
    let pointer = pointer.replace("%7B", "{").replace("%7D", "}");
    document.pointer(&pointer)
}

/// A section of the components, made where there is none.
fn section_of<'d>(document: &'d mut Value, section: &str) -> &'d mut Map<String, Value> {
    let section = &mut document["components"][section];
    if !section.is_object() {
        *section = json!({});
    }
    match section {
        Value::Object(members) => members,
        _ => unreachable!("made an object above"),
    }
}

/// How many values a value has, itself among them.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}
