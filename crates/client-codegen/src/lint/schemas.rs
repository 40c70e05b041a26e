//! Schemas that progenitor does not support as written, and property names that are equal in Rust.

use std::collections::{HashMap, HashSet};

use openapi_contract::document::Value;
use openapi_contract::lint::{InventoryItem, Lint, ObjectKind, at};
use openapi_contract::model::Dialect;
use openapi_contract::rust_names;

use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document();
    if lint.contract().dialect != Dialect::OpenApi30 {
        let version = document
            .get_text(document.root(), "openapi")
            .unwrap_or_default();
        let fact = format!("the document uses OpenAPI {version}");
        let location = at(document.root()).property("openapi");
        lint.report(rules::VERSION_NOT_GENERATED, location, fact);
    }
    let inventory = lint.inventory();
    for part in inventory.of(ObjectKind::Schema) {
        properties(lint, part);
        default(lint, part);
        nullable(lint, part);
    }
}

fn properties(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document();
    let Some(properties) = document.get(part.node, "properties") else {
        return;
    };
    let mut first: HashMap<String, &str> = HashMap::new();
    let additional = document.get(part.node, "additionalProperties");
    if additional.is_some_and(|node| matches!(document.node(node).value, Value::Object(_))) {
        // The name of the field that contains undeclared properties.
        first.insert("extra".to_owned(), "additionalProperties");
    }
    for entry in document.entries(properties) {
        let field = rust_names::field_name(entry.key);
        match first.get(&field) {
            Some(other) => {
                let fact = format!(
                    "`{other}` and `{}` both map to the Rust field `{field}`",
                    entry.key
                );
                let location = at(properties).property(entry.key);
                lint.report(rules::PROPERTY_NAME_CLASH, location, fact);
            }
            None => {
                first.insert(field, entry.key);
            }
        }
    }
}

/// progenitor merges `anyOf` members with the same type into an object, and a scalar default is not an
/// object.
fn default(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document();
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
            let fact = format!(
                "the schema has a `default`, and two `anyOf` members with the type `{kind}`"
            );
            lint.report(
                rules::DEFAULT_BESIDE_ANY_OF,
                at(part.node).property("default"),
                fact,
            );
            return;
        }
    }
}

fn nullable(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document();
    let components = &lint.inventory().components;
    let component = part.component.map(|index| components[index]);
    let Some(component) = component.filter(|component| component.node == part.node) else {
        return;
    };
    let is_choice = ["enum", "anyOf", "oneOf"]
        .iter()
        .any(|key| document.get(part.node, key).is_some());
    if is_choice && document.get_bool(part.node, "nullable") == Some(true) {
        let fact = format!("the component `{}` is nullable", component.name);
        lint.report(
            rules::NULLABLE_COMPONENT,
            at(part.node).property("nullable"),
            fact,
        );
    }
}
