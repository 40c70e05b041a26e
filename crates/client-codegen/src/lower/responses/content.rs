//! The kind of body that a response has.

use openapi_contract::model::is_json;
use serde_json::Value;

use super::super::draft_markers::{is_marker, keys};
use super::super::plain_schema::plain;
use super::super::request_bodies::essence;
use super::super::walk::{self, Object};

pub(super) const JSON: &str = "application/json";

/// The kind of body that a response has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ContentKind {
    None,
    /// Another protocol, after status 101.
    Upgrade,
    Raw,
    /// JSON with this schema, without annotations.
    Json(Value),
}

/// The media type that the client reads as JSON.
pub(crate) fn preferred_media_type(content: &Object) -> Option<String> {
    let is_exact = |key: &&String| *key == JSON || key.starts_with("application/json;");
    let is_data = |key: &&String| {
        let schema = content
            .get(*key)
            .and_then(|media_type| media_type.get("schema"));
        let schema = schema.and_then(Value::as_object);
        essence(key) == "*/*"
            && schema.is_some_and(|schema| {
                schema.contains_key("$ref") || walk::string(schema, "type") != Some("string")
            })
    };
    let all = || content.keys().filter(|key| !is_marker(key));
    all()
        .find(is_exact)
        .or_else(|| all().find(|key| is_json(key)))
        .or_else(|| all().find(is_data))
        .cloned()
}

pub(crate) fn content_kind(response: &Value) -> ContentKind {
    let content = response.get("content").and_then(Value::as_object);
    match content {
        None => ContentKind::None,
        Some(content) if keys(content).is_empty() => ContentKind::None,
        Some(_) => match schema_of(response) {
            Some(schema) => ContentKind::Json(plain(schema)),
            None => ContentKind::Raw,
        },
    }
}

pub(in super::super) fn schema_of(response: &Value) -> Option<&Value> {
    let mut content = walk::entries(response.get("content"));
    content
        .find(|(key, _)| *key == JSON || key.starts_with("application/json;"))
        .and_then(|(_, media_type)| media_type.get("schema"))
}
