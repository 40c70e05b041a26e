//! The request body of an operation.

use openapi_contract::model::{MediaType, ParameterIn};
use serde_json::Value;

use super::parameters::style;
use super::{BodyKind, BodyPlan, FieldPlan, PlanSource};
use crate::lower::walk;

pub(super) fn read(source: &PlanSource<'_>) -> Option<BodyPlan> {
    let body = source.operation.get("requestBody")?;
    let (media_type, content) = walk::entries(body.get("content")).next()?;
    let is_stream = source
        .overrides
        .body
        .as_ref()
        .is_some_and(|sent| sent.is_stream);
    Some(BodyPlan {
        kind: kind(media_type, is_stream),
        required: body.get("required").and_then(Value::as_bool) == Some(true),
        media_type: media_type.to_owned(),
        fields: walk::entries(content.get("encoding"))
            .map(|(name, encoding)| field(name, encoding))
            .collect(),
    })
}

fn field(name: &str, encoding: &Value) -> FieldPlan {
    let content_type = encoding.get("contentType").and_then(Value::as_str);
    FieldPlan {
        name: name.to_owned(),
        style: style(encoding, ParameterIn::Query),
        content_type: content_type.map(str::to_owned),
    }
}

/// How a body of a media type is sent. `is_stream`: the draft declares bytes instead.
fn kind(media_type: &str, is_stream: bool) -> BodyKind {
    let parsed = MediaType::parse(media_type);
    let essence = parsed.essence();
    match essence {
        "multipart/form-data" => BodyKind::Multipart,
        // The caller chooses the media type of a range, and the boundary of other multipart types.
        _ if essence.contains('*') || essence.starts_with("multipart/") => BodyKind::Content,
        _ if is_stream => BodyKind::Bytes,
        "application/x-www-form-urlencoded" => BodyKind::Form,
        _ if parsed.is_json() => BodyKind::Json,
        _ if essence.starts_with("text/") => BodyKind::Text,
        _ => BodyKind::Bytes,
    }
}
