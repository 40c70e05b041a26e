//! Drops defaults that are not values of the client's types.
//!
//! A default fills in a property that is missing from a response, so it must be a value of its type.

use serde_json::Value;

use super::openapi_31::is_of;
use super::walk::{self, Object};
use super::{Change, Draft, NameMangler, PassKind};
use crate::rules;

const WEAKENED: PassKind = PassKind::weakened(rules::DEFAULTS);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        mangler,
        ..
    } = draft;
    let document = walk::components_document(value);
    let check = DefaultCheck {
        document: &document,
        mangler,
    };
    walk::schemas(value, &mut |schema, operation| {
        let Some(default) = schema.get("default") else {
            return;
        };
        match check.fit(schema, default, 0) {
            Some(fitting) if fitting == *default => {}
            Some(fitting) => {
                schema.insert("default".to_owned(), fitting);
            }
            None => {
                let shown = default.to_string();
                let shown = match shown.char_indices().nth(60) {
                    Some((end, _)) => format!("{}...", &shown[..end]),
                    None => shown,
                };
                let message = Change::new(
                    format!(
                        "the default `{shown}` is not a valid value of the schema; it is dropped"
                    ),
                    "The client does not fill in the default.",
                    "Use a default that the schema allows, or remove it.",
                );
                log.record_object(WEAKENED, schema, Some("default"), operation, message);
                schema.shift_remove("default");
            }
        }
    });
}

struct DefaultCheck<'a> {
    document: &'a Value,
    mangler: &'a NameMangler,
}

impl DefaultCheck<'_> {
    /// The value in the form of the draft, if the Rust type of the schema allows it.
    fn fit(&self, schema: &Object, value: &Value, depth: usize) -> Option<Value> {
        if depth > 32 {
            return None;
        }
        let inner = |schema: &Value, value: &Value| {
            let schema = walk::resolve(self.document, schema)?;
            self.fit(schema, value, depth + 1)
        };
        if value.is_null() {
            return walk::is_true(schema, "nullable").then(|| value.clone());
        }
        if let Some(values) = schema.get("enum") {
            return walk::elements(Some(values))
                .find(|one| match (one.as_str(), value.as_str()) {
                    (Some(one), Some(value)) => self.mangler.demangle(one) == value,
                    _ => *one == value,
                })
                .filter(|_| {
                    !["allOf", "anyOf", "oneOf"]
                        .iter()
                        .any(|key| schema.contains_key(*key))
                })
                .cloned();
        }
        if let Some(parts) = schema.get("allOf") {
            let mut parts = walk::elements(Some(parts));
            let only = parts.next()?;
            if parts.next().is_some() || schema.contains_key("properties") {
                return None;
            }
            return inner(only, value);
        }
        if let Some(parts) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
            // For an object, typify cannot tell which alternative the default is.
            if value.is_object() {
                return None;
            }
            for part in walk::elements(Some(parts)) {
                let fitting = inner(part, value);
                // typify chooses the first alternative that seems to match, and treats any string as a
                // value of a format.
                if fitting.is_some() || (value.is_string() && self.has_format(part)) {
                    return fitting;
                }
            }
            return None;
        }
        let Some(ty) = walk::string(schema, "type") else {
            return (!schema.contains_key("properties") && !schema.contains_key("not"))
                .then(|| value.clone());
        };
        if !is_of(value, ty) {
            return None;
        }
        match value {
            Value::String(text) => is_valid_string(schema, text).then(|| value.clone()),
            Value::Number(number) => {
                let number = number.as_f64()?;
                let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
                let is_open = |key: &str| walk::is_true(schema, key);
                let above = bound("minimum").is_none_or(|minimum| {
                    number > minimum || (number == minimum && !is_open("exclusiveMinimum"))
                });
                let below = bound("maximum").is_none_or(|maximum| {
                    number < maximum || (number == maximum && !is_open("exclusiveMaximum"))
                });
                if ty == "integer" {
                    let range = match walk::string(schema, "format") {
                        Some("int32") => -2_147_483_648.0..=2_147_483_647.0,
                        Some("uint32") => 0.0..=4_294_967_295.0,
                        Some("int8") => -128.0..=127.0,
                        Some("uint8") => 0.0..=255.0,
                        Some("int16") => -32_768.0..=32_767.0,
                        Some("uint16") => 0.0..=65_535.0,
                        Some("uint64" | "uint") => 0.0..=1.8e19,
                        _ => -9.2e18..=9.2e18,
                    };
                    if !range.contains(&number) {
                        return None;
                    }
                }
                let whole = (ty == "integer" && !value.is_i64() && !value.is_u64())
                    .then_some(number as i64);
                (above && below).then(|| whole.map_or_else(|| value.clone(), Value::from))
            }
            Value::Array(values) => {
                let items = schema.get("items");
                let values: Option<Vec<Value>> = values
                    .iter()
                    .map(|value| {
                        items.map_or_else(|| Some(value.clone()), |items| inner(items, value))
                    })
                    .collect();
                let values = values?;
                let is_set = walk::is_true(schema, "uniqueItems");
                let has_duplicates = values
                    .iter()
                    .enumerate()
                    .any(|(at, one)| values[..at].contains(one));
                (!(is_set && has_duplicates)).then_some(Value::Array(values))
            }
            Value::Object(members) => self.object(schema, members, depth),
            other => Some(other.clone()),
        }
    }

    /// Whether a schema is a string with a format.
    fn has_format(&self, schema: &Value) -> bool {
        walk::resolve(self.document, schema).is_some_and(|schema| {
            walk::string(schema, "type") == Some("string") && schema.contains_key("format")
        })
    }

    fn object(&self, schema: &Object, members: &Object, depth: usize) -> Option<Value> {
        let declared = schema.get("properties").and_then(Value::as_object);
        for name in walk::elements(schema.get("required")).filter_map(Value::as_str) {
            if !members.contains_key(&self.mangler.demangle(name)) {
                return None;
            }
        }
        let mut fitting = Object::new();
        for (name, value) in members {
            let property = declared
                .into_iter()
                .flatten()
                .find(|(declared, _)| self.mangler.demangle(declared) == *name);
            let (name, inner) = match (property, schema.get("additionalProperties")) {
                (Some((name, inner)), _) => (name, inner),
                (None, Some(inner)) if inner.is_object() => (name, inner),
                (None, None | Some(Value::Bool(true))) if declared.is_none() => {
                    fitting.insert(name.clone(), value.clone());
                    continue;
                }
                _ => return None,
            };
            let inner = walk::resolve(self.document, inner)?;
            fitting.insert(name.clone(), self.fit(inner, value, depth + 1)?);
        }
        Some(Value::Object(fitting))
    }
}

/// Whether a string is valid for the format, lengths and pattern of a schema.
fn is_valid_string(schema: &Object, text: &str) -> bool {
    let count = |key: &str| schema.get(key).and_then(Value::as_u64);
    let length = text.chars().count() as u64;
    let digits = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_date = |text: &str| {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        year.is_some_and(|year| digits(year, 4))
            && month.is_some_and(|month| digits(month, 2) && ("01"..="12").contains(&month))
            && day.is_some_and(|day| digits(day, 2) && ("01"..="28").contains(&day))
    };
    let has_format = match walk::string(schema, "format") {
        Some("date") => is_date(text),
        Some("date-time") => text.get(..10).is_some_and(is_date) && text.len() >= 20,
        Some("uuid") => {
            let parts: Vec<usize> = text.split('-').map(str::len).collect();
            parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
        }
        Some("ip") => text.parse::<std::net::IpAddr>().is_ok(),
        Some("ipv4") => text.parse::<std::net::Ipv4Addr>().is_ok(),
        Some("ipv6") => text.parse::<std::net::Ipv6Addr>().is_ok(),
        _ => true,
    };
    has_format
        && count("minLength").is_none_or(|least| length >= least)
        && count("maxLength").is_none_or(|most| length <= most)
        && !(schema.contains_key("pattern") && text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered, responding_with};

    #[test]
    fn invalid_default_is_dropped() {
        let outcome = lowered(&contract(
            responding_with(json!({ "type": "object", "properties": {
                "count": { "type": "integer", "default": "three" },
                "day": { "type": "string", "format": "date", "default": "today" },
                "level": { "allOf": [{ "$ref": "#/components/schemas/Level" }], "default": "none" },
                "kept": { "allOf": [{ "$ref": "#/components/schemas/Level" }], "default": "low" },
            } })),
            json!({ "Level": { "type": "string", "enum": ["low", "high"] } }),
        ));
        let dropped = outcome
            .rewrites
            .iter()
            .filter(|one| one.fact.contains("is not a valid value"))
            .count();
        assert_eq!(dropped, 3, "{:#?}", outcome.rewrites);
        assert!(
            outcome.code.contains("super::Level::Low"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn default_belongs_to_the_alternative_that_typify_chooses() {
        let time = json!({ "type": "string", "format": "date-time" });
        let word = json!({ "type": "string", "enum": ["default"] });
        for (alternatives, is_kept) in [(json!([time, word]), false), (json!([word, time]), true)] {
            let schema = json!({ "type": "object", "properties": {
                "at": { "oneOf": alternatives, "default": "default" } } });
            let outcome = lowered(&contract(responding_with(schema), json!({})));
            let dropped = outcome.rewrites.iter();
            let mut dropped = dropped.filter(|one| one.fact.contains("is not a valid value"));
            assert_eq!(dropped.next().is_none(), is_kept, "{:#?}", outcome.rewrites);
        }
    }
}
