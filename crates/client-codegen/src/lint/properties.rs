//! Properties that map to the same field name in Rust.

use std::collections::HashMap;

use openapi_contract::document::Value;
use openapi_contract::lint::{InventoryItem, Lint, ObjectKind, at};
use openapi_contract::rust_names;

use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let inventory = lint.inventory();
    for part in inventory.of(ObjectKind::Schema) {
        properties(lint, part);
    }
}

fn properties(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document();
    let Some(properties) = document.get(part.node, "properties") else {
        return;
    };
    let mut first: HashMap<String, &str> = HashMap::new();
    let additional = document.get(part.node, "additionalProperties");
    let is_kept = |node| {
        matches!(
            document.node(node).value,
            Value::Object(_) | Value::Bool(true)
        )
    };
    if additional.is_some_and(is_kept) {
        // The name of the field that contains undeclared properties.
        first.insert("additional_properties".to_owned(), "additionalProperties");
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
