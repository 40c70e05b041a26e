use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder, Sleeper};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, Request, Response, StatusCode};

/// Sends a request again when its failure may pass.
///
/// A request is repeated when it was not answered, or answered with 408, 429, 502, 503 or 504. Only
/// a request that may arrive twice is: GET, HEAD, PUT, DELETE and OPTIONS, and any other with an
/// `Idempotency-Key` header; and only one whose body is not a stream. The server's `Retry-After` is
/// obeyed, in seconds and as a date. Without it the wait doubles each time, with some chance in it.
///
/// When nothing is left to try, the last answer or error is returned as if there was no retry.
#[derive(Debug, Clone)]
pub struct Retry {
    backoff: ExponentialBuilder,
    longest_wait: Duration,
}

impl Retry {
    /// Repeats a request this many times at most.
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

    /// How long the first wait is at least; half a second if nothing else is said.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.backoff = self.backoff.with_min_delay(wait);
        self
    }

    /// The longest wait; a minute if nothing else is said. When a server asks for a longer one,
    /// the request is not repeated.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.backoff = self.backoff.with_max_delay(wait);
        self.longest_wait = wait;
        self
    }

    /// Executes a request, and repeats it as long as that makes sense.
    pub async fn execute(
        &self,
        client: &reqwest::Client,
        request: Request,
    ) -> reqwest::Result<Response> {
        let mut request = request;
        let mut waits = self.backoff.build();
        loop {
            let spare = if may_arrive_twice(&request) {
                request.try_clone()
            } else {
                None
            };
            let result = client.execute(request).await;
            let Some(spare) = spare else {
                return result;
            };
            let Some(asked_for) = passing(&result) else {
                return result;
            };
            let Some(wait) = waits.next() else {
                return result;
            };
            let wait = match asked_for {
                Some(wait) if wait > self.longest_wait => return result,
                Some(wait) => wait,
                None => wait.min(self.longest_wait),
            };
            drop(result);
            backon::DefaultSleeper::default().sleep(wait).await;
            request = spare;
        }
    }
}

/// Whether it does no harm when the server sees the request twice.
fn may_arrive_twice(request: &Request) -> bool {
    let idempotent = [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ];
    idempotent.contains(request.method()) || request.headers().contains_key("idempotency-key")
}

/// Whether a failure may pass, and the wait that the server asks for.
fn passing(result: &reqwest::Result<Response>) -> Option<Option<Duration>> {
    match result {
        Ok(response) => {
            let passes = matches!(
                response.status(),
                StatusCode::REQUEST_TIMEOUT
                    | StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            );
            passes.then(|| retry_after(response.headers(), SystemTime::now()))
        }
        // Neither a request that cannot be made nor a redirect that is refused gets any better.
        Err(error) => (!error.is_builder() && !error.is_redirect()).then_some(None),
    }
}

/// How long to wait by `Retry-After`: a number of seconds, or a date.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}
