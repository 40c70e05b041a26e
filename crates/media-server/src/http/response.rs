//! The responses of the API, before they get their envelope and headers.
//!
//! An operation or the guard returns an [`ApiResponse`]. It is carried in the extensions of an otherwise empty HTTP
//! response, because only the guard knows the request id, the rate limit and the time. The guard then calls
//! [`ApiResponse::write`].

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::body::{ApiError, ErrorResponse, MediaList, MediaListResponse, Meta};
use super::headers::ResponseContext;
use super::invalid_parameter::InvalidParameter;
use super::rate_limit::{Count, RateLimit};
use super::statuses::{self, StatusEntry};
use crate::domain::clock::Timestamp;

/// A response without envelope and headers.
#[derive(Clone)]
pub(crate) struct ApiResponse {
    pub(crate) entry: &'static StatusEntry,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Page(MediaList),
    Error {
        message: String,
        details: Option<Map<String, Value>>,
    },
}

impl ApiResponse {
    pub(crate) fn page(page: MediaList) -> Self {
        Self {
            entry: &statuses::OK,
            content: Content::Page(page),
        }
    }

    pub(crate) fn bad_request(invalid: &[InvalidParameter]) -> Self {
        let messages: Vec<String> = invalid.iter().map(InvalidParameter::to_string).collect();
        let mut details = Map::new();
        details.insert("parameters".to_owned(), json!(invalid));
        Self {
            entry: &statuses::BAD_REQUEST,
            content: Content::Error {
                message: messages.join("; "),
                details: Some(details),
            },
        }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::error(&statuses::UNAUTHORIZED, "the API key is missing or invalid")
    }

    pub(crate) fn not_found() -> Self {
        Self::error(&statuses::NOT_FOUND, "no resource at this path")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::error(
            &statuses::METHOD_NOT_ALLOWED,
            "this path does not support this method",
        )
    }

    pub(crate) fn rate_limited(limit: RateLimit, count: Count) -> Self {
        let seconds = count.retry_after.unwrap_or(1);
        let plural = if seconds == 1 { "" } else { "s" };
        Self::error(
            &statuses::RATE_LIMITED,
            format!("the limit of {limit} is reached, retry in {seconds} second{plural}"),
        )
    }

    pub(crate) fn internal_error() -> Self {
        Self::error(
            &statuses::INTERNAL_ERROR,
            "the server failed; please report the request id",
        )
    }

    fn error(entry: &'static StatusEntry, message: impl Into<String>) -> Self {
        Self {
            entry,
            content: Content::Error {
                message: message.into(),
                details: None,
            },
        }
    }

    /// Writes the status, headers and body into the response. Keeps its other headers.
    pub(crate) fn write(
        self,
        response: &mut Response<Body>,
        context: ResponseContext<'_>,
        now: Timestamp,
    ) {
        *response.status_mut() = self.entry.status;
        let headers = response.headers_mut();
        for (name, value) in self
            .entry
            .headers
            .iter()
            .filter_map(|used| used.to_header(context))
        {
            headers.insert(name, value);
        }
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.remove(header::CONTENT_LENGTH);
        let meta = Meta {
            request_id: context.request_id.to_owned(),
            timestamp: now,
        };
        *response.body_mut() = Body::from(self.into_json(meta));
    }

    /// The body, in its envelope.
    pub(crate) fn into_json(self, meta: Meta) -> Vec<u8> {
        match self.content {
            Content::Page(data) => encode(&MediaListResponse {
                data,
                error: (),
                meta,
            }),
            Content::Error { message, details } => encode(&ErrorResponse {
                data: (),
                error: ApiError {
                    code: self.entry.code,
                    message,
                    details,
                },
                meta,
            }),
        }
    }
}

fn encode(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("all keys are strings")
}

impl IntoResponse for ApiResponse {
    fn into_response(self) -> axum::response::Response {
        let mut response = axum::response::Response::new(Body::empty());
        *response.status_mut() = self.entry.status;
        response.extensions_mut().insert(self);
        response
    }
}
