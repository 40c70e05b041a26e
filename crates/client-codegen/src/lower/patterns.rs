//! Patterns that one text has from several parts, and those that nobody can read.
//!
//! Typify makes one of several that looks ahead for each from the same place, where each may be found at
//! another. Those that may be found anywhere say so.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::ecma_patterns::is_readable;
use super::walk;
use super::{Draft, PassKind};

const EXACT: PassKind = PassKind::exact("normalize-keywords");
const WEAKENED: PassKind = PassKind::weakened("normalize-keywords");

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    walk::schemas(value, &mut |schema, operation| {
        if let Some(anchored) = walk::string(schema, "pattern").and_then(anchored) {
            let message =
                r"`\A` and `\Z` are `^` and `$` to the client, as other languages have it";
            log.record_object(EXACT, schema, Some("pattern"), operation, message);
            schema.insert("pattern".to_owned(), Value::from(anchored));
        }
        if walk::string(schema, "pattern").is_some_and(|pattern| !is_readable(pattern)) {
            let message = "the pattern is none of ECMA-262: the client takes any text";
            log.record_object(WEAKENED, schema, Some("pattern"), operation, message);
            schema.shift_remove("pattern");
        }
    });
    let open: HashSet<String> = SharedPattern::of(value)
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
        let message = "of several patterns for one text, each is found anywhere in it";
        log.record_object(EXACT, schema, Some("pattern"), operation, message);
        schema.insert("pattern".to_owned(), Value::from(anywhere));
    });
}

/// A pattern with the anchors of ECMA-262 in place of those that other languages have; nothing where it
/// has none of these.
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

/// Whether a pattern is found at the beginning of a text alone.
fn begins(pattern: &str) -> bool {
    pattern.starts_with('^') && !pattern.contains('|')
}

/// The patterns in what is put together by `allOf`.
#[derive(Default)]
struct SharedPattern {
    /// By the name of the member whose text they are for: those of one member have one.
    patterns: BTreeMap<String, BTreeSet<String>>,
    /// The components that are to be looked through, each with the name that it was referred to by.
    next: Vec<(String, String)>,
    /// Those that were, or will be.
    named: HashSet<(String, String)>,
}

impl SharedPattern {
    /// Looks through all parts of the schemas of a document.
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

    /// Looks through the schema of a member: itself, and its own members where it is new.
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

    use super::super::Fidelity;
    use super::super::test_support::{Outcome, contract, lowered};

    /// What becomes of a parameter with a pattern.
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
    fn a_pattern_that_nobody_can_read_is_not_enforced() {
        for pattern in ["(?i)x", "(", "[z-a]", r"\p{Nowhere}"] {
            let outcome = sent(pattern);
            assert!(
                outcome.has_rewrite(Fidelity::Weakened, "none of ECMA-262"),
                "{pattern}"
            );
        }
    }

    #[test]
    fn anchors_of_other_languages_are_anchors() {
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
    fn patterns_of_one_text_are_found_anywhere_in_it() {
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
        assert!(outcome.has_rewrite(Fidelity::Exact, "found anywhere"));
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
