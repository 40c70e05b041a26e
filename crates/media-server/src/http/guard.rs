//! The middleware around all routes: request id, authentication and rate limit, in this order, and the single place
//! that writes responses, whatever failed.

use std::any::Any;
use std::error::Error;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tracing::Instrument;

use super::authentication::bearer_key;
use super::body::ErrorResponse;
use super::headers::{HeaderUse, REQUEST_ID, ResponseContext};
use super::paths::{BASE_PATH, DOCUMENT_PATH};
use super::rate_limit::Count;
use super::response::ApiResponse;
use super::state::AppState;
use super::{examples, statuses};
use crate::domain::api_key::{KeyId, hex};
use crate::domain::library::{KeyRecord, LibraryId};

/// The number of characters of a path that are logged.
const MAX_LOGGED_PATH: usize = 256;

/// The documentation of the statuses that every operation can have.
pub(crate) fn document_responses() -> [(String, utoipa::openapi::Response); 3] {
    [
        statuses::UNAUTHORIZED.document::<ErrorResponse>(examples::unauthorized()),
        statuses::RATE_LIMITED.document::<ErrorResponse>(examples::rate_limited()),
        statuses::INTERNAL_ERROR.document::<ErrorResponse>(examples::internal_error()),
    ]
}

/// The sender of an authenticated request.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The library of the key. The request must not access any other.
    pub(crate) library: LibraryId,
}

/// The key and the rate limit of a request, once they are known.
#[derive(Default)]
struct Trace {
    key: Option<KeyId>,
    count: Option<Count>,
}

/// The middleware.
pub(crate) async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = new_request_id();
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(MAX_LOGGED_PATH).collect();
    let mut trace = Trace::default();

    let span = tracing::error_span!("request", request_id);
    let mut response = respond(&app, request, next, &mut trace)
        .instrument(span)
        .await;
    finish(&app, &mut response, &request_id, trace.count);

    tracing::info!(
        request_id,
        %method,
        path,
        status = response.status().as_u16(),
        latency_ms = started.elapsed().as_secs_f64() * 1000.0,
        key = trace.key.as_ref().map(KeyId::as_str),
        "request handled"
    );
    response
}

/// A random request id. One sent by the client is ignored.
fn new_request_id() -> String {
    // Without randomness, a response with a useless id is better than none.
    hex(&getrandom::u32().unwrap_or_default().to_be_bytes())
}

async fn respond(app: &AppState, mut request: Request, next: Next, trace: &mut Trace) -> Response {
    if !is_public(&request) {
        match authorize(app, request.headers(), trace).await {
            Ok(caller) => request.extensions_mut().insert(caller),
            Err(response) => return response.into_response(),
        };
    }
    match catch_panic(next.run(request)).await {
        Ok(response) => response,
        Err(response) => response.into_response(),
    }
}

/// Whether the request needs no key: it reads the OpenAPI document.
fn is_public(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    reads && request.uri().path().strip_prefix(BASE_PATH) == Some(DOCUMENT_PATH)
}

async fn authorize(
    app: &AppState,
    headers: &HeaderMap,
    trace: &mut Trace,
) -> Result<Caller, ApiResponse> {
    let record = authenticate(app, headers).await?;
    let count = app.limiter.count(&record.id, app.clock.now());
    trace.key = Some(record.id);
    trace.count = Some(count);
    if count.retry_after.is_some() {
        return Err(ApiResponse::rate_limited(app.limiter.limit(), count));
    }
    Ok(Caller {
        library: record.library,
    })
}

async fn authenticate(app: &AppState, headers: &HeaderMap) -> Result<KeyRecord, ApiResponse> {
    let key = bearer_key(headers).ok_or_else(ApiResponse::unauthorized)?;
    let hash = key.hash();
    // In the block, a panic of the call itself is caught, too.
    let found = catch_panic(async { app.library.find_key(hash).await }).await?;
    match found {
        Ok(Some(record)) if record.hash == hash => Ok(record),
        Ok(_) => Err(ApiResponse::unauthorized()),
        Err(error) => {
            log_cause(&error);
            Err(ApiResponse::internal_error())
        }
    }
}

/// Runs the future. A panic is logged and becomes a 500.
async fn catch_panic<T>(future: impl Future<Output = T>) -> Result<T, ApiResponse> {
    // A panic affects only this request: state shared with others is protected by locks and valid at all times.
    AssertUnwindSafe(future)
        .catch_unwind()
        .await
        .map_err(|panic| {
            tracing::error!(panic = panic_message(panic.as_ref()), "a handler panicked");
            ApiResponse::internal_error()
        })
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

/// Logs why a request failed. The surrounding span has the request id.
pub(crate) fn log_cause(error: &(dyn Error + 'static)) {
    let mut causes = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push_str(": ");
        causes.push_str(&cause.to_string());
        next = cause.source();
    }
    tracing::error!(error = causes, "the request failed");
}

/// Writes the status, headers and body of a response.
fn finish(app: &AppState, response: &mut Response, request_id: &str, count: Option<Count>) {
    let context = ResponseContext { request_id, count };
    let api_response = response.extensions_mut().remove::<ApiResponse>();
    let is_framework_error = api_response.is_none() && !response.status().is_success();
    if is_framework_error {
        // Only the OpenAPI document has no `ApiResponse`. Errors of the framework must not reach the client.
        tracing::error!(request_id, status = %response.status(), "the framework rejected a request");
    }
    let api_response =
        api_response.or_else(|| is_framework_error.then(ApiResponse::internal_error));
    if let Some(api_response) = api_response {
        api_response.write(response, context, app.clock.now());
    } else if let Some((name, value)) = HeaderUse::required(&REQUEST_ID).to_header(context) {
        response.headers_mut().insert(name, value);
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}
