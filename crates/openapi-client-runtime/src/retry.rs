//! Automatic retries.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder, Sleeper};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, Request, Response, StatusCode};
use web_time::SystemTime;

/// Retries requests after transient failures.
///
/// A request is retried if it got no response, or one with status 408, 429, 502, 503 or 504. Only
/// idempotent requests are retried: GET, HEAD, PUT, DELETE and OPTIONS, and any other method with an
/// `Idempotency-Key` header. A request with a streaming body is never retried.
///
/// The delay is that of the `Retry-After` header, in seconds or as a date. Without the header, it
/// doubles with each retry, with random jitter.
///
/// When all retries have failed, the last response or error is returned.
#[derive(Debug, Clone)]
pub struct Retry {
    backoff: ExponentialBuilder,
    longest_wait: Duration,
}

impl Retry {
    /// Retries a request at most this many times.
    pub fn times(retries: usize) -> Self {
        Self {
            backoff: ExponentialBuilder::new()
                .with_jitter()
                .with_min_delay(Duration::from_millis(500))
                .with_max_delay(Duration::from_secs(30))
                .with_max_times(retries),
            longest_wait: Duration::from_secs(60),
        }
    }

    /// Sets the minimum delay before the first retry. The default is half a second.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.backoff = self.backoff.with_min_delay(wait);
        self
    }

    /// Sets the maximum delay. The default is 30 seconds, or a minute if the response has
    /// `Retry-After`. If `Retry-After` is longer than this, the request is not retried.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.backoff = self.backoff.with_max_delay(wait);
        self.longest_wait = wait;
        self
    }

    /// Executes a request with retries.
    pub async fn execute(
        &self,
        client: &reqwest::Client,
        request: Request,
    ) -> reqwest::Result<Response> {
        let mut request = request;
        let mut delays = self.backoff.build();
        loop {
            let copy = if is_idempotent(&request) {
                request.try_clone()
            } else {
                None
            };
            let result = client.execute(request).await;
            let Some(copy) = copy else {
                return result;
            };
            let Some(retry_after) = transient_failure(&result) else {
                return result;
            };
            let Some(wait) = delays.next() else {
                return result;
            };
            let wait = match retry_after {
                Some(wait) if wait > self.longest_wait => return result,
                Some(wait) => wait,
                None => wait.min(self.longest_wait),
            };
            drop(result);
            backon::DefaultSleeper::default().sleep(wait).await;
            request = copy;
        }
    }
}

/// Whether the server may safely receive the request twice.
fn is_idempotent(request: &Request) -> bool {
    let idempotent = [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ];
    idempotent.contains(request.method()) || request.headers().contains_key("idempotency-key")
}

/// Returns `Some` if the failure is transient, with the delay of its `Retry-After` header.
fn transient_failure(result: &reqwest::Result<Response>) -> Option<Option<Duration>> {
    match result {
        Ok(response) => {
            let is_transient = matches!(
                response.status(),
                StatusCode::REQUEST_TIMEOUT
                    | StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            );
            is_transient.then(|| retry_after(response.headers(), SystemTime::now()))
        }
        // Invalid requests and redirect errors fail again.
        Err(error) => (!error.is_builder() && !error.is_redirect()).then_some(None),
    }
}

/// Returns the delay of the `Retry-After` header, which is a number of seconds or a date.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // On wasm32, the two clocks have different types.
    let date = date
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .ok()?;
    let now = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(date.saturating_sub(now))
}
