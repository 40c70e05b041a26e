//! Types of enum values.

use super::inventory::ObjectKind;
use super::{Lint, at};
use crate::document::{NodeId, Value};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let inventory = lint.inventory;
    for part in inventory.of(ObjectKind::Schema) {
        let Some(values) = lint.document.get(part.node, "enum") else {
            continue;
        };
        types(lint, part.node, values);
    }
}

/// Reports the first value that does not have the type of the enum.
fn types(lint: &mut Lint<'_>, schema: NodeId, array: NodeId) {
    let document = lint.document;
    let values = document.elements(array);
    // Null is allowed by `nullable`, not by the type.
    let declared = document.get_text(schema, "type");
    let expected = declared.or_else(|| {
        let mut kinds = values
            .iter()
            .map(|&value| type_of(&document.node(value).value));
        kinds
            .find(|kind| *kind != "null")
            .filter(|_| document.get(schema, "type").is_none())
    });
    let Some(expected) = expected else { return };
    let wrong = values.iter().find(|&&value| {
        let kind = type_of(&document.node(value).value);
        kind != "null" && kind != expected && !(kind == "integer" && expected == "number")
    });
    let Some(&wrong) = wrong else { return };
    let value = document.to_json(wrong);
    let fact = match declared {
        Some(name) => format!("`{value}` does not have the type `{name}`"),
        None => format!("`{value}` does not have the type `{expected}` of the first value"),
    };
    let finding = lint.report(rules::ENUM_VALUE_TYPE, at(wrong), fact);
    if declared.is_none() {
        finding.consequence = "Code generators omit it, or treat it as a string.".to_owned();
    }
    finding.remedy = match expected {
        "string" => format!("Write `'{value}'`, or change the `type`."),
        _ => format!("Use a value of the type `{expected}`, or change the `type`."),
    };
}

fn type_of(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number)
            if number.is_f64() && number.as_f64().is_none_or(|float| float.fract() != 0.0) =>
        {
            "number"
        }
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
