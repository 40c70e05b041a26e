//! The serialization of parameters (OpenAPI 3.0.4, "Style Values"; RFC 6570).

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

/// All characters except the unreserved ones of RFC 3986.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What `allowReserved` encodes: [`NOT_UNRESERVED`] without the reserved characters that a query allows. `&`
/// and `+` would change the meaning of the query; `#`, `[` and `]` are not allowed in one.
const NOT_RESERVED: &AsciiSet = &NOT_UNRESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Characters that are encoded in a path segment with a single value. URL parsers treat `\` as `/`.
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

/// Characters that are not allowed in a cookie value (RFC 6265, section 4.1.1), and `%`.
const NO_COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b',')
    .add(b';')
    .add(b'\\');

/// What `application/x-www-form-urlencoded` encodes (WHATWG URL), except the space.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// Encodes a string as a path segment.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Encodes part of a parameter value for a URL: everything but the unreserved characters of RFC 3986.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NOT_UNRESERVED).to_string()
}

/// Encodes part of a parameter value with `allowReserved` (RFC 6570, section 3.2.3): reserved characters and
/// percent-encoded triplets stay, except the characters that would change the meaning of the query.
pub fn reserved(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        out.extend(utf8_percent_encode(before, NOT_RESERVED));
        let digits = behind.as_bytes().get(..2);
        let is_triplet = digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        out.push_str(if is_triplet { "%" } else { "%25" });
        rest = behind;
    }
    out.extend(utf8_percent_encode(rest, NOT_RESERVED));
    out
}

/// Percent-encodes the characters that are not allowed in a cookie value, and `%`.
pub fn cookie_value(text: &str) -> String {
    utf8_percent_encode(text, NO_COOKIE).to_string()
}

/// Encodes a name or value of `application/x-www-form-urlencoded`. A space is `+`.
pub(crate) fn form_component(text: &str) -> String {
    let encoded = utf8_percent_encode(text, FORM).to_string();
    encoded.replace("%20", "+")
}

/// Converts a value to JSON. It goes through a string because converting an `f32` to `f64` adds digits.
///
/// # Errors
///
/// The errors of serialization.
pub fn json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Value> {
    serde_json::from_str(&serde_json::to_string(value)?)
}

/// The serialization of a parameter.
///
/// A scalar is the same in all styles except the `Label`, `Matrix`, `DeepObject` and `Json` ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// `simple`: `a,b` and `x,1,y,2`.
    Simple,
    /// `simple` with `explode`: `a,b` and `x=1,y=2`.
    SimpleExploded,
    /// `form`: `name=a,b` and `name=x,1,y,2`.
    Form,
    /// `form` with `explode`: `name=a&name=b` and `x=1&y=2`.
    FormExploded,
    /// `form` with `allowReserved`.
    FormReserved,
    /// `form` with `explode` and `allowReserved`.
    FormExplodedReserved,
    /// `spaceDelimited`: `name=a%20b`.
    SpaceDelimited,
    /// `pipeDelimited`: `name=a%7Cb`.
    PipeDelimited,
    /// `deepObject`: `name[x]=1&name[y]=2`.
    DeepObject,
    /// `label`: `.a,b` and `.x,1,y,2`.
    Label,
    /// `label` with `explode`: `.a.b` and `.x=1.y=2`.
    LabelExploded,
    /// `matrix`: `;name=a,b` and `;name=x,1,y,2`.
    Matrix,
    /// `matrix` with `explode`: `;name=a;name=b` and `;x=1;y=2`.
    MatrixExploded,
    /// One JSON string: `content` with a JSON media type.
    Json,
    /// The value is a string that the caller has serialized. It is still encoded where it stands.
    Raw,
}

impl Style {
    /// Serializes a value as name-value pairs. There are none for null, and none for an empty array or
    /// object if the style has a pair for each of its items.
    ///
    /// `encode` applies to names, values and delimiters that a URL does not allow.
    pub fn pairs(
        self,
        name: &str,
        value: &Value,
        encode: fn(&str) -> String,
    ) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        match self {
            _ if value.is_null() => {}
            Self::FormExploded | Self::FormExplodedReserved => exploded(name, value, &mut pairs),
            Self::DeepObject => deep(name, value, &mut pairs),
            _ => return vec![(encode(name), self.text(name, value, encode))],
        }
        let pairs = pairs.into_iter();
        pairs
            .map(|(name, value)| (encode(&name), encode(&value)))
            .collect()
    }

    /// Serializes a value as one string.
    ///
    /// `encode` applies to names, values and delimiters that a URL does not allow.
    pub fn text(self, name: &str, value: &Value, encode: fn(&str) -> String) -> String {
        match self {
            Self::Simple
            | Self::Form
            | Self::FormReserved
            | Self::FormExploded
            | Self::FormExplodedReserved
            | Self::DeepObject => joined(value, ",", ",", encode),
            Self::SimpleExploded => joined(value, ",", "=", encode),
            Self::SpaceDelimited => joined(value, &encode(" "), &encode(" "), encode),
            Self::PipeDelimited => joined(value, &encode("|"), &encode("|"), encode),
            Self::Label => format!(".{}", joined(value, ",", ",", encode)),
            Self::LabelExploded => format!(".{}", joined(value, ".", "=", encode)),
            Self::Matrix => matrix(&encode(name), &joined(value, ",", ",", encode)),
            Self::MatrixExploded => {
                let pairs = Self::FormExploded.pairs(name, value, encode).into_iter();
                pairs.map(|(name, value)| matrix(&name, &value)).collect()
            }
            Self::Json => encode(&value.to_string()),
            Self::Raw => encode(&plain(value)),
        }
    }

    /// Serializes a value for a path.
    pub fn in_path(self, name: &str, value: &Value) -> String {
        match is_scalar(value) && self.writes_plain_scalars() {
            true => segment(&plain(value)),
            false => self.text(name, value, encoded),
        }
    }

    /// Serializes a value as cookies, which are none for null.
    pub fn in_cookie(self, name: &str, value: &Value) -> Vec<(String, String)> {
        match value {
            Value::Null => Vec::new(),
            value if is_scalar(value) && self.writes_plain_scalars() => {
                vec![(name.to_owned(), cookie_value(&plain(value)))]
            }
            value => self.pairs(name, value, encoded),
        }
    }

    /// Returns how this style encodes the parts of a value in a query.
    pub fn query_encoding(self) -> fn(&str) -> String {
        match self {
            Self::FormReserved | Self::FormExplodedReserved => reserved,
            _ => encoded,
        }
    }

    /// Whether a scalar is written without prefix, name and quotes.
    pub(crate) fn writes_plain_scalars(self) -> bool {
        !matches!(
            self,
            Self::Label
                | Self::LabelExploded
                | Self::Matrix
                | Self::MatrixExploded
                | Self::DeepObject
                | Self::Json
        )
    }
}

/// A matrix parameter. An empty value has no `=`.
fn matrix(name: &str, value: &str) -> String {
    match value {
        "" => format!(";{name}"),
        value => format!(";{name}={value}"),
    }
}

fn exploded(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(elements) => {
            pairs.extend(
                elements
                    .iter()
                    .map(|element| (name.to_owned(), plain(element))),
            );
        }
        Value::Object(properties) => {
            for (name, property) in properties {
                match property {
                    Value::Array(_) | Value::Null => exploded(name, property, pairs),
                    property => pairs.push((name.clone(), plain(property))),
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
        Value::Object(properties) => {
            for (property, value) in properties {
                deep(&format!("{name}[{property}]"), value, pairs);
            }
        }
        value => pairs.push((name.to_owned(), plain(value))),
    }
}

fn joined(value: &Value, between: &str, equals: &str, encode: fn(&str) -> String) -> String {
    let parts: Vec<String> = match value {
        Value::Array(elements) => elements
            .iter()
            .map(|element| encode(&plain(element)))
            .collect(),
        Value::Object(properties) => properties
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| format!("{}{equals}{}", encode(name), encode(&plain(value))))
            .collect(),
        value => return encode(&plain(value)),
    };
    parts.join(between)
}

/// A string without quotes, any other value as JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether the value is neither an array nor an object.
pub(crate) fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}
