//! The application: a router over a library, a clock and a rate limit.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use axum::{Router, middleware};
use utoipa::openapi::OpenApi;

use super::paths::{BASE_PATH, DOCUMENT_PATH};
use super::rate_limit::{RateLimit, RateLimiter};
use super::response::ApiResponse;
use super::state::{AppState, Shared};
use super::{document, guard};
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::library::{ErasedLibrary, MediaLibrary};

/// The settings of a server: its library, rate limit and clock.
pub struct App {
    library: Box<dyn ErasedLibrary>,
    rate_limit: RateLimit,
    clock: Box<dyn Clock>,
}

impl App {
    /// A server of this library, with a limit of 60 requests per minute and key.
    pub fn new(library: impl MediaLibrary) -> Self {
        Self {
            library: Box::new(library),
            rate_limit: RateLimit::default(),
            clock: Box::new(SystemClock),
        }
    }

    /// Sets the rate limit.
    #[must_use]
    pub fn rate_limit(self, rate_limit: RateLimit) -> Self {
        Self { rate_limit, ..self }
    }

    /// Sets the clock, for tests.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        Self {
            clock: Box::new(clock),
            ..self
        }
    }

    /// The router with all operations, and with the OpenAPI document at `/v1/openapi.json`.
    pub fn into_router(self) -> Router {
        let state: AppState = Arc::new(Shared {
            library: self.library,
            clock: self.clock,
            limiter: RateLimiter::new(self.rate_limit),
        });
        let (operations, document) = document::operations().split_for_parts();
        let document = Bytes::from(document_json(&document));
        let content_type = [(header::CONTENT_TYPE, "application/json")];
        Router::new()
            .nest(BASE_PATH, operations)
            .route(
                &format!("{}{}", BASE_PATH, DOCUMENT_PATH),
                get(move || async move { (content_type, document) }),
            )
            .fallback(async || ApiResponse::not_found())
            .method_not_allowed_fallback(async || ApiResponse::method_not_allowed())
            .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
            .with_state(state)
    }
}

/// The OpenAPI document that the server serves at `/v1/openapi.json`.
pub fn openapi() -> OpenApi {
    document::operations().into_openapi()
}

/// Formats a document as indented JSON with a trailing newline.
pub fn document_json(document: &OpenApi) -> String {
    let json = document.to_pretty_json().expect("all keys are strings");
    json + "\n"
}
