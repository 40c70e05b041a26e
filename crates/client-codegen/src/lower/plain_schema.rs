//! Schemas without annotations, to compare what they allow.

use serde_json::Value;

use super::draft_markers::is_marker;

/// A schema without annotations.
pub(super) fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let kept = object.iter().filter(|(key, value)| {
                let describes = [
                    "description",
                    "example",
                    "examples",
                    "externalDocs",
                    "deprecated",
                ];
                !is_marker(key) && (!describes.contains(&key.as_str()) || value.is_object())
            });
            Value::Object(
                kept.map(|(key, value)| (key.clone(), plain(value)))
                    .collect(),
            )
        }
        Value::Array(array) => Value::Array(array.iter().map(plain).collect()),
        other => other.clone(),
    }
}

/// The schema of a media type without annotations.
pub(super) fn plain_schema(media_type: Option<&Value>) -> Option<Value> {
    media_type
        .and_then(|media_type| media_type.get("schema"))
        .map(plain)
}
