//! Forms: `application/x-www-form-urlencoded`, and what its fields have in common with the parts of
//! `multipart/form-data`.

use indexmap::IndexMap;
use serde_json::Value;

use super::fields::Fields;
use super::percent::Coding;
use super::reading::Reader;
use super::sent::{Sent, bracketed};
use super::style::Style;
use crate::model::Body;
use crate::model::media_type::is_json;

/// A form as the object that its schema speaks of.
///
/// # Errors
/// When a field is not what its encoding says.
pub(super) fn read(reader: &Reader<'_>, body: &Body, bytes: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut fields = Vec::new();
    for (name, values) in Fields::of_form(&text).decoded() {
        let style = style(body, &name);
        for raw in values {
            let sent = match style {
                None => Sent::one_of_list(Coding::Form.decode(raw), true),
                Some(style) => style
                    .one(&name, raw, Coding::Form)
                    .map_err(|reason| format!("field `{name}`: {reason}"))?,
            };
            fields.push((name.clone(), sent));
        }
    }
    Ok(object(reader, body, fields))
}

/// Fields by their names as the object that a schema speaks of.
pub(super) fn object(reader: &Reader<'_>, body: &Body, fields: Vec<(String, Sent)>) -> Value {
    let names = reader.names(body.schema);
    let mut members: IndexMap<String, Vec<(Vec<String>, Sent)>> = IndexMap::new();
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
    let members = members.map(|(name, values)| (name, Sent::nested(values)));
    reader.read(body.schema, &Sent::Members(members.collect()))
}

/// How a field is written, where `encoding` says it.
fn style<'b>(body: &'b Body, name: &str) -> Option<Style<'b>> {
    let encoding = body.encoding.as_ref()?.get(name)?;
    let text = |key| encoding.get(key).and_then(Value::as_str);
    let explodes = encoding.get("explode").and_then(Value::as_bool);
    let style = text("style").or(explodes.map(|_| "form"));
    match (style, text("contentType")) {
        (Some(style), _) => Some(Style::Named {
            name: style,
            explodes: explodes.unwrap_or(style == "form"),
        }),
        (None, Some(media_type)) if is_json(media_type) => Some(Style::Content(media_type)),
        (None, _) => None,
    }
}
