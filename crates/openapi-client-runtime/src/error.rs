//! The error of an operation.

use std::convert::Infallible;
use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, InvalidHeaderValue};

use crate::response_value::{RawResponse, ResponseValue};
use crate::shown::OneLine;

/// The error of an operation. `E` is the type of its declared error responses.
///
/// `Display` is one line and does not include the [source](std::error::Error::source); `{:#}` does.
#[non_exhaustive]
pub enum Error<E = ()> {
    /// The request cannot be sent: a value is invalid. Nothing was sent.
    InvalidRequest(String),
    /// No response arrived.
    CommunicationError(reqwest::Error),
    /// A declared error response.
    ErrorResponse(ResponseValue<E>),
    /// The body of a response could not be read to its end.
    ResponseBodyError {
        /// The status, the headers, and the part of the body that arrived.
        response: RawResponse,
        /// Why the rest did not arrive.
        source: reqwest::Error,
    },
    /// A declared response whose body is not what the contract declares. It has everything that arrived.
    InvalidResponsePayload(RawResponse, serde_json::Error),
    /// A response with a status or media type that the contract does not declare, or an error response with a
    /// body although it declares none. It has everything that arrived.
    UnexpectedResponse(RawResponse),
    /// The connection could not be upgraded. Does not occur on wasm32.
    InvalidUpgrade(reqwest::Error),
    /// An error of a [hook](crate::ClientHooks).
    Custom(String),
}

impl<E> Error<E> {
    /// Returns the status of the response, if one arrived.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::ErrorResponse(response) => Some(response.status()),
            Self::CommunicationError(error) | Self::InvalidUpgrade(error) => error.status(),
            _ => self.raw().map(RawResponse::status),
        }
    }

    /// Returns the headers of the response, if one arrived.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::ErrorResponse(response) => Some(response.headers()),
            _ => self.raw().map(RawResponse::headers),
        }
    }

    /// Returns the response that could not be decoded. A declared error response has none.
    pub fn raw(&self) -> Option<&RawResponse> {
        match self {
            Self::ResponseBodyError { response, .. }
            | Self::InvalidResponsePayload(response, _)
            | Self::UnexpectedResponse(response) => Some(response),
            _ => None,
        }
    }

    /// Whether the failure is transient, so that the same request may succeed later.
    ///
    /// This is the case if no complete response arrived, and for responses with status 408, 429, 502, 503
    /// and 504.
    pub fn is_retryable(&self) -> bool {
        match self {
            // Invalid requests and redirect errors fail again.
            Self::CommunicationError(error) => !error.is_builder() && !error.is_redirect(),
            Self::ResponseBodyError { .. } => true,
            _ => self.status().is_some_and(is_transient),
        }
    }

    /// Drops the value of an error response, so that errors of different operations have one type.
    pub fn into_untyped(self) -> Error {
        self.map(drop)
    }

    /// Converts the value of an error response.
    pub fn map<F>(self, into: impl FnOnce(E) -> F) -> Error<F> {
        match self {
            Self::InvalidRequest(message) => Error::InvalidRequest(message),
            Self::CommunicationError(error) => Error::CommunicationError(error),
            Self::ErrorResponse(response) => Error::ErrorResponse(response.map(into)),
            Self::ResponseBodyError { response, source } => {
                Error::ResponseBodyError { response, source }
            }
            Self::InvalidResponsePayload(response, error) => {
                Error::InvalidResponsePayload(response, error)
            }
            Self::UnexpectedResponse(response) => Error::UnexpectedResponse(response),
            Self::InvalidUpgrade(error) => Error::InvalidUpgrade(error),
            Self::Custom(message) => Error::Custom(message),
        }
    }

    /// The direct cause.
    fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CommunicationError(error) | Self::InvalidUpgrade(error) => Some(error),
            Self::ResponseBodyError { source, .. } => Some(source),
            Self::InvalidResponsePayload(_, error) => Some(error),
            Self::InvalidRequest(_)
            | Self::ErrorResponse(_)
            | Self::UnexpectedResponse(_)
            | Self::Custom(_) => None,
        }
    }
}

/// Whether a later request may get another status.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(message) => {
                write!(f, "the request is invalid: {}", OneLine(message))?;
            }
            Self::CommunicationError(_) => f.write_str("no response was received")?,
            Self::ErrorResponse(response) => {
                write!(f, "the server responded with status {}", response.status())?;
            }
            Self::ResponseBodyError { response, .. } => write!(
                f,
                "the response with status {} ended early, after {} bytes of its body",
                response.status(),
                response.body().len()
            )?,
            Self::InvalidResponsePayload(response, _) => write!(
                f,
                "the body of the response with status {} does not match the contract",
                response.status()
            )?,
            Self::UnexpectedResponse(response) => {
                write!(f, "unexpected response with status {}", response.status())?;
                if let Some(media_type) = response.headers().get(reqwest::header::CONTENT_TYPE) {
                    let shown = String::from_utf8_lossy(media_type.as_bytes());
                    write!(f, " and media type `{}`", OneLine(&shown))?;
                }
            }
            Self::InvalidUpgrade(_) => f.write_str("the connection was not upgraded")?,
            Self::Custom(message) => write!(f, "{}", OneLine(message))?,
        }
        if f.alternate() {
            let mut cause = self.cause();
            while let Some(error) = cause {
                write!(f, ": {}", OneLine(&error.to_string()))?;
                cause = error.source();
            }
        }
        Ok(())
    }
}

impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(message) => {
                f.debug_tuple("InvalidRequest").field(message).finish()
            }
            Self::CommunicationError(error) => {
                f.debug_tuple("CommunicationError").field(error).finish()
            }
            Self::ErrorResponse(response) => f
                .debug_struct("ErrorResponse")
                .field("status", &response.status())
                .field("value", &**response)
                .finish(),
            Self::ResponseBodyError { response, source } => f
                .debug_struct("ResponseBodyError")
                .field("response", response)
                .field("source", source)
                .finish(),
            Self::InvalidResponsePayload(response, error) => f
                .debug_tuple("InvalidResponsePayload")
                .field(response)
                .field(error)
                .finish(),
            Self::UnexpectedResponse(response) => {
                f.debug_tuple("UnexpectedResponse").field(response).finish()
            }
            Self::InvalidUpgrade(error) => f.debug_tuple("InvalidUpgrade").field(error).finish(),
            Self::Custom(message) => f.debug_tuple("Custom").field(message).finish(),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause()
    }
}

impl<E> From<Infallible> for Error<E> {
    fn from(error: Infallible) -> Self {
        match error {}
    }
}

impl<E> From<reqwest::Error> for Error<E> {
    fn from(error: reqwest::Error) -> Self {
        Self::CommunicationError(error)
    }
}

impl<E> From<InvalidHeaderValue> for Error<E> {
    fn from(error: InvalidHeaderValue) -> Self {
        Self::InvalidRequest(error.to_string())
    }
}
