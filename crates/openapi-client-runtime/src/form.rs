//! Bodies with media type `application/x-www-form-urlencoded`.

use serde::Serialize;
use serde_json::Value;

use crate::media_type::{essence, is_json};
use crate::style::{Style, form_component, json, plain};

/// How a field of a URL-encoded form is serialized (OpenAPI 3.0.4, "Encoding Object").
///
/// A field without an entry is repeated for each item of an array. An object, and an array inside an array,
/// is sent as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldEncoding {
    /// The name of the field.
    pub name: &'static str,
    /// The style. It includes `explode` and `allowReserved`.
    pub style: Style,
    /// The media type of the value. A value with a JSON media type is sent as JSON, whatever its style.
    pub content_type: Option<&'static str>,
}

/// Serializes a form. The error is a message for the caller.
pub(crate) fn encode<T: Serialize>(body: &T, encoding: &[FieldEncoding]) -> Result<String, String> {
    let body = json(body).map_err(|error| format!("cannot serialize the form: {error}"))?;
    let fields = match body {
        Value::Object(fields) => fields,
        Value::Null => return Ok(String::new()),
        _ => return Err("the body of a form is not an object".to_owned()),
    };
    let mut pairs = Vec::new();
    for (name, value) in &fields {
        let entry = encoding.iter().find(|entry| entry.name == name);
        field(name, value, entry, &mut pairs);
    }
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    Ok(pairs.collect::<Vec<_>>().join("&"))
}

fn field(
    name: &str,
    value: &Value,
    entry: Option<&FieldEncoding>,
    pairs: &mut Vec<(String, String)>,
) {
    let Some(entry) = entry else {
        let mut add = |value| pairs.push((form_component(name), form_component(&plain(value))));
        match value {
            Value::Null => {}
            Value::Array(elements) => elements.iter().for_each(add),
            value => add(value),
        }
        return;
    };
    let is_json = entry
        .content_type
        .is_some_and(|name| is_json(&essence(name)));
    let style = if is_json { Style::Json } else { entry.style };
    let encode = match style {
        Style::FormReserved | Style::FormExplodedReserved => style.query_encoding(),
        _ => form_component,
    };
    pairs.extend(style.pairs(name, value, encode));
}
