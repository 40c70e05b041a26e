//! A call in JSON, and its outcome.

use futures::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use {{module}}::{ByteStream, Error, ResponseValue};
use reqwest::header::HeaderMap;

/// A call: an operation, and its parameters and body by location.
#[derive(Deserialize)]
pub struct Call {
    operation: String,
    base: String,
    #[serde(default)]
    request: Map<String, Value>,
    #[serde(default)]
    is_streaming: bool,
}

/// How to send a request.
pub struct Sending {
    /// By the method for streams, of an operation that has two.
    pub is_streaming: bool,
}

impl Call {
    pub fn operation(&self) -> &str {
        &self.operation
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// Removes a parameter and converts it to the type of the client.
    pub fn take<T: DeserializeOwned>(
        &mut self,
        location: &str,
        name: &str,
    ) -> Result<Option<T>, String> {
        let group = self.request.get_mut(location).and_then(Value::as_object_mut);
        let value = group.and_then(|group| group.remove(name));
        read(&format!("{location} parameter `{name}`"), value)
    }

    /// Removes the body and converts it to the type of the client.
    pub fn body<T: DeserializeOwned>(&mut self) -> Result<Option<T>, String> {
        let body = self.request.remove("body");
        read("body", body.and_then(|mut body| body.get_mut("value").map(Value::take)))
    }

    /// Whether the body has one of these media types.
    pub fn has_media_type(&self, media_types: &[&str]) -> bool {
        let body = self.request.get("body");
        let found = body.and_then(|body| body.get("content_type")?.as_str());
        let Some(found) = found else { return false };
        media_types.iter().any(|one| match one.split_once('*') {
            Some((before, after)) => found.starts_with(before) && found.ends_with(after),
            None => one.eq_ignore_ascii_case(found),
        })
    }

    /// Removes a body that has a media type.
    pub fn content(&mut self) -> Result<Option<(String, String)>, String> {
        let body = self.request.remove("body");
        let body: Option<Content> = read("body", body)?;
        Ok(body.map(|body| (body.content_type, body.value)))
    }

    /// Fails if the client did not use all of the request.
    pub fn finish(self) -> Result<Sending, String> {
        for (location, left) in &self.request {
            match left {
                Value::Object(left) if location != "body" => {
                    if let Some(name) = left.keys().next() {
                        return Err(format!("the client has no {location} parameter `{name}`"));
                    }
                }
                _ => return Err(format!("the client has no {location}")),
            }
        }
        Ok(Sending { is_streaming: self.is_streaming })
    }
}

#[derive(Deserialize)]
struct Content {
    content_type: String,
    value: String,
}

/// The parts of a multipart form.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Parts(Map<String, Value>);

impl Parts {
    /// Removes a part and converts it to the type of the client.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, String> {
        read(&format!("part `{name}`"), self.0.remove(name))
    }

    /// Fails if the client did not use all of the request.
    pub fn finish(self) -> Result<(), String> {
        match self.0.keys().next() {
            Some(name) => Err(format!("the client has no part `{name}`")),
            None => Ok(()),
        }
    }
}

fn read<T: DeserializeOwned>(what: &str, value: Option<Value>) -> Result<Option<T>, String> {
    let Some(value) = value else { return Ok(None) };
    let read = serde_json::from_value(value.clone());
    let value = read.map_err(|error| format!("cannot read the {what}: {error}: {value}"))?;
    Ok(Some(value))
}

/// The outcome of a call.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// The decoded response body, serialized to JSON.
    Value { head: Head, value: Value },
    /// The items of a stream, serialized to JSON.
    Items { head: Head, items: Vec<Value> },
    /// The bytes of the response body.
    Bytes { head: Head, bytes: Vec<u8> },
    /// A response whose type has no body.
    Empty { head: Head },
    /// An error with the raw response.
    Raw { head: Head, kind: RawKind, body: Vec<u8>, message: String },
    /// The client rejected the call and sent no request.
    Rejected { message: String },
    /// There was no response.
    Failed { message: String },
}

impl CallOutcome {
    pub fn rejected(message: String) -> Self {
        Self::Rejected { message }
    }
}

/// The status and the headers of a response.
#[derive(Serialize)]
pub struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    /// Whether the client returned an error.
    is_error: bool,
}

/// Why a response is raw.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RawKind {
    Unexpected,
    Unreadable,
    Incomplete,
}

impl Head {
    /// The head of a response that the client returned as a success.
    pub fn success<T>(response: &ResponseValue<T>) -> Self {
        Self::new(response.status().as_u16(), response.headers(), false)
    }

    /// The head of a response that the client returned as an error.
    pub fn error<T>(response: &ResponseValue<T>) -> Self {
        Self::new(response.status().as_u16(), response.headers(), true)
    }

    fn new(status: u16, headers: &HeaderMap, is_error: bool) -> Self {
        let headers = headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), value)
        });
        Self { status, headers: headers.collect(), is_error }
    }
}

/// The outcome of a call that returned a value.
pub fn value<T: Serialize>(head: Head, value: &T) -> Result<CallOutcome, String> {
    // As text, a number has the digits of its own precision.
    let text = serde_json::to_string(value);
    let value = text.and_then(|text| serde_json::from_str(&text));
    let value = value.map_err(|error| format!("cannot serialize the response: {error}"))?;
    Ok(CallOutcome::Value { head, value })
}

/// The outcome of a call that returned a stream of items.
pub async fn items<T: Serialize, E: std::fmt::Display>(
    head: Head,
    stream: impl Stream<Item = Result<T, E>>,
) -> Result<CallOutcome, String> {
    let mut stream = std::pin::pin!(stream);
    let mut items = Vec::new();
    while let Some(item) = stream.next().await {
        let item = item.map_err(|error| error.to_string());
        match item.and_then(|item| serde_json::to_value(item).map_err(|error| error.to_string())) {
            Ok(item) => items.push(item),
            Err(message) => return Ok(CallOutcome::Failed { message }),
        }
    }
    Ok(CallOutcome::Items { head, items })
}

/// The outcome of a call that returned a byte stream.
pub async fn bytes(head: Head, stream: ByteStream) -> Result<CallOutcome, String> {
    let mut stream = stream.into_inner();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(error) => return Ok(CallOutcome::Failed { message: error.to_string() }),
        }
    }
    Ok(CallOutcome::Bytes { head, bytes })
}

/// The outcome of a call that returned any other error.
pub fn failed<E: std::fmt::Debug>(error: Error<E>) -> Result<CallOutcome, String> {
    let kind = match &error {
        Error::UnexpectedResponse(_) => RawKind::Unexpected,
        Error::InvalidResponsePayload(..) => RawKind::Unreadable,
        Error::ResponseBodyError { .. } => RawKind::Incomplete,
        Error::InvalidRequest(message) => return Ok(CallOutcome::rejected(message.clone())),
        other => return Ok(CallOutcome::Failed { message: format!("{other:#}") }),
    };
    let message = format!("{error:#}");
    let raw = error.raw().ok_or("the error has no raw response")?;
    let head = Head::new(raw.status().as_u16(), raw.headers(), true);
    Ok(CallOutcome::Raw { head, kind, body: raw.body().to_vec(), message })
}
