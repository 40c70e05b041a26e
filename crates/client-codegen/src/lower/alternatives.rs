//! `anyOf` of values that are no objects.
//!
//! Typify makes alternatives that can hold together a struct with a field for each, which no string
//! and no number can be. Said as `oneOf` they are an enum, whose first fitting variant is taken.

use serde_json::{Value, json};

use super::Draft;
use super::rewrite::ANY_OF;
use super::walk::{self, Object};

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, .. } = draft;
    let document = json!({ "components": value.get("components").cloned().unwrap_or_default() });
    walk::schemas(value, &mut |schema, _| {
        let Some(parts) = schema.get("anyOf") else {
            return;
        };
        if schema.contains_key("oneOf")
            || walk::elements(Some(parts)).count() < 2
            || walk::elements(Some(parts)).all(|part| is_object(&document, part, 0))
        {
            return;
        }
        if let Some(parts) = schema.shift_remove("anyOf") {
            schema.insert("oneOf".to_owned(), parts);
            schema.insert(ANY_OF.to_owned(), Value::Bool(true));
        }
    });
}

/// Whether a schema allows objects alone.
fn is_object(document: &Value, schema: &Value, depth: usize) -> bool {
    let Some(schema) = walk::resolve(document, schema) else {
        return false;
    };
    let says_so = |schema: &Object| match walk::text(schema, "type") {
        Some(ty) => ty == "object",
        None => schema.contains_key("properties") || schema.contains_key("required"),
    };
    if walk::is_true(schema, "nullable") {
        return false;
    }
    says_so(schema)
        || (depth < 16
            && (walk::elements(schema.get("allOf"))
                .any(|part| is_object(document, part, depth + 1))
                || ["oneOf", "anyOf"].iter().any(|key| {
                    let mut parts = walk::elements(schema.get(*key)).peekable();
                    parts.peek().is_some() && parts.all(|part| is_object(document, part, depth + 1))
                })))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::cases::{answers, contract, lowered};

    #[test]
    fn alternatives_of_strings_are_an_enum() {
        let outcome = lowered(&contract(
            answers(json!({ "$ref": "#/components/schemas/Model" })),
            json!({ "Model": { "anyOf": [
                { "type": "string", "enum": ["small", "large"] }, { "type": "string" },
            ] } }),
        ));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
        assert!(outcome.code.contains("pubenumModel"), "{}", outcome.code);
        assert!(!outcome.code.contains("subtype_0"), "{}", outcome.code);
    }
}
