//! Time: the instant type of the API and where instants come from.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::DateTime;
use serde::{Serialize, Serializer};

/// An instant in milliseconds of Unix time, written as `2026-04-10T12:00:00.000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant that lies this many milliseconds after the start of 1970 (UTC).
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the start of 1970 (UTC).
    pub const fn unix_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Outside the calendar of chrono (about 262,000 years) there is no honest way to write it.
        let instant = DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH);
        write!(f, "{}", instant.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Tells the time. The server reads [`SystemClock`]; tests put their own in its place.
pub trait Clock: Send + Sync + 'static {
    /// The current instant.
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

/// Lets a test keep a handle on the clock that it hands to the server.
impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_always_has_three_digits_and_z() {
        let written = |millis| Timestamp::from_unix_millis(millis).to_string();
        assert_eq!(written(1_775_822_400_000), "2026-04-10T12:00:00.000Z");
        assert_eq!(written(1_775_822_400_007), "2026-04-10T12:00:00.007Z");
        assert_eq!(written(0), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_timestamp_outside_the_calendar_does_not_panic() {
        assert_eq!(
            Timestamp::from_unix_millis(i64::MAX).to_string(),
            "1970-01-01T00:00:00.000Z"
        );
    }
}
