use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Characters that are encoded in a path segment without a style.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Encodes a string as a path segment.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Encodes part of a parameter value for a URL.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Converts a value to JSON. It goes through a string because converting an `f32` to `f64` adds digits.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Value> {
    serde_json::from_str(&serde_json::to_string(value)?)
}

/// The serialization of a parameter (OpenAPI 3.0.4, "Style Values").
#[derive(Clone, Copy)]
pub(crate) enum Style {
    /// One pair per array item or property.
    Exploded,
    /// `deepObject`: one pair per property, as `name[property]`.
    Deep,
    /// One string. The delimiters separate items, and property names from their values.
    Joined(&'static str, &'static str),
    /// One string that starts with a dot. The delimiters are those of [`Joined`](Self::Joined).
    Label(&'static str, &'static str),
    /// `;name=a,b`, or `;name=a;name=b` with `explode`.
    Matrix { explodes: bool },
    /// One JSON string.
    Json,
}

impl Style {
    /// Serializes a value as name-value pairs. There are none for null.
    pub(crate) fn pairs(
        self,
        name: &str,
        value: &Value,
        encode: fn(&str) -> String,
    ) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        match self {
            _ if value.is_null() => {}
            Self::Exploded => exploded(name, value, &mut pairs),
            Self::Deep => deep(name, value, &mut pairs),
            _ => return vec![(encode(name), self.text(name, value, encode))],
        }
        let pairs = pairs.into_iter();
        pairs.map(|(name, value)| (encode(&name), encode(&value))).collect()
    }

    /// Serializes a value as one string. Delimiters are encoded only if they are not allowed in a URL.
    pub(crate) fn text(self, name: &str, value: &Value, encode: fn(&str) -> String) -> String {
        match self {
            Self::Json => encode(&value.to_string()),
            Self::Joined(between, equals) => joined(value, between, equals, encode),
            Self::Label(between, equals) => format!(".{}", joined(value, between, equals, encode)),
            Self::Matrix { explodes: false } => {
                format!(";{}={}", encode(name), joined(value, ",", ",", encode))
            }
            Self::Exploded | Self::Deep => joined(value, ",", ",", encode),
            Self::Matrix { explodes: true } => {
                let pairs = Self::Exploded.pairs(name, value, encode).into_iter();
                pairs.map(|(name, value)| format!(";{name}={value}")).collect()
            }
        }
    }
}

fn exploded(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(elements) => {
            pairs.extend(elements.iter().map(|element| (name.to_owned(), plain(element))));
        }
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::Array(_) | Value::Null => exploded(name, member, pairs),
                    member => pairs.push((name.clone(), plain(member))),
                }
            }
        }
        value => pairs.push((name.to_owned(), plain(value))),
    }
}

/// OpenAPI does not define nested values: each array item repeats the name, with its index if the item is
/// an array or object.
fn deep(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                match element {
                    Value::Array(_) | Value::Object(_) => {
                        deep(&format!("{name}[{index}]"), element, pairs);
                    }
                    element => pairs.push((name.to_owned(), plain(element))),
                }
            }
        }
        Value::Object(members) => {
            for (member, value) in members {
                deep(&format!("{name}[{member}]"), value, pairs);
            }
        }
        value => pairs.push((name.to_owned(), plain(value))),
    }
}

fn joined(value: &Value, between: &str, equals: &str, encode: fn(&str) -> String) -> String {
    let own = |between: &str| match between {
        " " | "|" => encode(between),
        between => between.to_owned(),
    };
    let parts: Vec<String> = match value {
        Value::Array(elements) => elements.iter().map(|element| encode(&plain(element))).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            let equals = own(equals);
            members
                .map(|(name, value)| format!("{}{equals}{}", encode(name), encode(&plain(value))))
                .collect()
        }
        value => vec![encode(&plain(value))],
    };
    parts.join(&own(between))
}

/// A string without quotes, any other value as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
