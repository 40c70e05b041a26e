//! Time limits of requests.

use std::time::Duration;

/// The time limits of an HTTP client.
///
/// The defaults bound how long a server may be silent, but not how long a response may take: a long
/// download is not interrupted while data arrives. A stream of events that may be silent for longer needs a
/// higher limit. Browsers have their own limits, so these do not apply
/// on wasm32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The time to connect to the server. The default is 15 seconds.
    pub connect: Option<Duration>,
    /// The time between two reads of a response. The default is 60 seconds.
    pub silence: Option<Duration>,
    /// The time from connecting to the end of the response body. The default is no limit.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Some(Duration::from_secs(15)),
            silence: Some(Duration::from_secs(60)),
            total: None,
        }
    }
}

impl Timeouts {
    /// No limits.
    pub const NONE: Self = Self {
        connect: None,
        silence: None,
        total: None,
    };
}

/// Returns a builder of an HTTP client with these time limits. On wasm32, they have no effect.
pub fn http_client(timeouts: &Timeouts) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder();
    #[cfg(not(target_arch = "wasm32"))]
    let builder = {
        let mut builder = builder;
        if let Some(connect) = timeouts.connect {
            builder = builder.connect_timeout(connect);
        }
        if let Some(silence) = timeouts.silence {
            builder = builder.read_timeout(silence);
        }
        if let Some(total) = timeouts.total {
            builder = builder.timeout(total);
        }
        builder
    };
    #[cfg(target_arch = "wasm32")]
    let _ = timeouts;
    builder
}
