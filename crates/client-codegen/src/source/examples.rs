//! Shows each operation's examples of the contract in the documentation of its method.

use serde_json::Value;
use syn::{ImplItem, Item, parse_quote};

use crate::operations::Operation;

/// How many lines of an example are shown.
const LINES: usize = 40;

/// The media types whose examples are JSON.
const JSON: &str = "application/json";

/// Adds the examples to the methods of `Client`.
pub(super) fn add(file: &mut syn::File, operations: &[Operation], document: &Value) {
    for item in &mut file.items {
        let Item::Impl(block) = item else { continue };
        for method in &mut block.items {
            let ImplItem::Fn(function) = method else {
                continue;
            };
            let name = function.sig.ident.to_string();
            let Some(operation) = operations.iter().find(|operation| operation.method == name)
            else {
                continue;
            };
            if let Some(text) = of(operation, document) {
                // An empty line, because a list or a paragraph stands before.
                function.attrs.push(parse_quote!(#[doc = ""]));
                function.attrs.push(parse_quote!(#[doc = #text]));
            }
        }
    }
}

/// The examples of an operation, as Markdown.
fn of(operation: &Operation, document: &Value) -> Option<String> {
    let here = document
        .get("paths")?
        .get(&operation.path)?
        .get(&operation.http_method)?;
    let mut text = String::new();
    if let Some(example) = here
        .get("requestBody")
        .and_then(|body| example(document, body))
    {
        text.push_str(&section("Example request body", &example));
    }
    let responses = here.get("responses").and_then(Value::as_object);
    let success = responses
        .into_iter()
        .flatten()
        .find_map(|(status, response)| {
            let example = status
                .starts_with('2')
                .then(|| example(document, response))?;
            Some((status, example?))
        });
    if let Some((status, example)) = success {
        text.push_str(&section(
            &format!("Example answer, with status {status}"),
            &example,
        ));
    }
    (!text.is_empty()).then_some(text)
}

/// The first JSON example of a body or response.
fn example(document: &Value, of: &Value) -> Option<String> {
    let content = resolved(document, of)?.get("content")?.get(JSON)?;
    let direct = content.get("example");
    let named = || {
        let examples = content.get("examples")?.as_object()?;
        resolved(document, examples.values().next()?)?.get("value")
    };
    let in_schema = || resolved(document, content.get("schema")?)?.get("example");
    let value = direct.or_else(named).or_else(in_schema)?;
    serde_json::to_string_pretty(value).ok()
}

/// What a value is, or refers to in this document.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(target) => document.pointer(target.strip_prefix('#')?),
        None => Some(value),
    }
}

/// A titled code block. One that is cut is no JSON any more.
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
    use serde_json::json;

    use super::{example, section};

    #[test]
    fn examples_are_found_where_they_may_be() {
        let document = json!({ "components": { "examples": { "a": { "value": 3 } } } });
        let body = |content| json!({ "content": { "application/json": content } });
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
            assert_eq!(example(&document, &body(content)).as_deref(), expected);
        }
    }

    #[test]
    fn a_long_example_is_cut_and_says_so() {
        let long = "x\n".repeat(50);
        let section = section("A", &long);
        assert!(section.contains("```text\n") && section.ends_with("… and 10 more lines\n```\n\n"));
    }
}
