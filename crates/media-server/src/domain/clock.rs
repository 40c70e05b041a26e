//! Timestamps and clocks.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::DateTime;
use serde::{Serialize, Serializer};

/// A time with millisecond precision, formatted as `2026-04-10T12:00:00.000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The timestamp for this Unix time in milliseconds.
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The Unix time in milliseconds.
    pub const fn unix_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A year beyond chrono's range (about 262,000) has no representation.
        let instant = DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH);
        write!(f, "{}", instant.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A source of the current time: [`SystemClock`], or another one in tests.
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A test keeps a reference to the clock that it passes to the server.
impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_milliseconds_and_z() {
        let written = |millis| Timestamp::from_unix_millis(millis).to_string();
        assert_eq!(written(1_775_822_400_000), "2026-04-10T12:00:00.000Z");
        assert_eq!(written(1_775_822_400_007), "2026-04-10T12:00:00.007Z");
        assert_eq!(written(0), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn timestamps_out_of_range_do_not_panic() {
        assert_eq!(
            Timestamp::from_unix_millis(i64::MAX).to_string(),
            "1970-01-01T00:00:00.000Z"
        );
    }
}
