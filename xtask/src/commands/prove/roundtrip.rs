//! Compares JSON values before and after a round trip through the client.

use std::collections::HashSet;

use openapi_contract::model::is_json;
use serde_json::{Map, Number, Value};

/// The most schemas to follow from a property to its default.
const DEPTH: usize = 8;

/// The default values in a contract, which a client may add, by the names of properties and parameters.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    values: HashSet<(String, String)>,
    /// Default objects, by the name of their property or parameter.
    objects: Vec<(String, Map<String, Value>)>,
}

impl Defaults {
    /// All defaults in a document.
    pub(super) fn of(document: &Value) -> Self {
        let mut defaults = Self::default();
        defaults.gather(document, document);
        defaults
    }

    fn gather(&mut self, document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                let properties = members.get("properties").and_then(Value::as_object);
                for (name, schema) in properties.into_iter().flatten() {
                    self.add(document, name, schema, DEPTH);
                }
                if let (Some(name), Some(schema)) = (members.get("name"), members.get("schema")) {
                    let name = name.as_str().unwrap_or_default();
                    self.add(document, name, schema, DEPTH);
                    self.add(document, &name.to_ascii_lowercase(), schema, DEPTH);
                }
                members
                    .values()
                    .for_each(|value| self.gather(document, value));
            }
            Value::Array(elements) => elements
                .iter()
                .for_each(|value| self.gather(document, value)),
            _ => {}
        }
    }

    /// Adds the defaults of a schema, of its `$ref` target, and of its `allOf` members.
    fn add(&mut self, document: &Value, name: &str, schema: &Value, depth: usize) {
        if let Some(default) = schema.get("default") {
            self.values.insert((name.to_owned(), normalized(default)));
            let object = default.as_object().cloned();
            self.objects
                .extend(object.map(|object| (name.to_owned(), object)));
        }
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| {
            let pointer = reference.strip_prefix('#')?;
            document.pointer(&utf8_percent(pointer))
        });
        if let Some(target) = target {
            self.add(document, name, target, depth);
        }
        for member in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.add(document, name, member, depth);
        }
    }

    /// Whether a value is a default of a property or parameter, or a default object completed by defaults of
    /// its properties.
    fn has(&self, name: &str, value: &Value) -> bool {
        if self.values.contains(&(name.to_owned(), normalized(value))) {
            return true;
        }
        let Value::Object(members) = value else {
            return false;
        };
        let mut objects = self.objects.iter().filter(|(of, _)| of == name);
        objects.any(|(_, default)| {
            members.iter().all(|(name, value)| match default.get(name) {
                Some(default) => default == value,
                None => self.has(name, value),
            })
        })
    }
}

/// Decodes the fragment of a reference.
fn utf8_percent(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
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
                    None => (!defaults.has(name, value)).then(String::new),
                };
                inner.map(|inner| format!("/{name}{inner}"))
            });
            lost.or_else(|| {
                let mut added = got.iter().filter(|(name, _)| !sent.contains_key(*name));
                added
                    .find(|(name, value)| !defaults.has(name, value))
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

/// What it counts as if a request has a default that was not set, or lacks one that was.
///
/// The value is the same to a server that applies defaults, but not to one that changes a resource: clients send
/// what was set, and nothing else.
pub(super) const DEFAULTS_SENT: DefaultsSent = DefaultsSent { fail: true };

/// See [`DEFAULTS_SENT`].
#[derive(Clone, Copy, Debug)]
pub(super) struct DefaultsSent {
    /// Whether it fails the run. Otherwise, it is only counted.
    pub(super) fail: bool,
}

/// How a part of a request differs from what the caller set.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    Unchanged,
    /// A default that was not set is there, or one that was set is missing. The path of the first one.
    DefaultsSent(String),
    /// The path of the first other difference.
    Different(String),
}

impl Change {
    /// The path of the difference, if it is a failure.
    pub(super) fn failure(self, defaults_sent: DefaultsSent) -> Option<String> {
        match self {
            Self::Unchanged => None,
            Self::DefaultsSent(at) => defaults_sent.fail.then_some(at),
            Self::Different(at) => Some(at),
        }
    }
}

/// Compares a part of a request as sent and as received.
pub(super) fn change(
    part: &str,
    sent: Option<&Value>,
    got: Option<&Value>,
    defaults: &Defaults,
) -> Change {
    if let Some(at) = changed(part, sent, got, defaults) {
        return Change::Different(at);
    }
    match changed(part, sent, got, &Defaults::default()) {
        Some(at) => Change::DefaultsSent(at),
        None => Change::Unchanged,
    }
}

/// The first difference between a part of a request as sent and as received.
fn changed(
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

/// Whether two numbers are equal. Integers are compared exactly.
fn equal(sent: &Number, got: &Number) -> bool {
    let integer = |number: &Number| {
        let signed = number.as_i64().map(i128::from);
        signed.or_else(|| number.as_u64().map(i128::from))
    };
    match (integer(sent), integer(got)) {
        (Some(sent), Some(got)) => sent == got,
        _ => sent.as_f64() == got.as_f64(),
    }
}

/// Whether two strings are equal, or two notations of one instant, IP address or UUID.
fn equivalent(sent: &str, got: &str) -> bool {
    if sent == got || is_uuid(sent) && sent.eq_ignore_ascii_case(got) {
        return true;
    }
    let instant = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    if let (Some(sent), Some(got)) = (instant(sent), instant(got)) {
        return sent == got;
    }
    let address = |text: &str| text.parse::<std::net::IpAddr>().ok();
    matches!((address(sent), address(got)), (Some(sent), Some(got)) if sent == got)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Change, Defaults, DefaultsSent, change, changed, difference};

    #[test]
    fn equivalent_values() {
        let defaults = Defaults::of(&json!({
            "properties": {"a": {"$ref": "#/A"}, "o": {"default": {}}},
            "A": {"allOf": [{"default": 5}]},
        }));
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
            // Numbers that are equal as floating point.
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
                "",
            ),
            (json!(0.1), json!(0.100_000_01), ""),
            // Strings of the length of a UUID.
            (
                json!("ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEF"),
                json!("abcdefghijabcdefghijabcdefghijabcdef"),
                "",
            ),
        ];
        for (sent, got, at) in other {
            let found = difference(&sent, &got, &defaults);
            assert_eq!(found.as_deref(), Some(at), "{sent} {got}");
        }
    }

    #[test]
    fn a_default_is_one_of_its_own_property() {
        let defaults = Defaults::of(&json!({"properties": {"a": {"default": 5}, "b": {}},
            "parameters": [{"name": "P", "schema": {"default": 6}}]}));
        for (sent, got, expected) in [
            (json!({"a": 5}), json!({}), None),
            (json!({"b": 5}), json!({}), Some("/b")),
            (json!({}), json!({"b": 5}), Some("/b")),
            (json!({}), json!({"p": 6}), None),
            (json!({}), json!({"a": 6}), Some("/a")),
        ] {
            let found = difference(&sent, &got, &defaults);
            assert_eq!(found.as_deref(), expected, "{sent} {got}");
        }
    }

    #[test]
    fn a_default_that_was_not_set_is_a_change() {
        let defaults = Defaults::of(&json!({"properties": {"a": {"default": 5}}}));
        let body = |value| json!({"content_type": "application/json", "value": value});
        let at = || "/value/a".to_owned();
        for (sent, got, expected, counted, failed) in [
            (json!({}), json!({}), Change::Unchanged, None, None),
            (
                json!({}),
                json!({"a": 5}),
                Change::DefaultsSent(at()),
                None,
                Some(at()),
            ),
            (
                json!({"a": 5}),
                json!({}),
                Change::DefaultsSent(at()),
                None,
                Some(at()),
            ),
            (
                json!({}),
                json!({"a": 6}),
                Change::Different(at()),
                Some(at()),
                Some(at()),
            ),
        ] {
            let (sent, got) = (body(sent), body(got));
            let found = || change("body", Some(&sent), Some(&got), &defaults);
            assert_eq!(found(), expected);
            assert_eq!(found().failure(DefaultsSent { fail: false }), counted);
            assert_eq!(found().failure(DefaultsSent { fail: true }), failed);
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
