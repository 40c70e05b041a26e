//! Bodies, decoded by their content type.

use serde_json::{Value, json};

use super::decode::Decoder;
use super::decode_error::BodyError;
use super::header_value::HeaderValue;
use super::raw_value::json_or_text;
use super::{form, multipart};
use crate::model::media_type::{declared, is_json};
use crate::model::{Body, MediaType, RequestBody};

/// The declared media type of a content type. Parameters such as `charset` count only if the
/// contract declares them.
pub(super) fn declared_name<'c>(
    mut names: impl Iterator<Item = &'c MediaType>,
    content_type: &str,
) -> String {
    let whole = MediaType::parse(content_type);
    if names.any(|name| *name == whole) {
        return whole.to_string();
    }
    HeaderValue::parse(content_type).essence
}

/// The body of a request as `{content_type, value}`. `None` without a body.
///
/// # Errors
/// If the body does not match its content type.
pub(super) fn of_request(
    reader: &Decoder<'_>,
    body: &RequestBody,
    content_type: Option<&str>,
    bytes: &[u8],
) -> Result<Option<Value>, BodyError> {
    let Some(content_type) = content_type else {
        return match bytes {
            [] => Ok(None),
            _ => Err(BodyError::NoContentType),
        };
    };
    let header = HeaderValue::parse(content_type);
    let essence = header.essence.as_str();
    // An empty string or form is a body, but an optional body of this kind is more likely missing.
    if bytes.is_empty() && (!body.required || is_json(essence)) {
        return Ok(None);
    }
    let name = declared_name(body.content.keys(), content_type);
    let declared: Option<&Body> = declared(&body.content, &name);
    let value = match (essence, declared) {
        ("application/x-www-form-urlencoded", Some(declared)) => {
            form::read(reader, declared, bytes)?
        }
        ("multipart/form-data", Some(declared)) => {
            multipart::read(reader, declared, header.parameter("boundary"), bytes)?
        }
        _ => json_or_text(essence, bytes)?,
    };
    Ok(Some(json!({"content_type": name, "value": value})))
}
