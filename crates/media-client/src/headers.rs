//! The response headers of the contract.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::generated::headers::ListMediaHeaders200;

/// The state of the current rate limit window of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests that the key may send in a window.
    pub limit: u64,
    /// The number of requests left in the current window.
    pub remaining: u64,
    /// When the current window ends.
    pub reset: DateTime<Utc>,
}

impl RateLimit {
    /// Reads the three headers. `None` if a header that the contract requires is missing or invalid.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let read = ListMediaHeaders200::read(headers).ok()?;
        Some(Self {
            limit: read.x_rate_limit_limit.try_into().ok()?,
            remaining: read.x_rate_limit_remaining.try_into().ok()?,
            reset: DateTime::from_timestamp(read.x_rate_limit_reset, 0)?,
        })
    }
}

/// The id of the request, set by the server or a proxy in front of it.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    text(headers, "x-request-id").map(str::to_owned)
}

/// How long to wait before the next request.
///
/// If `Retry-After` is missing or not a number, this is the time until the window ends, but at least a second.
pub(crate) fn retry_after(headers: &HeaderMap) -> Duration {
    const MINIMUM: Duration = Duration::from_secs(1);
    if let Some(seconds) = number(headers, RETRY_AFTER.as_str()) {
        return Duration::from_secs(seconds);
    }
    let window = RateLimit::from_headers(headers)
        .and_then(|rate_limit| (rate_limit.reset - Utc::now()).to_std().ok());
    window.unwrap_or(MINIMUM).max(MINIMUM)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)?
        .to_str()
        .ok()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn number<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    text(headers, name)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{RateLimit, request_id, retry_after};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn rate_limit_requires_all_headers() {
        let all = [
            ("x-request-id", "a1"),
            ("x-ratelimit-limit", "60"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1775822460"),
        ];
        let read = RateLimit::from_headers(&headers(&all)).unwrap();
        assert_eq!((read.limit, read.remaining), (60, 0));
        assert_eq!(read.reset.to_rfc3339(), "2026-04-10T12:01:00+00:00");
        assert_eq!(RateLimit::from_headers(&headers(&all[1..])), None);
        let out_of_range = [
            all[0],
            all[1],
            all[2],
            ("x-ratelimit-reset", "9223372036854775807"),
        ];
        assert_eq!(RateLimit::from_headers(&headers(&out_of_range)), None);
    }

    #[test]
    fn retry_after_is_at_least_a_second_by_default() {
        assert_eq!(
            retry_after(&headers(&[("retry-after", "17")])),
            Duration::from_secs(17)
        );
        assert_eq!(
            retry_after(&headers(&[("retry-after", "soon")])),
            Duration::from_secs(1)
        );
        let passed = [
            ("x-ratelimit-limit", "60"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1"),
        ];
        assert_eq!(retry_after(&headers(&passed)), Duration::from_secs(1));
    }

    #[test]
    fn empty_request_id_is_none() {
        assert_eq!(request_id(&headers(&[("x-request-id", " ")])), None);
        assert_eq!(
            request_id(&headers(&[("x-request-id", "a1")])).as_deref(),
            Some("a1")
        );
    }
}
