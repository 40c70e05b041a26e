//! The operation `list_media`: its handler, and the answers it can give.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa::IntoResponses;
use utoipa::openapi::RefOr;

use super::body::{ErrorResponse, MediaList, MediaListResponse};
use super::document::document_status;
use super::guard::Caller;
use super::parameters::{InvalidParameter, ListMediaParameters};
use super::response::ApiResponse;
use super::{guard, statuses};
use crate::domain::library::StorageError;
use crate::http::state::AppState;

/// List media
///
/// Returns media files of the caller's library, one page at a time.
///
/// The order is part of the contract: newest first by `created_at`, and by `media_id`, ascending,
/// where two files share a time. The order does not change between requests, so consecutive pages
/// neither skip nor repeat a file as long as the library does not change.
///
/// The answer carries no storage URL of any file.
#[utoipa::path(
    get,
    path = "/media",
    tag = "media",
    params(ListMediaParameters),
    responses(ListMediaOutcome)
)]
pub(crate) async fn list_media(
    State(app): State<AppState>,
    Extension(admitted): Extension<Caller>,
    ListMediaParameters(page): ListMediaParameters,
) -> ListMediaOutcome {
    match app.library.list_media(&admitted.library, page).await {
        Ok(items) => ListMediaOutcome::Page(MediaList::new(items, page)),
        Err(error) => ListMediaOutcome::StorageFailed(error),
    }
}

/// What `list_media` answers. The guard in front of it adds the statuses that every operation has.
pub(crate) enum ListMediaOutcome {
    Page(MediaList),
    BadRequest(Vec<InvalidParameter>),
    StorageFailed(StorageError),
}

impl IntoResponse for ListMediaOutcome {
    fn into_response(self) -> Response {
        let outcome = match self {
            Self::Page(page) => ApiResponse::page(page),
            Self::BadRequest(problems) => ApiResponse::bad_request(&problems),
            Self::StorageFailed(error) => {
                guard::log_cause(&error);
                ApiResponse::internal_error()
            }
        };
        outcome.into_response()
    }
}

impl IntoResponses for ListMediaOutcome {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let page = document_status::<MediaListResponse>(&statuses::OK);
        let failures = [&statuses::BAD_REQUEST, &statuses::INTERNAL_ERROR]
            .into_iter()
            .chain(guard::STATUSES)
            .map(document_status::<ErrorResponse>);
        std::iter::once(page)
            .chain(failures)
            .map(|(status, response)| (status, response.into()))
            .collect()
    }
}
