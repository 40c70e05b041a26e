//! Why a call failed, in kinds that a caller can act upon.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Map, Value};

use crate::RateLimit;
use crate::generated::types;
use crate::headers;
use crate::session::Head;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument is not allowed. Nothing was sent.
    #[error("{name}: {message}")]
    #[non_exhaustive]
    InvalidArgument {
        /// The argument.
        name: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// 400: the server refuses a parameter. Its message names it.
    #[error("the request was refused: {0}")]
    BadRequest(Box<Failure>),
    /// 401: the API key is missing, malformed, unknown or revoked.
    #[error("the API key was refused: {0}")]
    Unauthorized(Box<Failure>),
    /// 429: the key has used up its requests of this window.
    #[error("too many requests, retry in {} s: {failure}", .retry_after.as_secs())]
    #[non_exhaustive]
    RateLimited {
        /// How long to wait before the next request.
        retry_after: Duration,
        /// The window, if the server told it.
        rate_limit: Option<RateLimit>,
        /// What the server says.
        failure: Box<Failure>,
    },
    /// 5xx: the server, or a proxy before it, failed.
    #[error("the server failed: {0}")]
    Server(Box<Failure>),
    /// A status that the contract does not declare.
    #[error("unexpected answer: {0}")]
    UnexpectedStatus(Box<Failure>),
    /// The body of an answer is not what the contract says.
    #[error("the answer cannot be read ({})", about(*.status, .request_id.as_deref()))]
    #[non_exhaustive]
    InvalidResponse {
        /// The status of the answer.
        status: StatusCode,
        /// The id of the request, if the answer has one.
        request_id: Option<String>,
        /// Where and how the body differs.
        source: serde_json::Error,
    },
    /// No whole answer arrived: no connection, a timeout, a connection that broke.
    #[error("no answer was received")]
    Transport(#[source] reqwest::Error),
}

/// What an answer says that reports a failure.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Failure {
    /// The status of the answer.
    pub status: StatusCode,
    /// The kind of failure, for programs. Empty when the answer was not the server's own.
    pub code: String,
    /// What went wrong, for people.
    pub message: String,
    /// More about the failure. Its members depend on `code`.
    pub details: Map<String, Value>,
    /// The id of the request: quote it when you report a problem.
    pub request_id: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({})",
            self.message,
            about(self.status, self.request_id.as_deref())
        )
    }
}

fn about(status: StatusCode, request_id: Option<&str>) -> String {
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

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::InvalidResponse { status, .. } => Some(*status),
            _ => self.failure().map(|failure| failure.status),
        }
    }

    /// The id of the request, if there was an answer with one.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::InvalidResponse { request_id, .. } => request_id.as_deref(),
            _ => self.failure()?.request_id.as_deref(),
        }
    }

    /// What the answer says, if there was one that reports a failure.
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

    /// Whether the same call can succeed later, without a change by anyone.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::Server(_) | Self::Transport(_)
        )
    }

    /// Whether the call took longer than the client's timeout.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_timeout())
    }

    /// Sorts an error of the generated client. `head` is how the answer began, if one came.
    pub(crate) fn from_call(
        error: progenitor_client::Error<types::ErrorResponse>,
        head: Option<&Head>,
    ) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::ErrorResponse(response) => {
                let head = Head {
                    status: response.status(),
                    headers: response.headers().clone(),
                };
                Self::from_answer(&head, Some(response.into_inner()))
            }
            Generated::UnexpectedResponse(response) => {
                let head = Head {
                    status: response.status(),
                    headers: response.headers().clone(),
                };
                Self::from_answer(&head, None)
            }
            Generated::InvalidResponsePayload(_, source) => match head {
                // Proxies answer in their own words. The status says what the caller must know.
                Some(head) if head.status.is_server_error() => Self::from_answer(head, None),
                Some(head) if head.status == StatusCode::TOO_MANY_REQUESTS => {
                    Self::from_answer(head, None)
                }
                head => Self::InvalidResponse {
                    status: head.map_or(StatusCode::OK, |head| head.status),
                    request_id: head.and_then(|head| headers::request_id(&head.headers)),
                    source,
                },
            },
            Generated::CommunicationError(source)
            | Generated::InvalidUpgrade(source)
            | Generated::ResponseBodyError(source) => Self::Transport(source),
            Generated::InvalidRequest(message) | Generated::Custom(message) => {
                Self::argument("request", message)
            }
        }
    }

    fn from_answer(head: &Head, body: Option<types::ErrorResponse>) -> Self {
        let failure = Box::new(Failure::new(head, body));
        match head.status {
            StatusCode::BAD_REQUEST => Self::BadRequest(failure),
            StatusCode::UNAUTHORIZED => Self::Unauthorized(failure),
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited {
                retry_after: headers::retry_after(&head.headers),
                rate_limit: RateLimit::from_headers(&head.headers),
                failure,
            },
            status if status.is_server_error() => Self::Server(failure),
            _ => Self::UnexpectedStatus(failure),
        }
    }
}

impl Failure {
    fn new(head: &Head, body: Option<types::ErrorResponse>) -> Self {
        let status = head.status;
        let sent = headers::request_id(&head.headers);
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
                request_id: sent,
            },
        }
    }
}
