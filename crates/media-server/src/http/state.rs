//! What the routes share.

use std::sync::Arc;

use super::rate_limit::RateLimiter;
use crate::domain::clock::Clock;
use crate::domain::library::ErasedLibrary;

/// The library, the clock and the request counts of a running server.
pub(crate) struct Shared {
    pub(crate) library: Box<dyn ErasedLibrary>,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) limiter: RateLimiter,
}

pub(crate) type AppState = Arc<Shared>;
