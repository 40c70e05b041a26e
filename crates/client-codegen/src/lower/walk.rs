//! Visits the operations and schemas of a bundled document.
//!
//! A bundled document only has references to component schemas and headers: parameters, bodies and
//! responses are inlined.

use serde_json::{Map, Value, json};

use crate::http_methods::METHODS;

/// An object of the document.
pub(crate) type Object = Map<String, Value>;

/// The prefix of references to component schemas.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The prefix of references to component headers.
pub(crate) const HEADERS: &str = "#/components/headers/";

/// The key under which an operation of the draft keeps the responses of the contract, if progenitor gets
/// different ones.
pub(crate) const ORIGINAL_RESPONSES: &str = "x-responses-of-the-contract";

/// The component schemas with their names.
pub(crate) fn components(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    entries(
        document
            .get("components")
            .and_then(|all| all.get("schemas")),
    )
}

/// The component schemas, mutably.
pub(crate) fn components_mut(document: &mut Value) -> Option<&mut Object> {
    object_mut(document.get_mut("components")?.get_mut("schemas"))
}

/// The component schema with this name.
pub(crate) fn component<'v>(document: &'v Value, name: &str) -> Option<&'v Value> {
    document.get("components")?.get("schemas")?.get(name)
}

/// The name of the component schema that an object refers to.
pub(crate) fn referenced_component(object: &Object) -> Option<&str> {
    object.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// Follows the references of a schema.
pub(crate) fn resolve<'v>(document: &'v Value, schema: &'v Value) -> Option<&'v Object> {
    resolve_object(document, schema.as_object()?)
}

/// Follows the references of a schema object.
pub(crate) fn resolve_object<'v>(document: &'v Value, schema: &'v Object) -> Option<&'v Object> {
    let mut object = schema;
    // A longer chain is cyclic.
    for _ in 0..64 {
        let Some(name) = referenced_component(object) else {
            return Some(object);
        };
        object = component(document, name)?.as_object()?;
    }
    None
}

/// The entries of an object; none if the value is not an object.
pub(crate) fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), value))
}

/// The entries of an object, mutably.
pub(crate) fn entries_mut(value: Option<&mut Value>) -> impl Iterator<Item = (&str, &mut Value)> {
    let members = value
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::iter_mut);
    members.map(|(key, value)| (key.as_str(), value))
}

/// The elements of an array, mutably.
pub(crate) fn elements_mut(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_array_mut).into_iter().flatten()
}

/// The elements of an array; none if the value is not an array.
pub(crate) fn elements(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

/// An object, mutably.
pub(crate) fn object_mut(value: Option<&mut Value>) -> Option<&mut Object> {
    value.and_then(Value::as_object_mut)
}

/// The string value of a key.
pub(crate) fn string<'o>(object: &'o Object, key: &str) -> Option<&'o str> {
    object.get(key).and_then(Value::as_str)
}

/// Whether the value of a key is `true`.
pub(crate) fn is_true(object: &Object, key: &str) -> bool {
    object.get(key).and_then(Value::as_bool) == Some(true)
}

/// The id of an operation; empty if it has none.
pub(crate) fn operation_id(operation: &Object) -> String {
    string(operation, "operationId")
        .unwrap_or_default()
        .to_owned()
}

/// A document with a copy of the components, to look them up while the original changes.
pub(crate) fn components_document(document: &Value) -> Value {
    json!({ "components": document.get("components").cloned().unwrap_or_default() })
}

/// The path and method of an operation.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) method: &'static str,
}

/// Visits every operation, in the order of the document.
pub(crate) fn operations(document: &mut Value, visit: &mut dyn FnMut(&Route, &mut Object)) {
    for (path, item) in entries_mut(document.get_mut("paths")) {
        for method in METHODS {
            if let Some(operation) = object_mut(item.get_mut(method)) {
                let route = Route {
                    path: path.to_owned(),
                    method,
                };
                visit(&route, operation);
            }
        }
    }
}

/// Visits every operation, like [`operations`]. `visit` also gets a document with the components, to look up
/// schemas.
pub(crate) fn operations_with(
    document: &mut Value,
    visit: &mut dyn FnMut(&Value, &Route, &mut Object),
) {
    let components = document.get_mut("components").map(Value::take);
    let beside = Value::Object(Map::from_iter(
        components.map(|components| ("components".to_owned(), components)),
    ));
    operations(document, &mut |route, operation| {
        visit(&beside, route, operation)
    });
    if let Value::Object(mut beside) = beside
        && let Some(components) = document.get_mut("components")
        && let Some(whole) = beside.shift_remove("components")
    {
        *components = whole;
    }
}

/// Visits every schema object, outer ones first, so that `visit` decides which inner ones follow. The
/// second argument is the id of the operation that contains the schema.
pub(crate) fn schemas(document: &mut Value, visit: &mut dyn FnMut(&mut Object, Option<&str>)) {
    if let Some(components) = components_mut(document) {
        for component in components.values_mut() {
            visit_below(component, None, visit);
        }
    }
    let headers = document.get_mut("components");
    let headers = headers.and_then(|components| components.get_mut("headers"));
    for (_, header) in entries_mut(headers) {
        if let Some(schema) = header.get_mut("schema") {
            visit_below(schema, None, visit);
        }
    }
    operations(document, &mut |_, operation| {
        let id = string(operation, "operationId").map(str::to_owned);
        for schema in operation_schemas(operation) {
            visit_below(schema, id.as_deref(), visit);
        }
    });
}

/// The outermost schemas of an operation.
pub(crate) fn operation_schemas(operation: &mut Object) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (key, part) in operation.iter_mut() {
        match key.as_str() {
            "parameters" => {
                for parameter in elements_mut(Some(part)).filter_map(Value::as_object_mut) {
                    for (key, part) in parameter.iter_mut() {
                        match key.as_str() {
                            "schema" => found.push(part),
                            "content" => media_types(part, &mut found),
                            _ => {}
                        }
                    }
                }
            }
            "requestBody" => contents(part, &mut found),
            "responses" | ORIGINAL_RESPONSES => {
                for (_, response) in entries_mut(Some(part)) {
                    let Some(response) = response.as_object_mut() else {
                        continue;
                    };
                    for (key, part) in response.iter_mut() {
                        match key.as_str() {
                            "content" => media_types(part, &mut found),
                            "headers" => {
                                for (_, header) in entries_mut(Some(part)) {
                                    found.extend(header.get_mut("schema"));
                                }
                            }
                            _ => {}
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn contents<'v>(part: &'v mut Value, found: &mut Vec<&'v mut Value>) {
    if let Some(content) = part.get_mut("content") {
        media_types(content, found);
    }
}

fn media_types<'v>(content: &'v mut Value, found: &mut Vec<&'v mut Value>) {
    for (_, media_type) in entries_mut(Some(content)) {
        found.extend(media_type.get_mut("schema"));
    }
}

/// Visits a schema and those inside of it.
pub(crate) fn visit_below(
    schema: &mut Value,
    operation: Option<&str>,
    visit: &mut dyn FnMut(&mut Object, Option<&str>),
) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    visit(object, operation);
    for inner in child_schemas_mut(object) {
        visit_below(inner, operation, visit);
    }
}

/// The direct subschemas of a schema, mutably.
pub(crate) fn child_schemas_mut(object: &mut Object) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (key, value) in object.iter_mut() {
        match key.as_str() {
            "properties" | "patternProperties" => {
                found.extend(entries_mut(Some(value)).map(|(_, value)| value));
            }
            "items" | "additionalProperties" | "not" => found.push(value),
            "allOf" | "anyOf" | "oneOf" => found.extend(elements_mut(Some(value))),
            _ => {}
        }
    }
    found
}

/// The direct subschemas of a schema.
pub(crate) fn child_schemas(object: &Object) -> impl Iterator<Item = &Value> {
    object.iter().flat_map(|(key, value)| {
        let mut found = Vec::new();
        match key.as_str() {
            "properties" | "patternProperties" => {
                found.extend(entries(Some(value)).map(|(_, value)| value));
            }
            "items" | "additionalProperties" | "not" => found.push(value),
            "allOf" | "anyOf" | "oneOf" => found.extend(elements(Some(value))),
            _ => {}
        }
        found
    })
}

/// The string value of a key, if the value is an object.
pub(crate) fn string_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Removes an operation from the document.
pub(crate) fn remove(document: &mut Value, route: &Route) {
    let item = document
        .get_mut("paths")
        .and_then(|paths| paths.get_mut(&route.path));
    if let Some(item) = object_mut(item) {
        item.shift_remove(route.method);
    }
}
