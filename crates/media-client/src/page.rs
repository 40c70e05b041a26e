//! A page of media files.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use uuid::Uuid;

use crate::RateLimit;
use crate::generated::types::{MediaItem, MediaListResponse, Pagination};

/// A page of the media files of a library.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page {
    /// The files of the page, newest first.
    pub items: Vec<MediaItem>,
    /// The `media_id` of each of the files, in the same order.
    pub media_ids: Vec<Uuid>,
    /// The limit and the offset of the page, including defaults.
    pub pagination: Pagination,
    /// The id of the request, to quote in a problem report.
    pub request_id: String,
    /// When the response was created.
    pub timestamp: DateTime<Utc>,
    /// The state of the rate limit. `None` only if a proxy removed the headers.
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

    /// Whether the page has as many files as its limit, so that another page may follow.
    pub fn is_full(&self) -> bool {
        let limit = usize::try_from(self.pagination.limit).unwrap_or(usize::MAX);
        !self.items.is_empty() && self.items.len() >= limit
    }
}
