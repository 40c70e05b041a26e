//! The application: a library, a clock and a limit, put together to a router.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use axum::{Router, middleware};
use utoipa::openapi::OpenApi;

use super::rate_limit::{RateLimit, RateLimiter};
use super::response::ApiResponse;
use super::state::{AppState, Shared};
use super::{document, guard};
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::library::{ErasedLibrary, MediaLibrary};

/// A server that has not been started: where its files are, how much a key may ask, what time it is.
pub struct App {
    library: Box<dyn ErasedLibrary>,
    rate_limit: RateLimit,
    clock: Box<dyn Clock>,
}

impl App {
    /// An application over this library, with 60 requests a minute for each key.
    pub fn new(library: impl MediaLibrary) -> Self {
        Self {
            library: Box::new(library),
            rate_limit: RateLimit::default(),
            clock: Box::new(SystemClock),
        }
    }

    /// The same with another rate limit.
    #[must_use]
    pub fn rate_limit(self, rate_limit: RateLimit) -> Self {
        Self { rate_limit, ..self }
    }

    /// The same with another clock, for tests.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        Self {
            clock: Box::new(clock),
            ..self
        }
    }

    /// The routes of the server: the operations below `/v1`, and the document about them.
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
            .nest(document::BASE_PATH, operations)
            .route(
                &format!("{}{}", document::BASE_PATH, document::DOCUMENT_PATH),
                get(move || async move { (content_type, document) }),
            )
            .fallback(async || ApiResponse::not_found())
            .method_not_allowed_fallback(async || ApiResponse::method_not_allowed())
            .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
            .with_state(state)
    }
}

/// The OpenAPI document of the server, as it is served at `/v1/openapi.json`.
pub fn openapi() -> OpenApi {
    document::operations().into_openapi()
}

/// The document as indented JSON that ends with a newline.
pub fn document_json(document: &OpenApi) -> String {
    let json = document
        .to_pretty_json()
        .expect("the document holds no maps with keys other than strings");
    json + "\n"
}
