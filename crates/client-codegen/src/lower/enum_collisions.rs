//! Renames enum values that would become the same variant.

use std::collections::HashSet;

use openapi_contract::rust_names;
use serde_json::Value;

use super::merged_object::is_annotation;
use super::unused_names::first_unused;
use super::walk::{self, Object};
use super::{Draft, NameMangler, PassKind};
use crate::identifiers::variant_names;
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::ENUM_COLLISIONS);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        mangler,
        ..
    } = draft;
    walk::schemas(value, &mut |schema, operation| {
        if let Some(values) = alternatives(schema).filter(|values| collide(values)) {
            let values = Value::from_iter(values);
            let message = "alternatives with colliding enum values become one enum";
            log.record_object(EXACT, schema, Some("oneOf"), operation, message);
            schema.shift_remove("oneOf");
            schema.insert("type".to_owned(), Value::from("string"));
            schema.insert("enum".to_owned(), values);
        }
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            return;
        };
        let strings: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        if !collide(&strings) || !values.iter().all(|v| v.is_string() || v.is_null()) {
            return;
        }
        let names = distinct_names(&strings, mangler);
        let renamed: Vec<String> = names
            .iter()
            .filter(|(written, new)| written != new)
            .map(|(written, new)| format!("`{written}` is `{}`", rust_names::type_name(new)))
            .collect();
        let message = format!(
            "enum values have the same Rust name; they are renamed: {}",
            renamed.join(", ")
        );
        log.record_object(EXACT, schema, Some("enum"), operation, message);
        let mut values: Vec<Value> = values.clone();
        let mut names = names.into_iter().map(|(_, new)| new);
        for value in values.iter_mut().filter(|value| value.is_string()) {
            if let Some(new) = names.next() {
                *value = Value::from(new);
            }
        }
        schema.insert("enum".to_owned(), Value::Array(values));
    });
}

/// Whether two values would become the same variant.
fn collide(strings: &[&str]) -> bool {
    let names = variant_names(strings);
    let unique: HashSet<&String> = names.iter().collect();
    unique.len() < names.len()
}

/// The enum values of the alternatives of a schema, if they are distinct strings.
fn alternatives(schema: &Object) -> Option<Vec<&str>> {
    let parts = schema.get("oneOf")?.as_array()?;
    let lists: Option<Vec<Vec<&str>>> = parts.iter().map(strings).collect();
    let strings = lists?.concat();
    let unique: HashSet<&str> = strings.iter().copied().collect();
    (unique.len() == strings.len()).then_some(strings)
}

/// The enum values of a schema, if they are strings and nothing else constrains it.
fn strings(schema: &Value) -> Option<Vec<&str>> {
    let schema = schema.as_object()?;
    let mut keys = schema.keys().map(String::as_str);
    let is_list = keys.all(|key| ["enum", "type"].contains(&key) || is_annotation(key));
    let values = schema.get("enum").and_then(Value::as_array);
    values
        .filter(|_| is_list)?
        .iter()
        .map(Value::as_str)
        .collect()
}

/// The values with their names in the draft.
fn distinct_names(strings: &[&str], mangler: &mut NameMangler) -> Vec<(String, String)> {
    let mut taken = HashSet::new();
    let mut names = Vec::new();
    for text in strings {
        let has_letters = text.chars().any(char::is_alphanumeric);
        let starts_plain = text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if has_letters && starts_plain && taken.insert(rust_names::type_name(text)) {
            names.push(((*text).to_owned(), (*text).to_owned()));
            continue;
        }
        let mut base = spelled_out(text);
        if taken.contains(&rust_names::type_name(&base)) {
            if text.chars().any(char::is_uppercase) && *text == text.to_uppercase() {
                base = format!("{}_upper", base.to_lowercase());
            } else if *text == text.to_lowercase() {
                base = format!("{base}_lower");
            }
        }
        let name = first_unused(&base, |name| taken.insert(rust_names::type_name(name)));
        names.push(((*text).to_owned(), mangler.mangle(text, &name)));
    }
    names
}

/// A string with words for its punctuation.
fn spelled_out(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    let mut words = String::new();
    for c in text.chars() {
        let word = match c {
            '<' => "less",
            '>' => "greater",
            '=' => "equal",
            '!' => "not",
            '+' => "plus",
            '-' => "minus",
            '*' => "star",
            '/' => "slash",
            '\\' => "backslash",
            '%' => "percent",
            '&' => "and",
            '|' => "or",
            '^' => "caret",
            '~' => "tilde",
            '.' => "dot",
            ',' => "comma",
            ':' => "colon",
            ';' => "semicolon",
            '?' => "question",
            '#' => "hash",
            '@' => "at",
            '$' => "dollar",
            '(' | ')' => "parenthesis",
            '[' | ']' => "bracket",
            '{' | '}' => "brace",
            '"' | '\'' | '`' => "quote",
            '_' => "underscore",
            ' ' => "_",
            c if c.is_alphanumeric() => {
                words.push(c);
                continue;
            }
            _ => "sign",
        };
        words.push('_');
        words.push_str(word);
        words.push('_');
    }
    let parts: Vec<&str> = words.split('_').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        "space".to_owned()
    } else {
        parts.join("_")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered, responding_with};

    #[test]
    fn colliding_values_of_alternatives_become_one_enum() {
        let outcome = lowered(&contract(
            responding_with(
                json!({ "oneOf": [{ "enum": ["x"], "title": "Small" }, { "enum": ["X", "y"] }] }),
            ),
            json!({}),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(code.contains("rename=\"X\")]XUpper"), "{code}");
    }

    #[test]
    fn colliding_values_are_renamed() {
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "object", "properties": {
                "order": { "type": "string", "enum": ["asc", "ASC", "-asc"], "default": "ASC" },
                "sign": { "type": "string", "enum": ["<", "<=", ">", ""] },
            } })),
            json!({}),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        for variant in [
            "Asc,",
            "AscUpper,",
            "MinusAsc,",
            "Less,",
            "LessEqual,",
            "Greater,",
            "Empty,",
        ] {
            assert!(code.contains(variant), "{variant}: {code}");
        }
        assert!(code.contains("rename=\"ASC\")]AscUpper"), "{code}");
        assert!(
            code.contains("Self::AscUpper=>f.write_str(\"ASC\")"),
            "{code}"
        );
    }

    #[test]
    fn distinct_values_keep_their_names() {
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "string", "enum": ["a-b", "ab", "B"] })),
            json!({}),
        ));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
    }
}
