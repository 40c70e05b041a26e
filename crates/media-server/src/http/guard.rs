//! What stands in front of every route, in this order: request id, authentication, rate limit. And
//! behind every route: one place that writes the answer, whatever went wrong on the way.

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
use super::document::{BASE_PATH, DOCUMENT_PATH};
use super::headers::{HeaderUse, REQUEST_ID, ResponseContext};
use super::rate_limit::Count;
use super::response::ApiResponse;
use super::statuses::{self, StatusEntry};
use crate::domain::api_key::{KeyId, hex};
use crate::domain::library::{KeyRecord, LibraryId};
use crate::http::state::AppState;

/// The characters of a path that are logged.
const LOGGED_PATH: usize = 256;

/// The statuses that come from here, on every operation.
pub(crate) const STATUSES: [&StatusEntry; 3] = [
    &statuses::UNAUTHORIZED,
    &statuses::RATE_LIMITED,
    &statuses::INTERNAL_ERROR,
];

/// A request with a valid key, within its limit.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The only library this request may see.
    pub(crate) library: LibraryId,
}

/// What becomes known about a request on its way.
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
    let path: String = request.uri().path().chars().take(LOGGED_PATH).collect();
    let mut trace = Trace::default();

    let span = tracing::error_span!("request", request_id);
    let mut response = answer(&app, request, next, &mut trace)
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
        "answered"
    );
    response
}

/// Short, opaque and fresh: what the client sends under this name is not trusted.
fn new_request_id() -> String {
    // Without randomness the answer is still worth more than its id.
    hex(&getrandom::u32().unwrap_or_default().to_be_bytes())
}

async fn answer(app: &AppState, mut request: Request, next: Next, trace: &mut Trace) -> Response {
    if !is_public(&request) {
        match admit(app, request.headers(), trace).await {
            Ok(admitted) => request.extensions_mut().insert(admitted),
            Err(refusal) => return refusal.into_response(),
        };
    }
    match catch(next.run(request)).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    }
}

/// Only the document can be read without a key.
fn is_public(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    reads && request.uri().path().strip_prefix(BASE_PATH) == Some(DOCUMENT_PATH)
}

async fn admit(
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
    // The block makes a panic of the call itself, too, part of the future.
    let found = catch(async { app.library.find_key(hash).await }).await?;
    match found {
        Ok(Some(record)) if record.hash == hash => Ok(record),
        Ok(_) => Err(ApiResponse::unauthorized()),
        Err(error) => {
            log_cause(&error);
            Err(ApiResponse::internal_error())
        }
    }
}

/// Runs the future; a panic in it is logged and becomes a 500.
async fn catch<T>(future: impl Future<Output = T>) -> Result<T, ApiResponse> {
    // A panic ends only this request: what it shares with others is behind locks that hold
    // complete values at all times.
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

/// Logs why a request failed. The span around the request holds its id.
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

/// Writes what only now is known into the response.
fn finish(app: &AppState, response: &mut Response, request_id: &str, count: Option<Count>) {
    let facts = ResponseContext { request_id, count };
    let outcome = response.extensions_mut().remove::<ApiResponse>();
    let foreign_failure = outcome.is_none() && !response.status().is_success();
    if foreign_failure {
        // Nothing here answers without an outcome but the document. What does, came from the
        // framework, and its plain text must not reach the client.
        tracing::error!(request_id, status = %response.status(), "the framework refused a request");
    }
    if let Some(outcome) = outcome.or_else(|| foreign_failure.then(ApiResponse::internal_error)) {
        outcome.write(response, facts, app.clock.now());
    } else if let Some((name, value)) = HeaderUse::required(&REQUEST_ID).field(facts) {
        response.headers_mut().insert(name, value);
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}
