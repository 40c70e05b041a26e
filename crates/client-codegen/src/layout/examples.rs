//! Adds the examples of the contract to the documentation of the client's methods.

use std::collections::HashMap;

use openapi_contract::document::{Document, NodeId};
use syn::{ImplItem, Item};

use crate::client_ir::Operation;
use crate::doc_comments;

/// The maximum number of lines of an example.
const LINES: usize = 40;

/// The media type whose examples are shown.
const JSON: &str = "application/json";

/// Adds the examples to the methods of `Client`.
pub(super) fn add(file: &mut syn::File, operations: &[Operation], document: &Document) {
    let of_method: HashMap<&str, &Operation> = operations
        .iter()
        .map(|operation| (operation.method.as_str(), operation))
        .collect();
    for item in &mut file.items {
        let Item::Impl(block) = item else { continue };
        for method in &mut block.items {
            let ImplItem::Fn(function) = method else {
                continue;
            };
            let name = function.sig.ident.to_string();
            let Some(operation) = of_method.get(name.as_str()) else {
                continue;
            };
            if let Some(text) = of(operation, document) {
                // An empty line ends the list or paragraph before.
                function.attrs.push(doc_comments::line(""));
                function.attrs.push(doc_comments::line(&text));
            }
        }
    }
}

/// Returns the examples of an operation in Markdown.
fn of(operation: &Operation, document: &Document) -> Option<String> {
    let paths = document.get(document.root(), "paths")?;
    let item = resolved(document, document.get(paths, &operation.plan.path)?)?;
    let here = document.get(item, operation.plan.http_method)?;
    let mut text = String::new();
    let body = document.get(here, "requestBody");
    if let Some(example) = body.and_then(|body| example(document, body)) {
        text.push_str(&section("Example request body", &example));
    }
    let mut responses = document.members(here, "responses").iter();
    let success = responses.find_map(|response| {
        let is_success = response.key.starts_with('2');
        let example = is_success.then(|| example(document, response.value))?;
        Some((response.key, example?))
    });
    if let Some((status, example)) = success {
        text.push_str(&section(
            &format!("Example response with status {status}"),
            &example,
        ));
    }
    (!text.is_empty()).then_some(text)
}

/// Returns the first JSON example of a request body or response.
fn example(document: &Document, of: NodeId) -> Option<String> {
    let content = document.get(resolved(document, of)?, "content")?;
    let content = document.get(content, JSON)?;
    let direct = document.get(content, "example");
    let named = || {
        let first = document.members(content, "examples").first()?;
        document.get(resolved(document, first.value)?, "value")
    };
    let in_schema = || {
        let schema = document.get(content, "schema")?;
        document.get(resolved(document, schema)?, "example")
    };
    let value = direct.or_else(named).or_else(in_schema)?;
    serde_json::to_string_pretty(&document.to_json(value)).ok()
}

/// Resolves the reference of a value.
fn resolved(document: &Document, value: NodeId) -> Option<NodeId> {
    document.resolve(value).ok()
}

/// Formats a code block with a title. A truncated example is no longer valid JSON.
fn section(title: &str, example: &str) -> String {
    let mut lines = example.lines();
    let mut shown: Vec<&str> = lines.by_ref().take(LINES).collect();
    let left = lines.count();
    let more = format!("… and {left} more lines");
    let language = match left {
        0 => "json",
        _ => {
            shown.push(&more);
            "text"
        }
    };
    format!("{title}:\n\n```{language}\n{}\n```\n\n", shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use serde_json::{Value, json};

    use super::{example, section};

    #[test]
    fn examples_are_found_in_all_locations() {
        let body = |content: &Value| json!({ "content": { "application/json": content } });
        for (content, expected) in [
            (json!({ "example": 1 }), Some("1")),
            (json!({ "examples": { "x": { "value": 2 } } }), Some("2")),
            (
                json!({ "examples": { "x": { "$ref": "#/components/examples/a" } } }),
                Some("3"),
            ),
            (json!({ "schema": { "example": 4 } }), Some("4")),
            (json!({ "schema": {} }), None),
        ] {
            let contract = json!({
                "body": body(&content),
                "components": { "examples": { "a": { "value": 3 } } },
            });
            let document = Document::parse("contract.json", contract.to_string()).unwrap();
            let body = document.get(document.root(), "body").unwrap();
            assert_eq!(example(&document, body).as_deref(), expected);
        }
    }

    #[test]
    fn long_examples_are_truncated() {
        let long = "x\n".repeat(50);
        let section = section("A", &long);
        assert!(section.contains("```text\n") && section.ends_with("… and 10 more lines\n```\n\n"));
    }
}
