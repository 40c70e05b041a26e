//! Forms: `application/x-www-form-urlencoded`, and what they share with `multipart/form-data`.

use indexmap::IndexMap;
use serde_json::Value;

use super::decode::Decoder;
use super::decode_error::BodyError;
use super::multimap::Multimap;
use super::percent::PercentCoding;
use super::raw_value::{RawValue, bracketed};
use super::style::decode_string;
use crate::model::media_type::is_json;
use crate::model::{Body, MediaType, ParameterEncoding, ParameterStyle, StyledEncoding};

/// Decodes a form into the object that its schema describes.
///
/// # Errors
/// If a field does not match its encoding.
pub(super) fn read(reader: &Decoder<'_>, body: &Body, bytes: &[u8]) -> Result<Value, BodyError> {
    let text = String::from_utf8_lossy(bytes);
    let mut fields = Vec::new();
    for (name, values) in Multimap::of_form(&text).decoded() {
        let encoding = encoding(body, &name);
        for raw in values {
            let sent = match &encoding {
                None => RawValue::one_of_list(PercentCoding::Form.decode(raw), true),
                Some(encoding) => decode_string(encoding, &name, raw, PercentCoding::Form)
                    .map_err(|error| BodyError::Field {
                        name: name.clone(),
                        error,
                    })?,
            };
            fields.push((name.clone(), sent));
        }
    }
    Ok(object(reader, body, fields))
}

/// Builds the object that a schema describes from fields.
pub(super) fn object(reader: &Decoder<'_>, body: &Body, fields: Vec<(String, RawValue)>) -> Value {
    let names = reader.names(body.schema);
    let mut members: IndexMap<String, Vec<(Vec<String>, RawValue)>> = IndexMap::new();
    for (name, sent) in fields {
        let is_declared = |name: &str| names.declared.contains(&name);
        let (name, path) = match bracketed(&name) {
            Some((base, path)) if is_declared(base) && !is_declared(&name) => {
                (base.to_owned(), path)
            }
            _ => (name, Vec::new()),
        };
        members.entry(name).or_default().push((path, sent));
    }
    let members = members.into_iter();
    let members = members.map(|(name, values)| (name, RawValue::nested(values)));
    reader.read(body.schema, &RawValue::Members(members.collect()))
}

/// The encoding of a field, if `encoding` sets it.
fn encoding(body: &Body, name: &str) -> Option<ParameterEncoding> {
    let encoding = body.encoding.as_ref()?.get(name)?;
    let text = |key| encoding.get(key).and_then(Value::as_str);
    let explodes = encoding.get("explode").and_then(Value::as_bool);
    let style = text("style").map(ParameterStyle::parse);
    let style = style.or(explodes.map(|_| ParameterStyle::Form));
    match (style, text("contentType")) {
        (Some(style), _) => Some(ParameterEncoding::Styled(StyledEncoding {
            explode: explodes.unwrap_or(style == ParameterStyle::Form),
            style,
            allow_reserved: false,
            allow_empty: false,
        })),
        (None, Some(media_type)) if is_json(media_type) => {
            Some(ParameterEncoding::Content(MediaType::parse(media_type)))
        }
        (None, _) => None,
    }
}
