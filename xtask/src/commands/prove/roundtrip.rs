//! Compares JSON values before and after a round trip through the client.

use std::collections::HashSet;

use openapi_contract::model::is_json;
use serde_json::{Map, Number, Value};

/// The default values in a contract, which a client may add.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    values: HashSet<String>,
    objects: Vec<Map<String, Value>>,
}

impl Defaults {
    /// All defaults in a document.
    pub(super) fn of(document: &Value) -> Self {
        let mut defaults = Self::default();
        defaults.gather(document);
        defaults
    }

    fn gather(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(default) = members.get("default") {
                    self.values.insert(normalized(default));
                    self.objects.extend(default.as_object().cloned());
                }
                members.values().for_each(|value| self.gather(value));
            }
            Value::Array(elements) => elements.iter().for_each(|value| self.gather(value)),
            _ => {}
        }
    }

    /// Whether a value is a default, or a default object completed by defaults of its properties.
    fn has(&self, value: &Value) -> bool {
        if self.values.contains(&normalized(value)) {
            return true;
        }
        let Value::Object(members) = value else {
            return false;
        };
        self.objects.iter().any(|default| {
            members.iter().all(|(name, value)| match default.get(name) {
                Some(default) => default == value,
                None => self.has(value),
            })
        })
    }
}

/// The normal form of a value: `0` and `0.0` are equal.
fn normalized(value: &Value) -> String {
    match value {
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |number| number.to_string()),
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(normalized).collect();
            format!("[{}]", elements.join(","))
        }
        value => value.to_string(),
    }
}

/// The JSON pointer of the first difference between two values; `None` if they are equivalent.
///
/// Equivalent are equal numbers, the same instant in different time zones, and a missing property
/// and its default.
pub(super) fn difference(sent: &Value, got: &Value, defaults: &Defaults) -> Option<String> {
    match (sent, got) {
        (Value::Object(sent), Value::Object(got)) => {
            let lost = sent.iter().find_map(|(name, value)| {
                let inner = match got.get(name) {
                    Some(got) => difference(value, got, defaults),
                    None => (!defaults.has(value)).then(String::new),
                };
                inner.map(|inner| format!("/{name}{inner}"))
            });
            lost.or_else(|| {
                let mut added = got.iter().filter(|(name, _)| !sent.contains_key(*name));
                added
                    .find(|(_, value)| !defaults.has(value))
                    .map(|(name, _)| format!("/{name}"))
            })
        }
        (Value::Array(sent), Value::Array(got)) if sent.len() == got.len() => {
            let mut pairs = sent.iter().zip(got).enumerate();
            pairs.find_map(|(at, (sent, got))| {
                let inner = difference(sent, got, defaults)?;
                Some(format!("/{at}{inner}"))
            })
        }
        (Value::Number(sent), Value::Number(got)) => (!equal(sent, got)).then(String::new),
        (Value::String(sent), Value::String(got)) => (!equivalent(sent, got)).then(String::new),
        _ => (sent != got).then(String::new),
    }
}

/// The first difference between a part of a request as sent and as received.
pub(super) fn changed(
    part: &str,
    sent: Option<&Value>,
    got: Option<&Value>,
    defaults: &Defaults,
) -> Option<String> {
    match (sent?, got) {
        (sent, Some(got)) if part == "body" && has_json(sent) => difference(sent, got, defaults),
        (sent, Some(got)) => difference(&without_empty(sent), &without_empty(got), defaults),
        // An empty text or form is an empty body.
        (sent, None) if part == "body" && is_empty(&sent["value"]) => None,
        // A part without declared parameters is missing.
        (Value::Object(sent), None) if sent.is_empty() => None,
        (_, None) => Some(String::new()),
    }
}

/// Whether a body is JSON.
fn has_json(body: &Value) -> bool {
    body["content_type"].as_str().is_some_and(is_json)
}

fn is_empty(body: &Value) -> bool {
    match body {
        Value::String(text) => text.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// The value as forms and URLs can represent it: without null and without empty arrays and objects.
fn without_empty(value: &Value) -> Value {
    let is_representable = |value: &Value| match value {
        Value::Null => false,
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    };
    match value {
        Value::Object(members) => {
            let kept = members
                .iter()
                .map(|(name, value)| (name, without_empty(value)));
            let kept = kept.filter(|(_, value)| is_representable(value));
            kept.map(|(name, value)| (name.clone(), value)).collect()
        }
        Value::Array(elements) => elements.iter().map(without_empty).collect(),
        value => value.clone(),
    }
}

/// Whether two numbers are equal to the precision of 32 bits.
fn equal(sent: &Number, got: &Number) -> bool {
    if sent == got {
        return true;
    }
    match (sent.as_f64(), got.as_f64()) {
        (Some(sent), Some(got)) => (sent - got).abs() <= sent.abs() * 1e-6,
        _ => false,
    }
}

/// Whether two strings are equal, or two notations of one instant, IP address or UUID.
fn equivalent(sent: &str, got: &str) -> bool {
    if sent == got || sent.eq_ignore_ascii_case(got) && sent.len() == 36 {
        return true;
    }
    let instant = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    if let (Some(sent), Some(got)) = (instant(sent), instant(got)) {
        return sent == got;
    }
    let address = |text: &str| text.parse::<std::net::IpAddr>().ok();
    matches!((address(sent), address(got)), (Some(sent), Some(got)) if sent == got)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Defaults, changed, difference};

    #[test]
    fn equivalent_values() {
        let defaults = Defaults::of(&json!({"properties": {"a": {"default": 5},
            "o": {"default": {}}}}));
        let same = [
            (json!(1), json!(1.0)),
            (json!({}), json!({"a": 5})),
            (json!({}), json!({"a": 5.0})),
            (json!({}), json!({"o": {"a": 5}})),
            (json!({"a": 5}), json!({})),
            (
                json!("2026-04-10T14:00:00+02:00"),
                json!("2026-04-10T12:00:00Z"),
            ),
        ];
        for (sent, got) in same {
            assert_eq!(difference(&sent, &got, &defaults), None, "{sent} {got}");
        }
    }

    #[test]
    fn different_values() {
        let defaults = Defaults::default();
        let other = [
            (json!({"a": {"b": 1}}), json!({"a": {}}), "/a/b"),
            (json!([1, 2]), json!([1]), ""),
            (json!([1, "x"]), json!([1, "y"]), "/1"),
            (json!({}), json!({"a": 5}), "/a"),
            (json!("1"), json!(1), ""),
            (json!({"a": ""}), json!({}), "/a"),
            (json!({"a": null}), json!({}), "/a"),
            (json!({}), json!({"a": null}), "/a"),
            (json!({"a": []}), json!({}), "/a"),
            (json!({"a": {}}), json!({}), "/a"),
        ];
        for (sent, got, at) in other {
            let found = difference(&sent, &got, &defaults);
            assert_eq!(found.as_deref(), Some(at), "{sent} {got}");
        }
    }

    #[test]
    fn undeclared_parts_may_be_missing() {
        let defaults = Defaults::of(&json!({}));
        let body = |value| json!({"content_type": "text/plain", "value": value});
        for (part, sent, got, expected) in [
            ("path", Some(json!({})), None, None),
            ("path", Some(json!({"0": "a"})), None, Some("")),
            (
                "path",
                Some(json!({"0": "a"})),
                Some(json!({"0": "b"})),
                Some("/0"),
            ),
            ("path", None, Some(json!({"0": "a"})), None),
            ("body", Some(body("")), None, None),
            ("body", Some(body("a")), None, Some("")),
        ] {
            let at = changed(part, sent.as_ref(), got.as_ref(), &defaults);
            assert_eq!(at.as_deref(), expected, "{part} {sent:?} {got:?}");
        }
    }

    #[test]
    fn forms_have_no_null() {
        let defaults = Defaults::default();
        for (content_type, expected) in [
            ("application/json", Some("/value/a")),
            ("application/x-www-form-urlencoded", None),
        ] {
            let body = |value| json!({"content_type": content_type, "value": value});
            let (sent, got) = (body(json!({"a": null, "b": 1})), body(json!({"b": 1})));
            let at = changed("body", Some(&sent), Some(&got), &defaults);
            assert_eq!(at.as_deref(), expected);
        }
    }
}
