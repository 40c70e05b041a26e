//! Transformations of a document that keep its meaning: comparing a contract with the result must
//! find no difference.
//!
//! Each is a pure function from an OpenAPI document to an equivalent one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::objects::{ObjectKind, change, reference};

/// A transformation, with its name in the report.
pub(super) struct Equivalent {
    pub(super) name: &'static str,
    /// Returns `None` if the transformation does not apply to the document.
    pub(super) apply: fn(&Value) -> Option<Value>,
}

/// All transformations.
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
        apply: converted_to_31,
    },
];

/// Any fixed seed.
const SEED: u64 = 20_240_229;

/// The number of values that inlining may add: with many nested references a document would explode.
const MAX_INLINED: usize = 300_000;

/// The document with each reference replaced by its target, except for recursive ones.
pub(super) fn inlined(document: &Value) -> Value {
    let mut inlining = Inlining {
        document,
        is_30: is_30(document),
        open: Vec::new(),
        left: MAX_INLINED,
    };
    let mut inlined = document.clone();
    inlining.value(&mut inlined, ObjectKind::Root);
    inlined
}

struct Inlining<'d> {
    document: &'d Value,
    is_30: bool,
    /// The targets that are being inlined: references to them are recursive and stay.
    open: Vec<String>,
    /// The number of values that may still be added.
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
        let Value::Object(siblings) = value else {
            return;
        };
        siblings.remove("$ref");
        if self.is_30 || siblings.is_empty() {
            // In OpenAPI 3.0 siblings of `$ref` are ignored.
        } else if kind == ObjectKind::Schema {
            let mut all = vec![found];
            if let Some(Value::Array(more)) = siblings.remove("allOf") {
                all.extend(more);
            }
            found = json!({"allOf": all});
            merge(&mut found, siblings);
        } else {
            merge(&mut found, siblings);
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

/// The document with each inline schema, parameter, header, body and response moved to a component.
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

/// The document with a component for each target of a reference that is not a component, so that
/// the objects around it can be moved.
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

/// The document with all components renamed.
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
            make_mapping_explicit(members);
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

/// Makes the mapping of a discriminator explicit: by default it has the names of components.
fn make_mapping_explicit(schema: &mut Map<String, Value>) {
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

/// The document with the keys of each object in another order.
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

/// The document converted to OpenAPI 3.1, if it uses 3.0.
pub(super) fn converted_to_31(document: &Value) -> Option<Value> {
    if !is_30(document) {
        return None;
    }
    let mut converted = document.clone();
    converted["openapi"] = json!("3.1.0");
    change(&mut converted, ObjectKind::Root, &mut |members, kind| {
        if kind.can_refer() && reference(members).is_some() {
            members.retain(|key, _| key == "$ref");
        } else if kind == ObjectKind::Schema {
            convert_schema(members);
        }
    });
    Some(converted)
}

fn convert_schema(schema: &mut Map<String, Value>) {
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
        // In OpenAPI 3.0.3 `nullable` has no effect without `type`.
        return;
    }
    // Next to a combinator `nullable` is commonly used as "or null". Annotations stay outside.
    let mut annotations = Map::new();
    let mut constraints = Map::new();
    for (key, value) in std::mem::take(schema) {
        let is_annotation = ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-");
        let side = if is_annotation {
            &mut annotations
        } else {
            &mut constraints
        };
        side.insert(key, value);
    }
    annotations.insert("anyOf".to_owned(), json!([constraints, {"type": "null"}]));
    *schema = annotations;
}

/// Keywords that do not constrain values.
const ANNOTATIONS: &[&str] = &[
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
    // References in the corpus percent-encode nothing but braces.
    let pointer = pointer.replace("%7B", "{").replace("%7D", "}");
    document.pointer(&pointer)
}

/// A section of the components, created if it is missing.
fn section_of<'d>(document: &'d mut Value, section: &str) -> &'d mut Map<String, Value> {
    let section = &mut document["components"][section];
    if !section.is_object() {
        *section = json!({});
    }
    match section {
        Value::Object(members) => members,
        _ => unreachable!("is an object, see above"),
    }
}

/// The number of values in a value, including itself.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}
