//! Enum values that map to the same variant name in Rust.

use std::collections::HashMap;

use openapi_contract::document::{NodeId, Value};
use openapi_contract::lint::{Lint, ObjectKind, at};

use crate::identifiers::variant_names;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let inventory = lint.inventory();
    for part in inventory.of(ObjectKind::Schema) {
        let Some(values) = lint.document().get(part.node, "enum") else {
            continue;
        };
        if is_string_enum(lint, part.node, values) {
            variants(lint, part.node, values);
        }
    }
}

/// Whether an enum consists of strings and null. The engine reports enums of several types.
fn is_string_enum(lint: &Lint<'_>, schema: NodeId, array: NodeId) -> bool {
    let document = lint.document();
    let mut values = document.elements(array).iter();
    match document.get(schema, "type") {
        // An array of types does not restrict the values to strings.
        Some(_) if document.get_text(schema, "type").is_none() => true,
        Some(_) if document.get_text(schema, "type") != Some("string") => false,
        _ => values
            .all(|&value| matches!(document.node(value).value, Value::String(_) | Value::Null)),
    }
}

fn variants(lint: &mut Lint<'_>, schema: NodeId, array: NodeId) {
    let document = lint.document();
    let values = document.elements(array).iter();
    let texts: Vec<&str> = values.filter_map(|&value| document.text(value)).collect();
    let mut first: HashMap<String, &str> = HashMap::new();
    for (text, name) in texts.iter().zip(variant_names(&texts)) {
        match first.get(&name) {
            Some(other) => {
                let fact = format!("`{other}` and `{text}` both map to the Rust variant `{name}`");
                lint.report(rules::ENUM_VARIANT_CLASH, at(schema).property("enum"), fact);
                return;
            }
            None => {
                first.insert(name, text);
            }
        }
    }
}
