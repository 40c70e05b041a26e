//! Keywords of a schema that generation fails at, or makes something wrong of.

use std::collections::{HashMap, HashSet};

use super::inventory::{InventoryItem, ObjectKind};
use super::{Lint, at};
use crate::document::Value;
use crate::model::Dialect;
use crate::rules;
use crate::rust_names;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    if lint.contract.dialect != Dialect::OpenApi30 {
        let version = document
            .get_text(document.root(), "openapi")
            .unwrap_or_default();
        let fact = format!("the document is written in OpenAPI {version}");
        let place = at(document.root()).member("openapi");
        lint.found(rules::VERSION_NOT_GENERATED, place, fact);
    }
    let inventory = lint.inventory;
    for part in inventory.of(ObjectKind::Schema) {
        properties(lint, part);
        default(lint, part);
        format(lint, part);
        nullable(lint, part);
    }
}

fn properties(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document;
    let Some(properties) = document.get(part.node, "properties") else {
        return;
    };
    let mut first: HashMap<String, &str> = HashMap::new();
    let additional = document.get(part.node, "additionalProperties");
    if additional.is_some_and(|node| matches!(document.node(node).value, Value::Object(_))) {
        // Undeclared properties are kept in a field of this name.
        first.insert("extra".to_owned(), "additionalProperties");
    }
    for entry in document.entries(properties) {
        let field = rust_names::field_name(entry.key);
        match first.get(&field) {
            Some(other) => {
                let fact = format!("`{}` and `{other}` are both `{field}` in Rust", entry.key);
                let place = at(properties).member(entry.key);
                lint.found(rules::PROPERTY_NAME_CLASH, place, fact);
            }
            None => {
                first.insert(field, entry.key);
            }
        }
    }
}

/// Generators merge the alternatives of an `anyOf` that they cannot tell apart by type into an object,
/// which a plain default is none of.
fn default(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document;
    let (Some(union), Some(default)) = (
        document.get(part.node, "anyOf"),
        document.get(part.node, "default"),
    ) else {
        return;
    };
    if matches!(document.node(default).value, Value::Object(_) | Value::Null) {
        return;
    }
    let mut seen = HashSet::new();
    let types = document.elements(union).iter().filter_map(|&member| {
        let member = document.resolve(member).ok()?;
        document.get_text(member, "type")
    });
    for kind in types {
        if !seen.insert(kind) {
            let fact = format!("there is a default beside an `anyOf` with `{kind}` twice");
            lint.found(
                rules::DEFAULT_BESIDE_ANY_OF,
                at(part.node).member("default"),
                fact,
            );
            return;
        }
    }
}

fn format(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document;
    let kind = document.get_text(part.node, "type");
    let format = document.get_text(part.node, "format");
    if let (Some(kind @ ("object" | "array" | "boolean")), Some(format)) = (kind, format) {
        let fact = format!("`{kind}` has the format `{format}`");
        lint.found(
            rules::FORMAT_UNSUPPORTED,
            at(part.node).member("format"),
            fact,
        );
    }
}

fn nullable(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document;
    let components = &lint.inventory.components;
    let component = part.component.map(|index| components[index]);
    let Some(component) = component.filter(|component| component.node == part.node) else {
        return;
    };
    let is_choice = ["enum", "anyOf", "oneOf"]
        .iter()
        .any(|key| document.get(part.node, key).is_some());
    if is_choice && document.get_bool(part.node, "nullable") == Some(true) {
        let fact = format!("`{}` can be null wherever it is used", component.name);
        lint.found(
            rules::NULLABLE_COMPONENT,
            at(part.node).member("nullable"),
            fact,
        );
    }
}
