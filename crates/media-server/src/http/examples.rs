//! The example responses of the document, created by the code that creates the real ones.

use serde_json::Value;
use uuid::Uuid;

use super::body::{MediaList, Meta};
use super::parameters;
use super::rate_limit::{Count, RateLimit};
use super::response::ApiResponse;
use crate::domain::clock::Timestamp;
use crate::domain::library::PageRequest;
use crate::domain::media::{MediaItem, MediaStatus, MediaType};

/// 2026-04-10T12:00:00.000Z
const NOON: Timestamp = Timestamp::from_unix_millis(1_775_822_400_000);

pub(crate) fn page() -> Option<Value> {
    let item = MediaItem {
        media_id: Uuid::from_u128(0xa1b2_c3d4_e5f6_7890_abcd_ef12_3456_7890),
        status: MediaStatus::Ready,
        media_type: MediaType::Image,
        filename: "product-photo.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        size: 2_048_576,
        width: Some(1920),
        height: Some(1080),
        duration: None,
        created_at: NOON,
    };
    let page = PageRequest {
        media_type: None,
        limit: 20,
        offset: 0,
    };
    body(ApiResponse::page(MediaList::new(vec![item], page)))
}

pub(crate) fn bad_request() -> Option<Value> {
    let invalid = parameters::read("limit=500").err().unwrap_or_default();
    body(ApiResponse::bad_request(&invalid))
}

pub(crate) fn unauthorized() -> Option<Value> {
    body(ApiResponse::unauthorized())
}

pub(crate) fn rate_limited() -> Option<Value> {
    let limit = RateLimit::default();
    let count = Count {
        limit: limit.requests.get(),
        remaining: 0,
        reset: 1_775_822_460,
        retry_after: Some(17),
    };
    body(ApiResponse::rate_limited(limit, count))
}

pub(crate) fn internal_error() -> Option<Value> {
    body(ApiResponse::internal_error())
}

fn body(response: ApiResponse) -> Option<Value> {
    let meta = Meta {
        request_id: "a1b2c3d4".to_owned(),
        timestamp: NOON,
    };
    serde_json::from_slice(&response.into_json(meta)).ok()
}
