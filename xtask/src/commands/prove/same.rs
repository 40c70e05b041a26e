//! Whether two JSON values say the same, for those who read them by a schema.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

/// The values that a contract names as defaults: a client may fill them in.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    written: HashSet<String>,
    objects: Vec<Map<String, Value>>,
}

impl Defaults {
    /// The defaults anywhere in a document.
    pub(super) fn of(document: &Value) -> Self {
        let mut defaults = Self::default();
        defaults.gather(document);
        defaults
    }

    fn gather(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(default) = members.get("default") {
                    self.written.insert(written(default));
                    self.objects.extend(default.as_object().cloned());
                }
                members.values().for_each(|value| self.gather(value));
            }
            Value::Array(elements) => elements.iter().for_each(|value| self.gather(value)),
            _ => {}
        }
    }

    /// Whether a value is a default, or an object that is one with the defaults of its members.
    fn has(&self, value: &Value) -> bool {
        if self.written.contains(&written(value)) {
            return true;
        }
        let Value::Object(members) = value else {
            return false;
        };
        self.objects.iter().any(|default| {
            members.iter().all(|(name, value)| match default.get(name) {
                Some(default) => default == value,
                None => says_nothing(value) || self.has(value),
            })
        })
    }
}

/// A value in the one way to write it: `0` and `0.0` are one number.
fn written(value: &Value) -> String {
    match value {
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |number| number.to_string()),
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(written).collect();
            format!("[{}]", elements.join(","))
        }
        value => value.to_string(),
    }
}

/// Where a value says something else than another, as a JSON pointer; nothing when it does not.
///
/// These say the same: numbers of equal size, instants in different zones, and members that are
/// not there, null, empty, or the contract's default.
pub(super) fn difference(sent: &Value, got: &Value, defaults: &Defaults) -> Option<String> {
    match (sent, got) {
        (Value::Object(sent), Value::Object(got)) => {
            let lost = sent.iter().find_map(|(name, value)| {
                let inner = match got.get(name) {
                    Some(got) => difference(value, got, defaults),
                    None => (!says_nothing(value)).then(String::new),
                };
                inner.map(|inner| format!("/{name}{inner}"))
            });
            lost.or_else(|| {
                let mut added = got.iter().filter(|(name, _)| !sent.contains_key(*name));
                added
                    .find(|(_, value)| !says_nothing(value) && !defaults.has(value))
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
        (Value::String(sent), Value::String(got)) => (!means(sent, got)).then(String::new),
        _ => (sent != got).then(String::new),
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Equal, or as near as a number of 32 bits comes.
fn equal(sent: &Number, got: &Number) -> bool {
    if sent == got {
        return true;
    }
    match (sent.as_f64(), got.as_f64()) {
        (Some(sent), Some(got)) => (sent - got).abs() <= sent.abs() * 1e-6,
        _ => false,
    }
}

/// The same text, or one instant, address or id in two spellings.
fn means(sent: &str, got: &str) -> bool {
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

    use super::{Defaults, difference};

    #[test]
    fn what_says_the_same() {
        let defaults = Defaults::of(&json!({"properties": {"a": {"default": 5},
            "o": {"default": {}}}}));
        let same = [
            (json!(1), json!(1.0)),
            (json!({"a": null, "b": []}), json!({})),
            (json!({}), json!({"a": 5})),
            (json!({}), json!({"a": 5.0})),
            (json!({}), json!({"o": {"a": 5, "b": []}})),
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
    fn what_says_something_else() {
        let defaults = Defaults::default();
        let other = [
            (json!({"a": {"b": 1}}), json!({"a": {}}), "/a/b"),
            (json!([1, 2]), json!([1]), ""),
            (json!([1, "x"]), json!([1, "y"]), "/1"),
            (json!({}), json!({"a": 5}), "/a"),
            (json!("1"), json!(1), ""),
            (json!({"a": ""}), json!({}), "/a"),
        ];
        for (sent, got, at) in other {
            let found = difference(&sent, &got, &defaults);
            assert_eq!(found.as_deref(), Some(at), "{sent} {got}");
        }
    }
}
