//! The errors of the client, one variant per reaction of the caller.

use std::fmt;
use std::time::Duration;

use openapi_client_runtime::Error as Generated;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use crate::RateLimit;
use crate::generated::types;
use crate::headers;

/// The error of a call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument is invalid. No request was sent.
    #[error("{name}: {message}")]
    #[non_exhaustive]
    InvalidArgument {
        /// The name of the argument.
        name: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// 400: the server rejected a parameter, which its message names.
    #[error("the server rejected the request: {0}")]
    BadRequest(Box<Failure>),
    /// 401: the API key is missing, malformed, unknown or revoked.
    #[error("the server rejected the API key: {0}")]
    Unauthorized(Box<Failure>),
    /// 429: the key has no requests left in the current window.
    #[error("too many requests, retry in {} s: {failure}", .retry_after.as_secs())]
    #[non_exhaustive]
    RateLimited {
        /// How long to wait before the next request.
        retry_after: Duration,
        /// The state of the window, if the response has its headers.
        rate_limit: Option<RateLimit>,
        /// The error in the response.
        failure: Box<Failure>,
    },
    /// 5xx: the server, or a proxy in front of it, failed.
    #[error("the server failed: {0}")]
    Server(Box<Failure>),
    /// A status that the contract does not declare.
    #[error("unexpected response: {0}")]
    UnexpectedStatus(Box<Failure>),
    /// The body of a response does not match the contract.
    #[error("the response does not match the contract ({})", context(*.status, .request_id.as_deref()))]
    #[non_exhaustive]
    InvalidResponse {
        /// The status of the response.
        status: StatusCode,
        /// The id of the request, if the response has one.
        request_id: Option<String>,
        /// What does not match, and where.
        source: serde_json::Error,
    },
    /// No complete response was received: the connection failed, was closed early, or timed out.
    #[error("no response was received")]
    Transport(#[source] reqwest::Error),
}

/// The error in a response.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Failure {
    /// The status of the response.
    pub status: StatusCode,
    /// The kind of failure, for programs. Empty if the response comes from a proxy.
    pub code: String,
    /// What went wrong, for people.
    pub message: String,
    /// Details of the failure, whose properties depend on `code`.
    pub details: Map<String, Value>,
    /// The id of the request, to quote in a problem report.
    pub request_id: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({})",
            self.message,
            context(self.status, self.request_id.as_deref())
        )
    }
}

fn context(status: StatusCode, request_id: Option<&str>) -> String {
    match request_id {
        Some(id) => format!("status {}, request {id}", status.as_u16()),
        None => format!("status {}", status.as_u16()),
    }
}

impl Error {
    pub(crate) fn argument(name: &'static str, message: impl Into<String>) -> Self {
        Self::InvalidArgument {
            name,
            message: message.into(),
        }
    }

    /// The status of the response, if one was received.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::InvalidResponse { status, .. } => Some(*status),
            _ => self.failure().map(|failure| failure.status),
        }
    }

    /// The id of the request, if the response has one.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::InvalidResponse { request_id, .. } => request_id.as_deref(),
            _ => self.failure()?.request_id.as_deref(),
        }
    }

    /// The error in the response, if the server returned one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::BadRequest(failure)
            | Self::Unauthorized(failure)
            | Self::RateLimited { failure, .. }
            | Self::Server(failure)
            | Self::UnexpectedStatus(failure) => Some(failure),
            Self::InvalidArgument { .. } | Self::InvalidResponse { .. } | Self::Transport(_) => {
                None
            }
        }
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::Server(_) | Self::Transport(_)
        )
    }

    /// Whether the call exceeded the client's timeout.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_timeout())
    }

    /// Converts an error of the generated client.
    pub(crate) fn from_call(error: Generated<types::ErrorResponse>) -> Self {
        match error {
            Generated::ErrorResponse(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                Self::from_response(status, &headers, Some(response.into_inner()))
            }
            Generated::UnexpectedResponse(response) => {
                Self::from_response(response.status(), response.headers(), None)
            }
            Generated::InvalidResponsePayload(response, source) => match response.status() {
                // Responses of proxies have bodies of another form. The status is enough.
                status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                    Self::from_response(status, response.headers(), None)
                }
                status => Self::InvalidResponse {
                    status,
                    request_id: headers::request_id(response.headers()),
                    source,
                },
            },
            Generated::CommunicationError(source) | Generated::ResponseBodyError { source, .. } => {
                Self::Transport(source)
            }
            Generated::InvalidRequest(message) | Generated::Custom(message) => {
                Self::argument("request", message)
            }
            other => Self::argument("request", other.to_string()),
        }
    }

    fn from_response(
        status: StatusCode,
        headers: &HeaderMap,
        body: Option<types::ErrorResponse>,
    ) -> Self {
        let failure = Box::new(Failure::new(status, headers, body));
        match status {
            StatusCode::BAD_REQUEST => Self::BadRequest(failure),
            StatusCode::UNAUTHORIZED => Self::Unauthorized(failure),
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited {
                retry_after: headers::retry_after(headers),
                rate_limit: RateLimit::from_headers(headers),
                failure,
            },
            status if status.is_server_error() => Self::Server(failure),
            _ => Self::UnexpectedStatus(failure),
        }
    }
}

impl Failure {
    fn new(status: StatusCode, headers: &HeaderMap, body: Option<types::ErrorResponse>) -> Self {
        match body {
            Some(types::ErrorResponse { error, meta, .. }) => Self {
                status,
                code: error.code,
                message: error.message,
                details: error.details.unwrap_or_default(),
                request_id: Some(meta.request_id),
            },
            None => Self {
                status,
                code: String::new(),
                message: status
                    .canonical_reason()
                    .unwrap_or("unknown status")
                    .to_owned(),
                details: Map::new(),
                request_id: headers::request_id(headers),
            },
        }
    }
}
