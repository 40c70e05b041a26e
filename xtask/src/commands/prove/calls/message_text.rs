//! The text of HTTP messages: bodies, headers and parameters as they are sent.

use openapi_contract::model::{ParameterEncoding, ParameterStyle, is_framing_header, is_json};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::commands::prove::mock_server::CannedResponse;

/// The media types of streams of items.
pub(super) const STREAMS: &[&str] = &[
    "text/event-stream",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/json-seq",
];

/// The body of a stream of items.
pub(super) fn streamed(content_type: &str, items: &[Value]) -> Vec<u8> {
    let items = items.iter().map(|item| match content_type {
        "text/event-stream" => format!("data: {item}\n\n"),
        "application/json-seq" => format!("\u{1e}{item}\n"),
        _ => format!("{item}\n"),
    });
    items.collect::<String>().into_bytes()
}

/// Whether a response is a stream of items.
pub(super) fn is_stream(response: &CannedResponse) -> bool {
    let mut headers = response.headers.iter();
    headers.any(|(name, value)| name == "content-type" && STREAMS.contains(&value.as_str()))
}

/// The received headers without message framing, which every request has.
pub(super) fn without_framing(got: &Value, sent: Option<&Value>) -> Value {
    let mut got = got.clone();
    if let Some(headers) = got.as_object_mut() {
        headers.retain(|name, _| {
            let is_sent = sent.is_some_and(|sent| sent.get(name).is_some());
            is_sent || !is_framing_header(name)
        });
    }
    got
}

/// A response for operations that declare none.
pub(super) fn empty_response() -> CannedResponse {
    CannedResponse {
        status: 200,
        ..CannedResponse::default()
    }
}

/// Serializes a response.
pub(super) fn serialized_response(message: &Value) -> CannedResponse {
    let mut headers: Vec<(String, String)> = Vec::new();
    let named = message.get("headers").and_then(Value::as_object);
    for (name, value) in named.into_iter().flatten() {
        // Message framing is not part of the contract.
        if ["content-length", "transfer-encoding", "connection"].contains(&name.as_str()) {
            continue;
        }
        headers.push((name.clone(), simple(value)));
    }
    let media_type = message
        .pointer("/body/content_type")
        .and_then(Value::as_str);
    let body = match (media_type, message.pointer("/body/value")) {
        (Some(media_type), Some(value)) => {
            headers.push(("content-type".to_owned(), media_type.to_owned()));
            match value {
                Value::String(text) if !is_json(media_type) => text.clone().into_bytes(),
                value => value.to_string().into_bytes(),
            }
        }
        _ => Vec::new(),
    };
    CannedResponse {
        status: message["status"].as_u64().unwrap_or_default() as u16,
        headers,
        body,
    }
}

/// The body of a response as a client reads it: what is not JSON is a string.
pub(super) fn read_value(message: &Value) -> Option<Value> {
    let value = message.pointer("/body/value")?;
    let content_type = message.pointer("/body/content_type")?.as_str()?;
    Some(match value {
        Value::Number(_) | Value::Bool(_) if !is_json(content_type) => single(value).into(),
        value => value.clone(),
    })
}

/// Serializes the value of a header (style `simple`, not exploded).
pub(super) fn simple(value: &Value) -> String {
    let parts: Vec<String> = match value {
        Value::Array(elements) => elements.iter().map(single).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| [name.clone(), single(value)])
            .collect(),
        scalar => return single(scalar),
    };
    parts.join(",")
}

/// Serializes a parameter in its style.
pub(super) fn text(encoding: &ParameterEncoding, value: &Value) -> String {
    let joined = |separator: &str, between: &str| match value {
        Value::Array(elements) => {
            let elements = elements.iter().map(single);
            elements.collect::<Vec<_>>().join(separator)
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{name}{between}{}", single(value)));
            members.collect::<Vec<_>>().join(separator)
        }
        other => single(other),
    };
    let Some(styled) = encoding.styled() else {
        return value.to_string();
    };
    match (&styled.style, styled.explode) {
        (ParameterStyle::Simple, true) => joined(",", "="),
        (ParameterStyle::Label, true) => format!(".{}", joined(".", "=")),
        (ParameterStyle::Label, false) => format!(".{}", joined(",", ",")),
        _ => joined(",", ","),
    }
}

/// A query in which objects are replaced by their properties, under the names on the wire.
pub(super) fn spread(got: &Value, sent: Option<&Value>) -> Value {
    let is_sent = |name: &str| sent.is_some_and(|sent| sent.get(name).is_some());
    let mut spread = Map::new();
    for (name, value) in got.as_object().into_iter().flatten() {
        match value {
            Value::Object(members) if !is_sent(name) => {
                for (member, value) in members {
                    let bracketed = format!("{name}[{member}]");
                    let name = if is_sent(&bracketed) {
                        bracketed
                    } else {
                        member.clone()
                    };
                    spread.insert(name, value.clone());
                }
            }
            value => {
                spread.insert(name.clone(), value.clone());
            }
        }
    }
    spread.into()
}

/// The characters to percent-encode in a path: all but those that RFC 3986 calls unreserved.
pub(super) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

pub(super) fn single(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
