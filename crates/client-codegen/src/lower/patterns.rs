//! Patterns that are not valid ECMA-262, and several patterns for one string.
//!
//! typify combines several patterns to one with a lookahead for each, which only matches if all match at
//! the same position. So a pattern that may match at any position gets a prefix that matches anything.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::ecma_patterns::is_readable;
use super::walk;
use super::{Change, Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::NORMALIZE_KEYWORDS);
const WEAKENED: PassKind = PassKind::weakened(rules::NORMALIZE_KEYWORDS);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    walk::schemas(value, &mut |schema, operation| {
        if let Some(anchored) = walk::string(schema, "pattern").and_then(anchored) {
            let message =
                r"`\A` and `\Z` are not anchors in ECMA-262; the client reads them as `^` and `$`";
            log.record_object(EXACT, schema, Some("pattern"), operation, message);
            schema.insert("pattern".to_owned(), Value::from(anchored));
        }
        if walk::string(schema, "pattern").is_some_and(|pattern| !is_readable(pattern)) {
            let message = Change::new(
                "the pattern is not a valid regular expression of ECMA-262; it is dropped",
                "The client accepts any string.",
                "Write the pattern in the syntax of ECMA-262 (JavaScript).",
            );
            log.record_object(WEAKENED, schema, Some("pattern"), operation, message);
            schema.shift_remove("pattern");
        }
    });
    let open: HashSet<String> = MergedPatterns::of(value)
        .patterns
        .into_values()
        .filter(|patterns| patterns.len() > 1)
        .flatten()
        .filter(|pattern| !begins(pattern))
        .collect();
    if open.is_empty() {
        return;
    }
    walk::schemas(value, &mut |schema, operation| {
        let Some(pattern) = walk::string(schema, "pattern").filter(|it| open.contains(*it)) else {
            return;
        };
        let anywhere = format!(r"^[\s\S]*(?:{pattern})");
        let message =
            "the string has several patterns; it must match each of them, at any position";
        log.record_object(EXACT, schema, Some("pattern"), operation, message);
        schema.insert("pattern".to_owned(), Value::from(anywhere));
    });
}

/// A pattern with the anchors of other languages replaced by those of ECMA-262; nothing if it has none of
/// them.
fn anchored(pattern: &str) -> Option<String> {
    let mut anchored = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('A') if !in_class => anchored.push('^'),
                Some('Z' | 'z') if !in_class => anchored.push('$'),
                escaped => anchored.extend(std::iter::once(c).chain(escaped)),
            },
            '[' => {
                in_class = true;
                anchored.push(c);
            }
            ']' => {
                in_class = false;
                anchored.push(c);
            }
            c => anchored.push(c),
        }
    }
    (anchored != pattern).then_some(anchored)
}

/// Whether a pattern only matches at the beginning of a string.
fn begins(pattern: &str) -> bool {
    pattern.starts_with('^') && !pattern.contains('|')
}

/// The patterns of strings in schemas that are merged by `allOf`.
#[derive(Default)]
struct MergedPatterns {
    /// The patterns, by the name of the property whose value they apply to.
    patterns: BTreeMap<String, BTreeSet<String>>,
    /// Components to visit, each with the name of the property that refers to it.
    next: Vec<(String, String)>,
    /// Components that were visited or are in `next`.
    named: HashSet<(String, String)>,
}

impl MergedPatterns {
    /// Collects the patterns from all `allOf`s of a document.
    fn of(document: &Value) -> Self {
        let mut found = Self::default();
        found.parts(document);
        let mut seen: HashSet<String> = HashSet::new();
        let components = &document["components"]["schemas"];
        while let Some((name, component)) = found.next.pop() {
            let is_new = seen.insert(component.clone());
            if let Some(schema) = components.get(&component) {
                found.schema(schema, &name, is_new);
            }
        }
        found
    }

    fn parts(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                if object.contains_key("allOf") {
                    self.schema(value, "", true);
                }
                object.values().for_each(|value| self.parts(value));
            }
            Value::Array(elements) => elements.iter().for_each(|value| self.parts(value)),
            _ => {}
        }
    }

    /// Collects the patterns of the schema of a property, and those of its own properties if it is new.
    fn schema(&mut self, schema: &Value, name: &str, is_new: bool) {
        let Some(schema) = schema.as_object() else {
            return;
        };
        if let Some(component) = walk::referenced_component(schema) {
            let named = (name.to_owned(), component.to_owned());
            if self.named.insert(named.clone()) {
                self.next.push(named);
            }
            return;
        }
        if let Some(pattern) = walk::string(schema, "pattern") {
            let patterns = self.patterns.entry(name.to_owned()).or_default();
            patterns.insert(pattern.to_owned());
        }
        let here = ["items", "additionalProperties"]
            .into_iter()
            .filter_map(|key| schema.get(key));
        let parts = ["allOf", "anyOf", "oneOf"]
            .into_iter()
            .flat_map(|key| walk::elements(schema.get(key)));
        for inner in here.chain(parts) {
            self.schema(inner, name, is_new);
        }
        if is_new {
            for (name, inner) in walk::entries(schema.get("properties")) {
                self.schema(inner, name, true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{Outcome, contract, lowered};
    use openapi_contract::Fidelity;

    /// The outcome for a parameter with a pattern.
    fn sent(pattern: &str) -> Outcome {
        let schema = json!({ "type": "string", "pattern": pattern });
        lowered(&contract(
            json!({ "/a": { "get": {
                "operationId": "get",
                "parameters": [{ "name": "q", "in": "query", "schema": schema }],
                "responses": { "204": { "description": "" } },
            } } }),
            json!({}),
        ))
    }

    #[test]
    fn invalid_pattern_is_dropped() {
        for pattern in ["(?i)x", "(", "[z-a]", r"\p{Nowhere}"] {
            let outcome = sent(pattern);
            assert!(
                outcome.has_rewrite(
                    Fidelity::Weakened,
                    "not a valid regular expression of ECMA-262"
                ),
                "{pattern}"
            );
        }
    }

    #[test]
    fn anchors_of_other_languages_are_converted() {
        for (pattern, expected) in [
            (r"\A[a-z]+\Z", Some("^[a-z]+$")),
            (r"^\\A[\A\]\Z]\z", Some(r"^\\A[\A\]\Z]$")),
            (r"^[A-Z]\d$", None),
        ] {
            assert_eq!(super::anchored(pattern).as_deref(), expected, "{pattern}");
        }
        let outcome = sent(r"\A[a-z]+\Z");
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.code.contains("\"^[a-z]+$\""), "{}", outcome.code);
    }

    #[test]
    fn several_patterns_match_at_any_position() {
        let outcome = lowered(&contract(
            json!({ "/a": { "post": {
                "operationId": "send",
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "allOf": [{ "$ref": "#/components/schemas/Base" },
                        { "type": "object", "properties": {
                            "link": { "type": "string", "pattern": "/b/[0-9]+" },
                            "code": { "type": "string", "pattern": "[a-z]$" } } }] } } } },
                "responses": { "204": { "description": "" } },
            } } }),
            json!({ "Base": { "type": "object", "properties": {
                "link": { "type": "string", "pattern": "/a/" },
                "code": { "type": "string", "pattern": "^[0-9]" },
                "name": { "type": "string", "pattern": "[A-Z]" },
            } } }),
        ));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(outcome.has_rewrite(Fidelity::Exact, "at any position"));
        let code = outcome.code;
        for pattern in [
            r"(?=^[\\s\\S]*(?:/a/))(?=^[\\s\\S]*(?:/b/[0-9]+))",
            r"(?=^[0-9])(?=^[\\s\\S]*(?:[a-z]$))",
            "\"[A-Z]\"",
        ] {
            assert!(code.contains(pattern), "{pattern}: {code}");
        }
    }
}
