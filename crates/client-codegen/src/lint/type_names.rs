//! Schemas that map to the same type name in Rust.
//!
//! A component's type has the name of the component. The type of an inline schema is named after its
//! `title` or its location: `{OperationId}Response`, `{Type}{Property}`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use openapi_contract::document::{Document, Entries, NodeId, Value};
use openapi_contract::lint::{Lint, PathOperation, at};
use openapi_contract::rules::Rule;
use openapi_contract::rust_names;

use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut names = TypeNameClashes {
        types: HashMap::new(),
        operation: None,
    };
    let schemas = lint.inventory().components.iter();
    let schemas: Vec<_> = schemas
        .filter(|component| component.group == "schemas")
        .collect();
    for component in &schemas {
        names.component(lint, component.name, component.node);
    }
    for component in schemas {
        if lint.document().get_text(component.node, "$ref").is_none() {
            names.nested(lint, component.node, component.name);
        }
    }
    for path_operation in lint.operations() {
        if let Some(id) = &path_operation.operation.id {
            names.operation = Some(path_operation);
            names.bodies(lint, path_operation, id);
        }
    }
}

/// Whether an inline schema has its own type, rather than `String`, `Vec<...>` or similar.
pub(super) fn has_own_type(document: &Document, schema: NodeId) -> bool {
    let has = |key: &str| document.get(schema, key).is_some();
    let count = |key: &str| {
        document
            .get(schema, key)
            .map_or(0, |array| document.elements(array).len())
    };
    if has("$ref") {
        return false;
    }
    if ["allOf", "anyOf", "oneOf"].iter().any(|key| count(key) > 1) {
        return true;
    }
    match document.get_text(schema, "type") {
        Some("string") => {
            let is_native = matches!(
                document.get_text(schema, "format"),
                Some("uuid" | "date" | "date-time" | "ip" | "ipv4" | "ipv6")
            );
            let is_checked = has("pattern") || has("minLength") || has("maxLength");
            has("enum") || (is_checked && !is_native)
        }
        Some("integer" | "number") => has("enum"),
        Some("object") | None => has("properties") || has("enum"),
        _ => false,
    }
}

/// What a type is named after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Component,
    Title,
    Response,
    Location,
}

struct TypeNameClashes<'a> {
    types: HashMap<String, (NodeId, Origin, String)>,
    /// The operation whose schemas are being named; `None` for components.
    operation: Option<&'a PathOperation<'a>>,
}

impl TypeNameClashes<'_> {
    /// The inline schemas of an operation.
    fn bodies(&mut self, lint: &mut Lint<'_>, path_operation: &PathOperation<'_>, id: &str) {
        let operation = path_operation.operation;
        for parameter in operation.parameters.values() {
            if let Some(schema) = parameter.schema_node {
                let name = format!("{id}-{}", parameter.name);
                self.inline(lint, schema, &name, Origin::Location);
            }
        }
        let body = operation.request_body.iter();
        for body in body.flat_map(|body| body.content.values()) {
            if let Some(schema) = body.schema_node {
                self.inline(lint, schema, &format!("{id}-body"), Origin::Location);
            }
        }
        for response in operation.responses.values() {
            let mut content = response.content.iter();
            let json = content.find(|(media_type, _)| media_type.essence() == "application/json");
            if let Some(schema) = json.and_then(|(_, body)| body.schema_node) {
                self.inline(lint, schema, &format!("{id}-response"), Origin::Response);
            }
        }
    }

    fn component(&mut self, lint: &mut Lint<'_>, name: &str, node: NodeId) {
        let type_name = rust_names::type_name(name);
        match self.types.entry(type_name) {
            Entry::Occupied(entry) => {
                let (_, _, other) = entry.get();
                let fact = format!(
                    "the schemas {other} and `{name}` both map to the Rust type `{}`",
                    entry.key()
                );
                lint.report(rules::TYPE_NAME_CLASH, at(node), fact);
            }
            Entry::Vacant(entry) => {
                entry.insert((node, Origin::Component, format!("`{name}`")));
            }
        }
    }

    /// An inline schema, and those inside it.
    fn inline(&mut self, lint: &mut Lint<'_>, node: NodeId, name: &str, origin: Origin) {
        let document = lint.document();
        if document.get_text(node, "$ref").is_some() {
            return;
        }
        let (name, origin) = match document.get_text(node, "title") {
            Some(title) => (title, Origin::Title),
            None => (name, origin),
        };
        if has_own_type(document, node) && !self.is_new(lint, node, name, origin) {
            return;
        }
        self.nested(lint, node, name);
    }

    /// Records the name of an inline schema. Returns whether it is the first with that name.
    fn is_new(&mut self, lint: &mut Lint<'_>, node: NodeId, name: &str, origin: Origin) -> bool {
        let document = lint.document();
        match self.types.entry(rust_names::type_name(name)) {
            Entry::Occupied(entry) => {
                let (first, first_origin, other) = entry.get();
                if !is_same_schema(document, *first, node) {
                    let line = document
                        .source_of(*first)
                        .position(document.node(*first).span.start)
                        .line;
                    let fact = match first_origin {
                        Origin::Component => {
                            format!(
                                "this inline schema and the component {other} both map to the Rust type `{}`",
                                entry.key()
                            )
                        }
                        _ => format!(
                            "this inline schema and another one at line {line} both map to the Rust type `{}`",
                            entry.key()
                        ),
                    };
                    let location = match self.operation {
                        Some(operation) => at(node).of(operation),
                        None => at(node),
                    };
                    lint.report(rule(*first_origin, origin), location, fact);
                }
                false
            }
            Entry::Vacant(entry) => {
                entry.insert((node, origin, name.to_owned()));
                true
            }
        }
    }

    /// The inline schemas directly inside a named one.
    fn nested(&mut self, lint: &mut Lint<'_>, node: NodeId, name: &str) {
        let document = lint.document();
        for entry in document.members(node, "properties") {
            let name = rust_names::property_type(name, entry.key);
            self.inline(lint, entry.value, &name, Origin::Location);
        }
        if let Some(items) = document.get(node, "items") {
            self.inline(lint, items, &format!("{name}Item"), Origin::Location);
        }
        if let Some(values) = document.get(node, "additionalProperties") {
            let suffix = if document.get(node, "properties").is_some() {
                "_extraValue"
            } else {
                "Value"
            };
            self.inline(lint, values, &format!("{name}{suffix}"), Origin::Location);
        }
    }
}

fn rule(first: Origin, second: Origin) -> Rule {
    match (first, second) {
        (Origin::Title, _) | (_, Origin::Title) => rules::TITLE_CLASH,
        (Origin::Response, Origin::Response) => rules::RESPONSE_NAME_CLASH,
        _ => rules::TYPE_NAME_CLASH,
    }
}

/// Whether two schemas allow the same values: they are equal apart from descriptions, examples and
/// extensions.
fn is_same_schema(document: &Document, a: NodeId, b: NodeId) -> bool {
    if a == b {
        return true;
    }
    match (document.node(a).value, document.node(b).value) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => {
            let mut pairs = a.iter().zip(b);
            a.len() == b.len() && pairs.all(|(&a, &b)| is_same_schema(document, a, b))
        }
        (Value::Object(first), Value::Object(second)) => {
            let count = |entries: Entries<'_>| {
                entries
                    .iter()
                    .filter(|entry| !is_annotation(entry.key))
                    .count()
            };
            count(first) == count(second)
                && first
                    .iter()
                    .filter(|entry| !is_annotation(entry.key))
                    .all(|entry| {
                        document
                            .get(b, entry.key)
                            .is_some_and(|other| is_same_schema(document, entry.value, other))
                    })
        }
        _ => false,
    }
}

fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "description" | "summary" | "example" | "examples" | "externalDocs"
    ) || key.starts_with("x-")
}
