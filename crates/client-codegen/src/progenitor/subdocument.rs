//! Parts of a document that progenitor can be run on.

use std::collections::{BTreeMap, BTreeSet};

use openapi_contract::document::{escape_token, unescape_token};
use serde_json::{Map, Value, json};

use crate::error::OperationRef;
use crate::http_methods::METHODS;
use crate::references::collect_references;

const SCHEMAS: &str = "#/components/schemas/";

/// A part of a document that can be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Operation(OperationRef),
    /// A component schema, by its name.
    Schema(String),
}

/// The operations of a document, in its order.
pub(super) fn operations(document: &Value) -> Vec<Item> {
    let paths = document.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| {
            let operation = item.get(method)?;
            Some(Item::Operation(OperationRef {
                path: path.clone(),
                method: (*method).to_owned(),
                operation_id: operation
                    .get("operationId")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            }))
        })
    });
    operations.collect()
}

/// The component schemas of a document, in its order.
pub(super) fn schemas(document: &Value) -> Vec<Item> {
    let schemas = document.pointer("/components/schemas");
    let names = schemas.and_then(Value::as_object).into_iter().flatten();
    names.map(|(name, _)| Item::Schema(name.clone())).collect()
}

/// A component schema.
pub(super) fn schema<'d>(document: &'d Value, name: &str) -> Option<&'d Value> {
    document.pointer("/components/schemas")?.get(name)
}

/// A document with these items and the components that they need.
pub(super) fn with_dependencies(document: &Value, items: &[Item]) -> Value {
    let paths = paths(document, items);
    let mut reached = BTreeSet::new();
    collect_references(document, Some(&paths), &mut reached);
    for name in names(items) {
        collect_references(document, schema(document, name), &mut reached);
        reached.insert(format!("{SCHEMAS}{}", escape_token(name)));
    }
    restrict(document, &paths, |kind, all| {
        let members = all.as_object().into_iter().flatten();
        let kept = members.filter(|(name, _)| reached.contains(&reference(kind, name)));
        kept.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    })
}

/// A document with these items alone: all other component schemas that they refer to allow every value, or every
/// value of their scalar type.
pub(super) fn isolated(document: &Value, items: &[Item]) -> Value {
    let paths = paths(document, items);
    let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
    for name in names(items) {
        if let Some(value) = schema(document, name) {
            schemas.insert(name.to_owned(), value.clone());
        }
    }
    // The other components belong to the items that refer to them.
    let mut others = BTreeSet::new();
    let mut todo: Vec<&Value> = names(items)
        .filter_map(|name| schema(document, name))
        .collect();
    todo.push(&paths);
    while let Some(value) = todo.pop() {
        references(value, &mut |target| {
            if let Some(name) = target.strip_prefix(SCHEMAS) {
                let name = unescape_token(name).into_owned();
                if let Some(other) = schema(document, &name) {
                    schemas.entry(name).or_insert_with(|| any_value_of(other));
                }
            } else if others.insert(target.to_owned()) {
                let pointee = target.strip_prefix('#').and_then(|at| document.pointer(at));
                todo.extend(pointee);
            }
        });
    }
    restrict(document, &paths, |kind, all| {
        if kind == "schemas" {
            return schemas
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
        }
        let members = all.as_object().into_iter().flatten();
        let kept = members.filter(|(name, _)| others.contains(&reference(kind, name)));
        kept.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    })
}

/// The names of the schemas among the items.
fn names(items: &[Item]) -> impl Iterator<Item = &str> {
    items.iter().filter_map(|item| match item {
        Item::Schema(name) => Some(name.as_str()),
        Item::Operation(_) => None,
    })
}

/// The `paths` with these operations.
fn paths(document: &Value, items: &[Item]) -> Value {
    let mut paths = Map::new();
    for item in items {
        let Item::Operation(operation) = item else {
            continue;
        };
        let item = document
            .get("paths")
            .and_then(|paths| paths.get(&operation.path));
        let Some(item) = item.and_then(Value::as_object) else {
            continue;
        };
        let kept = paths.entry(&operation.path).or_insert_with(|| {
            let mut shared = item.clone();
            shared.retain(|key, _| !METHODS.contains(&key.as_str()));
            Value::Object(shared)
        });
        if let (Some(kept), Some(declared)) = (kept.as_object_mut(), item.get(&operation.method)) {
            kept.insert(operation.method.clone(), declared.clone());
        }
    }
    Value::Object(paths)
}

/// The document with other paths and components. `keep` returns those of a kind.
fn restrict(
    document: &Value,
    paths: &Value,
    keep: impl Fn(&str, &Value) -> Map<String, Value>,
) -> Value {
    let components = |all: &Value| {
        let kinds = all.as_object().into_iter().flatten();
        kinds
            .map(|(kind, all)| (kind.clone(), Value::Object(keep(kind, all))))
            .collect()
    };
    let mut restricted = Map::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        let value = match key.as_str() {
            "openapi" => value.clone(),
            // A title and a version are required.
            "info" => json!({ "title": "", "version": "" }),
            "paths" => paths.clone(),
            "components" => Value::Object(components(value)),
            _ => continue,
        };
        restricted.insert(key.clone(), value);
    }
    Value::Object(restricted)
}

fn reference(kind: &str, name: &str) -> String {
    format!("#/components/{kind}/{}", escape_token(name))
}

/// Calls `found` with the target of each reference inside of a value.
fn references<'v>(value: &'v Value, found: &mut impl FnMut(&'v str)) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get("$ref") {
                found(target);
            }
            object.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

/// A schema that allows every value of the scalar type of another schema, or every value if it has none.
fn any_value_of(schema: &Value) -> Value {
    let kept = schema.as_object().into_iter().flatten();
    let is_scalar = |value: &Value| {
        let scalars = ["string", "integer", "number", "boolean"];
        value.as_str().is_some_and(|name| scalars.contains(&name))
    };
    let kept = kept.filter(|(key, value)| *key == "type" && is_scalar(value));
    let kept: Map<String, Value> = kept
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Value::Object(kept)
}
