//! Merges several schemas into one.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::draft_markers::is_marker;
use super::walk::{self, Object};

/// How deep members of members are followed.
const MAX_DEPTH: usize = 16;

/// The most schemas that are merged into one.
const MAX_SUBSCHEMAS: usize = 2_000;

/// Keywords that describe a schema and do not constrain its values.
const ANNOTATIONS: [&str; 10] = [
    "title",
    "description",
    "example",
    "examples",
    "default",
    "deprecated",
    "externalDocs",
    "discriminator",
    "readOnly",
    "writeOnly",
];

/// An object that is merged from several schemas.
#[derive(Debug, Default)]
pub(super) struct MergedObject {
    properties: Object,
    required: BTreeSet<String>,
    /// `additionalProperties`: `false` or a schema.
    additional: Option<Value>,
    allows_null: bool,
    /// Whether some schema requires an object.
    is_object: bool,
}

impl MergedObject {
    /// Merges a schema with its combinators; nothing if it allows other values than objects, or has keywords
    /// that cannot be merged.
    pub(super) fn of(document: &Value, schema: &Value) -> Option<Self> {
        let mut left = MAX_SUBSCHEMAS;
        Self::gather(document, schema, 0, &mut left).filter(|merged| merged.is_object)
    }

    /// Adds a property with this name, which is a string unless it is declared.
    pub(super) fn declare(&mut self, property: &str) {
        if !self.properties.contains_key(property) {
            let text = json!({ "type": "string" });
            self.properties.insert(property.to_owned(), text);
        }
    }

    fn gather(document: &Value, schema: &Value, depth: usize, left: &mut usize) -> Option<Self> {
        *left = left.checked_sub(1)?;
        let schema = walk::resolve(document, schema).filter(|_| depth < MAX_DEPTH)?;
        let mut merged = Self::default();
        for (key, value) in schema {
            match key.as_str() {
                "type" if value == "object" => merged.is_object = true,
                "properties" => {
                    merged.is_object = true;
                    merged.properties = value.as_object()?.clone();
                }
                "required" => {
                    merged.is_object = true;
                    let names = walk::elements(Some(value)).filter_map(Value::as_str);
                    merged.required = names.map(str::to_owned).collect();
                }
                "nullable" => merged.allows_null = value == &Value::Bool(true),
                "additionalProperties" if value != &Value::Bool(true) => {
                    merged.additional = Some(value.clone());
                }
                "additionalProperties" | "minProperties" | "maxProperties" => {}
                "allOf" | "anyOf" | "oneOf" => {}
                key if is_annotation(key) => {}
                _ => return None,
            }
        }
        let mut gather = |part| Self::gather(document, part, depth + 1, left);
        for part in walk::elements(schema.get("allOf")) {
            merged = merged.and(gather(part)?);
        }
        for key in ["anyOf", "oneOf"] {
            let parts: Option<Vec<Self>> =
                walk::elements(schema.get(key)).map(&mut gather).collect();
            let parts = parts?;
            if !parts.is_empty() {
                merged = merged.and(Self::any_of(document, parts));
            }
        }
        Some(merged)
    }

    /// Replaces the schemas of properties, and of `additionalProperties`. `replace` gets the name and the
    /// merged schemas, and returns nothing to keep them.
    pub(super) fn replace_properties(
        &mut self,
        replace_properties: &mut dyn FnMut(&str, &[&Object]) -> Option<Value>,
    ) {
        let additional = self.additional.iter_mut().map(|schemas| ("value", schemas));
        let properties = self.properties.iter_mut();
        let properties = properties.map(|(name, property)| (name.as_str(), property));
        for (name, property) in properties.chain(additional) {
            let mut schemas = Vec::new();
            if let Some(property) = property.as_object() {
                flatten_all_of(property, &mut schemas);
            }
            if let Some(settled) = replace_properties(name, &schemas) {
                *property = settled;
            }
        }
    }

    /// Visits the unions inside.
    pub(super) fn unions_inside(&mut self, visit: &mut dyn FnMut(&mut Object)) {
        for property in self.properties.values_mut().chain(&mut self.additional) {
            walk::visit_below(property, None, &mut |object, _| {
                if object.contains_key("anyOf") {
                    visit(object);
                }
            });
        }
    }

    /// The properties with their schemas.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, &Value)> {
        let properties = self.properties.iter();
        properties.map(|(name, schema)| (name.as_str(), schema))
    }

    /// Whether it allows undeclared properties with any value, and keeps them.
    pub(super) fn keeps_undeclared(&self) -> bool {
        let additional = self
            .additional
            .as_ref()
            .filter(|schemas| schemas.is_object());
        additional.is_some_and(|schemas| without_annotations(schemas).is_empty())
    }

    /// Whether it does not constrain the properties.
    pub(super) fn is_any_object(&self) -> bool {
        let is_closed = self.additional == Some(Value::Bool(false));
        self.properties.is_empty() && self.required.is_empty() && !is_closed
    }

    /// Whether it declares only properties that the other declares too.
    pub(super) fn only_narrows(&self, other: &Self) -> bool {
        let mut names = self.properties.keys();
        names.all(|name| other.properties.contains_key(name))
    }

    /// The object for values that match both.
    fn and(mut self, other: Self) -> Self {
        for (name, schema) in other.properties {
            let both = match self.properties.get(&name) {
                Some(own)
                    if is_equivalent(own, &schema) || without_annotations(&schema).is_empty() =>
                {
                    continue;
                }
                Some(own) if !without_annotations(own).is_empty() => {
                    json!({ "allOf": [own, schema] })
                }
                _ => schema,
            };
            self.properties.insert(name, both);
        }
        self.required.extend(other.required);
        self.additional = match (self.additional, other.additional) {
            (Some(Value::Bool(false)), _) | (_, Some(Value::Bool(false))) => {
                Some(Value::Bool(false))
            }
            (Some(own), Some(other)) if !is_equivalent(&own, &other) => {
                Some(json!({ "allOf": [own, other] }))
            }
            (own, other) => own.or(other),
        };
        self.allows_null |= other.allows_null;
        self.is_object |= other.is_object;
        self
    }

    /// The object for values that match any of these.
    pub(super) fn any_of(document: &Value, objects: Vec<Self>) -> Self {
        let mut joined = Self {
            additional: additional(&objects),
            allows_null: objects.iter().any(|merged| merged.allows_null),
            is_object: objects.iter().all(|merged| merged.is_object),
            ..Self::default()
        };
        if let Some(first) = objects.first() {
            let mut required = first.required.iter();
            let is_common =
                |name: &&String| objects.iter().all(|merged| merged.required.contains(*name));
            joined
                .required
                .extend(required.by_ref().filter(is_common).cloned());
        }
        for name in objects.iter().flat_map(|merged| merged.properties.keys()) {
            if !joined.properties.contains_key(name) {
                let schemas = objects
                    .iter()
                    .filter_map(|merged| merged.properties.get(name));
                let schema = any_of(document, &schemas.collect::<Vec<_>>());
                joined.properties.insert(name.clone(), schema);
            }
        }
        joined
    }

    /// Writes the object into a schema, next to the keywords that it has.
    pub(super) fn write(self, schema: &mut Object) {
        let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        schema.insert("type".to_owned(), Value::from("object"));
        if !self.properties.is_empty() {
            let own = schema
                .entry("properties")
                .or_insert_with(|| Value::Object(Map::new()));
            for (name, property) in self.properties {
                let own = own.as_object_mut();
                match own.map(|own| {
                    (
                        own.get(&name)
                            .map(|own| without_annotations(own).is_empty()),
                        own,
                    )
                }) {
                    Some((None, own)) if !is_closed => {
                        own.insert(name, property);
                    }
                    Some((Some(true), own)) => {
                        own.insert(name, property);
                    }
                    _ => {}
                }
            }
        }
        if !self.required.is_empty() {
            let own = walk::elements(schema.get("required")).filter_map(Value::as_str);
            let mut required: Vec<String> = own.map(str::to_owned).collect();
            for name in self.required {
                if !required.contains(&name) {
                    required.push(name);
                }
            }
            schema.insert("required".to_owned(), Value::from(required));
        }
        if let Some(additional) = self.additional {
            schema.entry("additionalProperties").or_insert(additional);
        }
        if self.allows_null {
            schema.insert("nullable".to_owned(), Value::Bool(true));
        }
    }
}

/// `additionalProperties` of a merged object, so that no undeclared property is lost.
fn additional(objects: &[MergedObject]) -> Option<Value> {
    let is_closed = |schemas: &&Value| **schemas == Value::Bool(false);
    let schemas: Vec<&Value> = objects
        .iter()
        .filter_map(|merged| merged.additional.as_ref())
        .collect();
    let first = *schemas
        .iter()
        .find(|schemas| !is_closed(schemas))
        .or(schemas.first())?;
    let is_said_by_all = schemas.len() == objects.len();
    let mut same = schemas.iter().filter(|schemas| !is_closed(schemas));
    if is_said_by_all && same.all(|schemas| is_equivalent(schemas, first)) {
        return Some(first.clone());
    }
    schemas
        .iter()
        .any(|schemas| !is_closed(schemas))
        .then(|| json!({}))
}

/// A schema for the values that match any of these.
pub(super) fn any_of(document: &Value, schemas: &[&Value]) -> Value {
    any_of_within(document, schemas, 0)
}

fn any_of_within(document: &Value, schemas: &[&Value], depth: usize) -> Value {
    let mut distinct: Vec<(&Value, Object)> = Vec::new();
    for schema in flatten_any_of(schemas) {
        let schemas = without_annotations(schema);
        if !distinct.iter().any(|(_, before)| *before == schemas) {
            distinct.push((schema, schemas));
        }
    }
    if let [(only, _)] = distinct.as_slice() {
        return (*only).clone();
    }
    let resolved: Option<Vec<Object>> = distinct
        .iter()
        .map(|(schema, _)| {
            let resolved = walk::resolve(document, schema)?.clone();
            Some(without_annotations(&Value::Object(resolved)))
        })
        .collect();
    let plain = resolved.filter(|_| depth < MAX_DEPTH).and_then(|resolved| {
        if resolved.iter().any(Object::is_empty) {
            return Some(json!({}));
        }
        of_one_type(document, &resolved, depth)
    });
    plain.unwrap_or_else(|| {
        let parts: Vec<Value> = distinct
            .into_iter()
            .map(|(schema, _)| schema.clone())
            .collect();
        json!({ "anyOf": parts })
    })
}

/// The schemas, with pure `anyOf`s replaced by their alternatives.
pub(super) fn flatten_any_of<'s>(schemas: &[&'s Value]) -> Vec<&'s Value> {
    let mut found = Vec::new();
    for schema in schemas {
        let object = schema.as_object();
        let has_other_keywords = |object: &&Object| {
            let mut keys = object.keys();
            keys.any(|key| key != "anyOf" && !is_annotation(key))
        };
        let union = object.filter(|object| !has_other_keywords(object));
        match union.and_then(|object| object.get("anyOf")?.as_array()) {
            Some(parts) => found.extend(flatten_any_of(&parts.iter().collect::<Vec<_>>())),
            None => found.push(*schema),
        }
    }
    found
}

/// The union of schemas that are all strings, numbers, booleans or arrays, as one schema.
fn of_one_type<'s>(document: &Value, schemas: &'s [Object], depth: usize) -> Option<Value> {
    let types: BTreeSet<&str> = schemas
        .iter()
        .map(|schema| walk::string(schema, "type"))
        .collect::<Option<_>>()?;
    let ty = match Vec::from_iter(types).as_slice() {
        ["integer", "number"] => "number",
        [ty @ ("string" | "integer" | "number" | "boolean" | "array")] => ty,
        _ => return None,
    };
    let combines = |schema: &Object| {
        let mut keys = ["allOf", "anyOf", "oneOf", "not"].iter();
        keys.any(|key| schema.contains_key(*key))
    };
    if schemas.iter().any(combines) {
        return None;
    }
    let mut joined = Map::from_iter([("type".to_owned(), Value::from(ty))]);
    let first = schemas.first()?;
    let in_all = |key: &String, value: &Value| {
        let mut others = schemas.iter();
        others.all(|other| other.get(key) == Some(value))
    };
    for (key, value) in first {
        if !["type", "items", "enum"].contains(&key.as_str()) && in_all(key, value) {
            joined.insert(key.clone(), value.clone());
        }
    }
    for (key, is_wider) in [
        ("minimum", f64::lt as fn(&f64, &f64) -> bool),
        ("maximum", f64::gt),
    ] {
        let bound = |schema: &'s Object| -> Option<(&'s Value, f64)> {
            Some((schema.get(key)?, schema.get(key)?.as_f64()?))
        };
        let bounds: Option<Vec<(&Value, f64)>> = schemas.iter().map(bound).collect();
        let widest = bounds.into_iter().flatten().reduce(|widest, next| {
            if is_wider(&next.1, &widest.1) {
                next
            } else {
                widest
            }
        });
        if let Some((bound, _)) = widest {
            joined.insert(key.to_owned(), bound.clone());
        }
    }
    if schemas
        .iter()
        .any(|schema| walk::is_true(schema, "nullable"))
    {
        joined.insert("nullable".to_owned(), Value::Bool(true));
    }
    if ty == "array" {
        let anything = json!({});
        let items = schemas
            .iter()
            .map(|schema| schema.get("items").unwrap_or(&anything));
        let items = any_of_within(document, &items.collect::<Vec<_>>(), depth + 1);
        joined.insert("items".to_owned(), items);
    } else if schemas.iter().all(|schema| schema.contains_key("enum")) {
        let mut values: Vec<Value> = Vec::new();
        for value in schemas
            .iter()
            .flat_map(|schema| walk::elements(schema.get("enum")))
        {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        joined.insert("enum".to_owned(), Value::Array(values));
    }
    Some(Value::Object(joined))
}

/// Whether a schema allows any value.
pub(super) fn accepts_anything(document: &Value, schema: &Value) -> bool {
    let resolved = walk::resolve(document, schema);
    resolved.is_some_and(|schema| schema.keys().all(|key| is_annotation(key)))
}

/// Whether two schemas are equal, apart from annotations.
pub(super) fn is_equivalent(left: &Value, right: &Value) -> bool {
    left == right || without_annotations(left) == without_annotations(right)
}

/// The identity of a schema: its component, or its content.
pub(super) fn identity(document: &Value, schema: &Object) -> String {
    match unwrap_wrappers(document, schema) {
        (_, Some(name)) => format!("{}{name}", walk::SCHEMAS),
        (object, None) => {
            Value::Object(without_annotations(&Value::Object(object.clone()))).to_string()
        }
    }
}

/// Follows references and combinators of one schema. Also returns the last component on the way.
pub(super) fn unwrap_wrappers<'s>(
    document: &'s Value,
    schema: &'s Object,
) -> (&'s Object, Option<&'s str>) {
    let mut object = schema;
    let mut name = None;
    // A longer chain is cyclic.
    for _ in 0..64 {
        if let Some(inner) = sole_subschema(object) {
            object = inner;
            continue;
        }
        let Some(next) = walk::referenced_component(object) else {
            break;
        };
        name = Some(next);
        match walk::component(document, next).and_then(Value::as_object) {
            Some(next) => object = next,
            None => break,
        }
    }
    (object, name)
}

/// The only schema in a combinator, if nothing is next to it.
fn sole_subschema(schema: &Object) -> Option<&Object> {
    sole_subschema_beside(schema, "").map(|(_, inner)| inner)
}

/// The only schema in a combinator, with the combinator's key, if nothing but the keyword `beside` is next to it.
pub(super) fn sole_subschema_beside<'s>(
    schema: &'s Object,
    beside: &str,
) -> Option<(&'s str, &'s Object)> {
    let mut schemas = schema
        .iter()
        .filter(|(key, _)| *key != beside && !is_annotation(key));
    let (Some((key, parts)), None) = (schemas.next(), schemas.next()) else {
        return None;
    };
    let is_combined = ["allOf", "anyOf", "oneOf"].contains(&key.as_str());
    match parts.as_array().filter(|_| is_combined)?.as_slice() {
        [only] => Some((key, only.as_object()?)),
        _ => None,
    }
}

/// The members of nested `allOf`s with nothing next to them.
pub(super) fn flatten_all_of<'s>(object: &'s Object, found: &mut Vec<&'s Object>) {
    let all = object.get("allOf").and_then(Value::as_array);
    let has_other_keywords = |key: &String| key != "allOf" && !is_annotation(key);
    if let Some(only) = sole_subschema(object) {
        flatten_all_of(only, found);
    } else if let Some(all) = all.filter(|_| !object.keys().any(has_other_keywords)) {
        let all = all.iter().filter_map(Value::as_object);
        all.for_each(|part| flatten_all_of(part, found));
    } else {
        found.push(object);
    }
}

/// A schema without annotations, also inside of it.
pub(super) fn without_annotations(schema: &Value) -> Object {
    let mut schema = schema.clone();
    walk::visit_below(&mut schema, None, &mut |object, _| {
        object.retain(|key, _| !is_annotation(key));
    });
    match schema {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

/// Whether a keyword is an annotation, which does not constrain values.
pub(super) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-") || is_marker(key)
}
