//! The rate limit: a fixed window per key, kept in memory.
//!
//! A window starts with the first request of a key and ends after a fixed time; the next request starts a new one. If
//! windows started at the full minute instead, all waiting clients would return in the same second.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::domain::api_key::KeyId;
use crate::domain::clock::Timestamp;

/// The number of requests that a key may send within a time window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The number of requests in a window.
    pub requests: NonZeroU32,
    /// The length of a window. At least a millisecond is used.
    pub window: Duration,
}

impl Default for RateLimit {
    /// 60 requests per minute.
    fn default() -> Self {
        Self {
            requests: NonZeroU32::MIN.saturating_add(59),
            window: Duration::from_secs(60),
        }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.requests.get() == 1 { "" } else { "s" };
        write!(f, "{} request{plural} ", self.requests)?;
        match (self.window.as_secs(), self.window.subsec_nanos()) {
            (1, 0) => f.write_str("a second"),
            (60, 0) => f.write_str("a minute"),
            (3600, 0) => f.write_str("an hour"),
            _ => write!(f, "in {} seconds", self.window.as_secs_f64()),
        }
    }
}

/// The state of the window of a key after a request was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// The end of the window in Unix time, in seconds, rounded up.
    pub(crate) reset: i64,
    /// If the request is over the limit: the number of seconds until the window has ended, rounded up.
    pub(crate) retry_after: Option<i64>,
}

/// Counts the requests of each key.
pub(crate) struct RateLimiter {
    limit: RateLimit,
    windows: Mutex<Windows>,
}

#[derive(Default)]
struct Windows {
    by_key: HashMap<KeyId, Window>,
    /// When to remove the windows that have ended. This bounds the memory by the keys of the last two windows.
    next_sweep: i64,
}

#[derive(Clone, Copy)]
struct Window {
    start: i64,
    used: u32,
}

impl RateLimiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            windows: Mutex::default(),
        }
    }

    pub(crate) fn limit(&self) -> RateLimit {
        self.limit
    }

    /// Counts a request of this key. No two concurrent requests get the same count.
    pub(crate) fn count(&self, key: &KeyId, now: Timestamp) -> Count {
        let now = now.unix_millis();
        let length = self.window_millis();
        let limit = self.limit.requests.get();
        // The map is valid after every statement, also if another thread panicked.
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.sweep(now, length);
        let window = windows.by_key.entry(key.clone()).or_insert(Window {
            start: now,
            used: 0,
        });
        if !window.covers(now, length) {
            *window = Window {
                start: now,
                used: 0,
            };
        }
        let end = window.start.saturating_add(length);
        let within = window.used < limit;
        if within {
            window.used += 1;
        }
        Count {
            limit,
            remaining: limit - window.used,
            reset: ceil_seconds(end),
            retry_after: (!within).then(|| ceil_seconds(end - now).max(1)),
        }
    }

    fn window_millis(&self) -> i64 {
        i64::try_from(self.limit.window.as_millis())
            .unwrap_or(i64::MAX)
            .max(1)
    }
}

impl Windows {
    fn sweep(&mut self, now: i64, length: i64) {
        // The second condition detects a clock that was set back.
        let due = now >= self.next_sweep || self.next_sweep.saturating_sub(now) > length;
        if due {
            self.by_key.retain(|_, window| window.covers(now, length));
            self.next_sweep = now.saturating_add(length);
        }
    }
}

impl Window {
    /// Whether the time is in the window. It is not if the clock was set back to before its start.
    fn covers(self, now: i64, length: i64) -> bool {
        self.start <= now && now < self.start.saturating_add(length)
    }
}

fn ceil_seconds(millis: i64) -> i64 {
    millis.div_euclid(1000) + i64::from(millis.rem_euclid(1000) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_775_822_400_250;

    fn limiter(requests: u32, window: Duration) -> RateLimiter {
        let requests = NonZeroU32::new(requests).expect("not zero");
        RateLimiter::new(RateLimit { requests, window })
    }

    fn count(limiter: &RateLimiter, key: &str, after_millis: i64) -> Count {
        let now = Timestamp::from_unix_millis(START + after_millis);
        limiter.count(&KeyId::new(key), now)
    }

    #[test]
    fn requests_over_the_limit_are_rejected() {
        let limiter = limiter(2, Duration::from_secs(60));
        let remaining: Vec<_> = (0..4)
            .map(|_| count(&limiter, "a", 0))
            .map(|count| (count.remaining, count.retry_after.is_some()))
            .collect();
        assert_eq!(remaining, [(1, false), (0, false), (0, true), (0, true)]);
    }

    #[test]
    fn keys_are_counted_separately() {
        let limiter = limiter(1, Duration::from_secs(60));
        count(&limiter, "a", 0);
        assert_eq!(count(&limiter, "b", 0).retry_after, None);
    }

    #[test]
    fn window_starts_with_the_first_request() {
        let limiter = limiter(1, Duration::from_secs(60));
        count(&limiter, "a", 0);
        assert!(count(&limiter, "a", 59_999).retry_after.is_some());
        assert!(count(&limiter, "a", 60_000).retry_after.is_none());
    }

    #[test]
    fn reset_is_rounded_up_to_a_whole_second() {
        let limiter = limiter(1, Duration::from_secs(60));
        assert_eq!(count(&limiter, "a", 0).reset, 1_775_822_461);
    }

    #[test]
    fn waiting_for_retry_after_is_always_enough() {
        for after in [0, 1, 499, 500, 999, 1000, 30_001, 59_000, 59_999] {
            let limiter = limiter(1, Duration::from_secs(60));
            count(&limiter, "a", 0);
            let wait = count(&limiter, "a", after)
                .retry_after
                .expect("over the limit");
            assert!(wait >= 1);
            assert_eq!(count(&limiter, "a", after + wait * 1000).retry_after, None);
        }
    }

    #[test]
    fn clock_set_back_starts_a_new_window() {
        let limiter = limiter(1, Duration::from_secs(60));
        count(&limiter, "a", 0);
        assert_eq!(count(&limiter, "a", -3_600_000).retry_after, None);
    }

    #[test]
    fn ended_windows_are_removed() {
        let limiter = limiter(1, Duration::from_secs(60));
        for key in 0..1000 {
            count(&limiter, &key.to_string(), 0);
        }
        count(&limiter, "a", 60_000);
        let windows = limiter.windows.lock().expect("not poisoned");
        assert_eq!(windows.by_key.len(), 1);
    }

    #[test]
    fn limit_is_displayed_as_a_phrase() {
        let phrase = |requests, millis| {
            limiter(requests, Duration::from_millis(millis))
                .limit
                .to_string()
        };
        assert_eq!(phrase(60, 60_000), "60 requests a minute");
        assert_eq!(phrase(1, 1000), "1 request a second");
        assert_eq!(phrase(5, 3_600_000), "5 requests an hour");
        assert_eq!(phrase(5, 2500), "5 requests in 2.5 seconds");
    }
}
