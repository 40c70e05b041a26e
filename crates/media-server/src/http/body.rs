//! The JSON bodies of the answers: the envelope and what lies in it.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{media, schema};
use crate::domain::clock::Timestamp;
use crate::domain::library::PageRequest;
use crate::domain::media::MediaItem;

/// The answer when the request succeeds.
#[derive(Serialize, ToSchema)]
pub(crate) struct MediaListResponse {
    pub(crate) data: MediaList,
    #[schema(schema_with = schema::null, required = true)]
    pub(crate) error: (),
    pub(crate) meta: Meta,
}

/// The answer when the request fails.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorResponse {
    #[schema(schema_with = schema::null, required = true)]
    pub(crate) data: (),
    pub(crate) error: ApiError,
    pub(crate) meta: Meta,
}

/// A page of media files, newest first, ties in ascending order of `media_id`.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct MediaList {
    #[schema(schema_with = schema::page_items)]
    items: Vec<media::MediaItem>,
    #[schema(schema_with = schema::page_media_ids)]
    media_ids: Vec<Uuid>,
    pagination: Pagination,
}

impl MediaList {
    /// The page that answers this request.
    pub(crate) fn new(items: Vec<MediaItem>, page: PageRequest) -> Self {
        Self {
            media_ids: items.iter().map(|item| item.media_id).collect(),
            items: items.into_iter().map(media::MediaItem::from).collect(),
            pagination: Pagination {
                limit: page.limit,
                offset: page.offset,
            },
        }
    }
}

/// The page that was returned, with the defaults filled in.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Pagination {
    #[schema(schema_with = schema::page_limit)]
    limit: u32,
    #[schema(schema_with = schema::page_offset)]
    offset: u64,
}

/// ResponseContext about the answer itself.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Meta {
    #[schema(schema_with = schema::request_id)]
    pub(crate) request_id: String,
    #[schema(schema_with = schema::answered_at)]
    pub(crate) timestamp: Timestamp,
}

/// What went wrong.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct ApiError {
    #[schema(schema_with = schema::error_code)]
    pub(crate) code: &'static str,
    #[schema(schema_with = schema::error_message)]
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = schema::error_details, required = false)]
    pub(crate) details: Option<Map<String, Value>>,
}
