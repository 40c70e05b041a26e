//! A call as JSON, and what the client made of its answer.

use futures::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use {{module}}::{ByteStream, Error};

/// A call: the parts of a request by where they stand in it.
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

    /// A parameter, as the client's type for it.
    pub fn take<T: DeserializeOwned>(
        &mut self,
        place: &str,
        name: &str,
    ) -> Result<Option<T>, String> {
        let group = self.request.get_mut(place).and_then(Value::as_object_mut);
        let value = group.and_then(|group| group.remove(name));
        read(&format!("{place} parameter `{name}`"), value)
    }

    /// The body, as the client's type for it.
    pub fn body<T: DeserializeOwned>(&mut self) -> Result<Option<T>, String> {
        let body = self.request.remove("body");
        read("body", body.and_then(|mut body| body.get_mut("value").map(Value::take)))
    }

    /// The body with its media type.
    pub fn content(&mut self) -> Result<Option<(String, String)>, String> {
        let body = self.request.remove("body");
        let body: Option<Content> = read("body", body)?;
        Ok(body.map(|body| (body.content_type, body.value)))
    }

    /// Makes sure that nothing is left that the client had no place for.
    pub fn finish(self) -> Result<(), String> {
        for (place, left) in &self.request {
            match left {
                Value::Object(left) if place != "body" => {
                    if let Some(name) = left.keys().next() {
                        return Err(format!("the client has no {place} parameter `{name}`"));
                    }
                }
                _ => return Err(format!("the client has no {place}")),
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

/// The parts of a form.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Parts(Map<String, Value>);

impl Parts {
    /// A part, as the client's type for it.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, String> {
        read(&format!("part `{name}`"), self.0.remove(name))
    }

    /// Makes sure that nothing is left that the client had no place for.
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
    let value = read.map_err(|error| format!("the {what} is not read: {error}: {value}"))?;
    Ok(Some(value))
}

/// What the client made of an answer.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A value of the client's types, written as JSON.
    Value { status: u16, value: Value },
    /// Bytes, as text.
    Bytes { status: u16, text: String },
    /// An answer that the client has no type for.
    Untyped { status: u16 },
    /// The body of an answer cannot be read as the client's type for it.
    Unreadable { message: String },
    /// There was no request.
    Refused { message: String },
    /// There was no answer.
    Failed { message: String },
}

impl Answer {
    pub fn nothing(status: u16) -> Self {
        Self::Value { status, value: Value::Null }
    }

    pub fn refused(message: String) -> Self {
        Self::Refused { message }
    }
}

/// An answer with a value.
pub fn value<T: Serialize>(status: u16, value: &T) -> Result<Answer, String> {
    let value = serde_json::to_value(value);
    let value = value.map_err(|error| format!("the answer cannot be written: {error}"))?;
    Ok(Answer::Value { status, value })
}

/// An answer with bytes.
pub async fn bytes(status: u16, stream: ByteStream) -> Result<Answer, String> {
    let mut stream = stream.into_inner();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| error.to_string())?);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Answer::Bytes { status, text })
}

/// What the client says otherwise.
pub fn failed<E>(error: Error<E>) -> Result<Answer, String> {
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
        Error::UnexpectedResponse(answer) => {
            let status = answer.status().as_u16();
            Answer::Untyped { status }
        }
        Error::InvalidResponsePayload(_, error) => {
            Answer::Unreadable { message: error.to_string() }
        }
        Error::ErrorResponse(answer) => Answer::nothing(answer.status().as_u16()),
        Error::InvalidRequest(message) => Answer::refused(message),
        Error::Custom(message) => Answer::Failed { message },
        Error::CommunicationError(error)
        | Error::InvalidUpgrade(error)
        | Error::ResponseBodyError(error) => Answer::Failed { message: message(&error) },
    })
}
