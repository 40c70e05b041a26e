//! A page of the library, with all that its answer says.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use uuid::Uuid;

use crate::RateLimit;
use crate::generated::types::{MediaItem, MediaListResponse, Pagination};

/// A page of the library.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page {
    /// The files of this page, newest first.
    pub items: Vec<MediaItem>,
    /// The `media_id` of every file of this page, in the same order.
    pub media_ids: Vec<Uuid>,
    /// The page that was returned, with the defaults filled in.
    pub pagination: Pagination,
    /// The id of this request: quote it when you report a problem.
    pub request_id: String,
    /// When the answer was made.
    pub timestamp: DateTime<Utc>,
    /// How many requests are left. The server always tells; a proxy may have removed it.
    pub rate_limit: Option<RateLimit>,
}

impl Page {
    pub(crate) fn new(body: MediaListResponse, headers: &HeaderMap) -> Self {
        let MediaListResponse {
            data,
            meta,
            error: (),
        } = body;
        Self {
            items: data.items,
            media_ids: data.media_ids,
            pagination: data.pagination,
            request_id: meta.request_id,
            timestamp: meta.timestamp,
            rate_limit: RateLimit::from_headers(headers),
        }
    }

    /// Whether a next page can have files: whether this one is full.
    pub fn is_full(&self) -> bool {
        let limit = usize::try_from(self.pagination.limit.get()).unwrap_or(usize::MAX);
        self.items.len() >= limit
    }
}
