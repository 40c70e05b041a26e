//! Lookups in the contract as written, before lowering.

use openapi_contract::document::JsonPointer;
use serde_json::Value;

use crate::client_ir::Operation;

/// The maximum length of a chain of references.
const DEPTH: usize = 32;

/// Follows the references of a value. Returns the value itself if a reference cannot be resolved.
pub(super) fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut found = value;
    for _ in 0..DEPTH {
        let Some(target) = found.get("$ref").and_then(Value::as_str) else {
            break;
        };
        match target.strip_prefix('#').and_then(|at| document.pointer(at)) {
            Some(next) => found = next,
            None => break,
        }
    }
    found
}

/// Returns the operation object in the contract.
pub(super) fn operation<'a>(document: &'a Value, operation: &Operation) -> Option<&'a Value> {
    let item = document.get("paths")?.get(&operation.plan.path)?;
    resolve(document, item).get(operation.plan.http_method)
}

/// Returns the JSON pointer of a value in an operation.
pub(super) fn pointer(operation: &Operation, tokens: &[&str]) -> JsonPointer {
    let operation: [&str; 3] = ["paths", &operation.plan.path, operation.plan.http_method];
    operation.iter().chain(tokens).collect()
}

/// Returns the name of the component schema that a reference points to.
pub(super) fn component(schema: &Value) -> Option<&str> {
    let target = schema.get("$ref")?.as_str()?;
    target.strip_prefix("#/components/schemas/")
}

/// Returns the type of a schema if it has a single one, not counting `null`.
pub(super) fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => {
            let mut names = names.iter().filter_map(Value::as_str);
            let first = names.by_ref().find(|name| *name != "null")?;
            names.all(|name| name == "null").then_some(first)
        }
        _ => None,
    }
}

/// Returns the `format` of a schema, or an empty string.
pub(super) fn format_of(schema: &Value) -> &str {
    schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Returns the `description` in the contract for a doc comment, or the given default.
pub(super) fn description(of: &Value, otherwise: &str) -> String {
    let text = of.get("description").and_then(Value::as_str);
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => text.to_owned(),
        None => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{resolve, type_of};

    #[test]
    fn references_are_followed_and_cycles_end() {
        let document = json!({ "a": { "$ref": "#/b" }, "b": { "$ref": "#/c" }, "c": 3,
                               "round": { "$ref": "#/round" } });
        assert_eq!(resolve(&document, &document["a"]), 3);
        assert_eq!(resolve(&document, &document["round"]), &document["round"]);
    }

    #[test]
    fn null_is_no_type_of_its_own() {
        assert_eq!(
            type_of(&json!({ "type": ["null", "string"] })),
            Some("string")
        );
        assert_eq!(type_of(&json!({ "type": ["integer", "string"] })), None);
    }
}
