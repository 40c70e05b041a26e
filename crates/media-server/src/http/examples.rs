//! The example answers of the document. They are made by the code that makes the real ones.

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

pub(crate) fn meta() -> Meta {
    Meta {
        request_id: "a1b2c3d4".to_owned(),
        timestamp: NOON,
    }
}

pub(crate) fn one_image() -> ApiResponse {
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
    ApiResponse::page(MediaList::new(vec![item], page))
}

pub(crate) fn bad_limit() -> ApiResponse {
    let problems = parameters::read("limit=500").err().unwrap_or_default();
    ApiResponse::bad_request(&problems)
}

pub(crate) fn rate_limited() -> ApiResponse {
    let limit = RateLimit::default();
    let count = Count {
        limit: limit.requests.get(),
        remaining: 0,
        reset: 1_775_822_460,
        retry_after: Some(17),
    };
    ApiResponse::rate_limited(limit, count)
}
