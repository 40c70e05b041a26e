//! A call in JSON, and its outcome.

use futures::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use {{module}}::{ByteStream, Error};

/// A call: an operation, and its parameters and body by location.
#[derive(Deserialize)]
pub struct Call {
    operation: String,
    base: String,
    #[serde(default)]
    request: Map<String, Value>,
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

    /// Removes a body that has a media type.
    pub fn content(&mut self) -> Result<Option<(String, String)>, String> {
        let body = self.request.remove("body");
        let body: Option<Content> = read("body", body)?;
        Ok(body.map(|body| (body.content_type, body.value)))
    }

    /// Fails if the client did not use all of the request.
    pub fn finish(self) -> Result<(), String> {
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
        Ok(())
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
    Value { status: u16, value: Value },
    /// The bytes of the response body.
    Bytes { status: u16, text: String },
    /// A response that the client has no type for.
    Untyped { status: u16 },
    /// A response body that the client cannot decode.
    Unreadable { message: String },
    /// The client rejected the call and sent no request.
    Rejected { message: String },
    /// There was no response.
    Failed { message: String },
}

impl CallOutcome {
    pub fn no_body(status: u16) -> Self {
        Self::Value { status, value: Value::Null }
    }

    pub fn rejected(message: String) -> Self {
        Self::Rejected { message }
    }
}

/// The outcome of a call that returned a value.
pub fn value<T: Serialize>(status: u16, value: &T) -> Result<CallOutcome, String> {
    let value = serde_json::to_value(value);
    let value = value.map_err(|error| format!("cannot serialize the response: {error}"))?;
    Ok(CallOutcome::Value { status, value })
}

/// The outcome of a call that returned a byte stream.
pub async fn bytes(status: u16, stream: ByteStream) -> Result<CallOutcome, String> {
    let mut stream = stream.into_inner();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| error.to_string())?);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(CallOutcome::Bytes { status, text })
}

/// The outcome of a call that returned any other error.
pub fn failed<E: std::fmt::Debug + 'static>(error: Error<E>) -> Result<CallOutcome, String> {
    let message = |error: &dyn std::error::Error| {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        text
    };
    Ok(match error {
        Error::UnexpectedResponse(response) => {
            let status = response.status().as_u16();
            CallOutcome::Untyped { status }
        }
        Error::InvalidResponsePayload(_, error) => {
            CallOutcome::Unreadable { message: error.to_string() }
        }
        Error::ErrorResponse(response) => CallOutcome::no_body(response.status().as_u16()),
        Error::InvalidRequest(message) => CallOutcome::rejected(message),
        Error::Custom(message) => CallOutcome::Failed { message },
        other => CallOutcome::Failed { message: message(&other) },
    })
}
