//! The JSON bodies of responses: the envelope and its contents.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::{ArrayBuilder, Object, Schema};
use uuid::Uuid;

use super::{media, parameters, schema};
use crate::domain::clock::Timestamp;
use crate::domain::library::PageRequest;
use crate::domain::media::MediaItem;

/// The response if the request succeeds.
#[derive(Serialize, ToSchema)]
pub(crate) struct MediaListResponse {
    pub(crate) data: MediaList,
    #[schema(schema_with = schema::null, required = true)]
    pub(crate) error: (),
    pub(crate) meta: Meta,
}

/// The response if the request fails.
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
    #[schema(schema_with = page_items)]
    items: Vec<media::MediaItemBody>,
    #[schema(schema_with = page_media_ids)]
    media_ids: Vec<Uuid>,
    pagination: Pagination,
}

impl MediaList {
    /// The page for this request.
    pub(crate) fn new(items: Vec<MediaItem>, page: PageRequest) -> Self {
        Self {
            media_ids: items.iter().map(|item| item.media_id).collect(),
            items: items.into_iter().map(media::MediaItemBody::from).collect(),
            pagination: Pagination {
                limit: page.limit,
                offset: page.offset,
            },
        }
    }
}

/// The page that was returned, including defaults.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Pagination {
    #[schema(schema_with = page_limit)]
    limit: u32,
    #[schema(schema_with = page_offset)]
    offset: u64,
}

/// Information about the response itself.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Meta {
    #[schema(schema_with = schema::request_id)]
    pub(crate) request_id: String,
    #[schema(schema_with = schema::responded_at)]
    pub(crate) timestamp: Timestamp,
}

/// The error of a failed request.
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

fn page_items() -> Schema {
    ArrayBuilder::new()
        .description(Some("The files of this page."))
        .items(Ref::from_schema_name(media::MediaItemBody::name()))
        .max_items(Some(parameters::MAX_LIMIT as usize))
        .into()
}

fn page_media_ids() -> Schema {
    ArrayBuilder::new()
        .description(Some(
            "The `media_id` of every element of `items`, in the same order, for operations that \
             take media ids.",
        ))
        .items(schema::uuid().build())
        .max_items(Some(parameters::MAX_LIMIT as usize))
        .into()
}

fn page_limit() -> Object {
    let mut schema = parameters::LIMIT.schema();
    schema.default = None;
    schema.description = Some("The `limit` of the request, or its default.".to_owned());
    schema
}

fn page_offset() -> Object {
    let mut schema = parameters::OFFSET.schema();
    schema.default = None;
    schema.description = Some("The `offset` of the request, or its default.".to_owned());
    schema
}
