//! Goes through the operations and schemas of a bundled document.
//!
//! A bundled document has references to component schemas and headers only: parameters, bodies and
//! responses stand where they are used.

use serde_json::{Map, Value};

use crate::http_methods::METHODS;

/// An object of the document.
pub(crate) type Object = Map<String, Value>;

/// How a reference to a component schema begins.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// How a reference to a component header begins.
pub(crate) const HEADERS: &str = "#/components/headers/";

/// Where an operation of a draft keeps the responses that the contract has, if progenitor is told of
/// others.
pub(crate) const ORIGINAL_RESPONSES: &str = "x-responses-of-the-contract";

/// The component schemas with their names.
pub(crate) fn components(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    entries(
        document
            .get("components")
            .and_then(|all| all.get("schemas")),
    )
}

/// The component schemas, to be changed.
pub(crate) fn components_mut(document: &mut Value) -> Option<&mut Object> {
    object_mut(document.get_mut("components")?.get_mut("schemas"))
}

/// The component schema of this name.
pub(crate) fn component<'v>(document: &'v Value, name: &str) -> Option<&'v Value> {
    document.get("components")?.get("schemas")?.get(name)
}

/// The component schema that an object refers to.
pub(crate) fn referenced_component(object: &Object) -> Option<&str> {
    object.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// What a schema is behind its references.
pub(crate) fn resolve<'v>(document: &'v Value, schema: &'v Value) -> Option<&'v Object> {
    resolve_object(document, schema.as_object()?)
}

/// The same of an object.
pub(crate) fn resolve_object<'v>(document: &'v Value, schema: &'v Object) -> Option<&'v Object> {
    let mut object = schema;
    // A chain longer than this leads back to itself.
    for _ in 0..64 {
        let Some(name) = referenced_component(object) else {
            return Some(object);
        };
        object = component(document, name)?.as_object()?;
    }
    None
}

/// The members of an object with their keys; none where there is no object.
pub(crate) fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), value))
}

/// The members of an object, to be changed.
pub(crate) fn entries_mut(value: Option<&mut Value>) -> impl Iterator<Item = (&str, &mut Value)> {
    let members = value
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::iter_mut);
    members.map(|(key, value)| (key.as_str(), value))
}

/// The elements of an array, to be changed.
pub(crate) fn elements_mut(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_array_mut).into_iter().flatten()
}

/// The elements of an array; none where there is no array.
pub(crate) fn elements(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

/// An object, to be changed.
pub(crate) fn object_mut(value: Option<&mut Value>) -> Option<&mut Object> {
    value.and_then(Value::as_object_mut)
}

/// The text of a member.
pub(crate) fn string<'o>(object: &'o Object, key: &str) -> Option<&'o str> {
    object.get(key).and_then(Value::as_str)
}

/// Whether a member is `true`.
pub(crate) fn is_true(object: &Object, key: &str) -> bool {
    object.get(key).and_then(Value::as_bool) == Some(true)
}

/// An operation's place in the document.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) path: String,
    pub(crate) method: &'static str,
}

/// Calls `visit` with every operation, in the order of the document.
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

/// The same with a document that has the components alone, for who looks schemas up.
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

/// Calls `visit` with every schema object: outer before inner, and what is inside is looked for when
/// `visit` is done. The second argument is the id of the operation that the schema is written in.
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

/// Calls `visit` with a schema and those inside of it.
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

/// The schemas right inside of a schema.
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

/// The schemas right inside of a schema, as they are.
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

/// The text of a member of a value.
pub(crate) fn string_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Takes an operation out of the document.
pub(crate) fn remove(document: &mut Value, route: &Route) {
    let item = document
        .get_mut("paths")
        .and_then(|paths| paths.get_mut(&route.path));
    if let Some(item) = object_mut(item) {
        item.shift_remove(route.method);
    }
}
