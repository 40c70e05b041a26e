//! The operation `list_media`: its handler, and the answers it can give.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa::IntoResponses;
use utoipa::openapi::RefOr;

use super::body::{ErrorResponse, MediaList, MediaListResponse};
use super::document::document_status;
use super::guard::Admitted;
use super::outcome::Outcome;
use super::parameters::{ListMediaParameters, Problem};
use super::{guard, statuses};
use crate::app::AppState;
use crate::library::StorageError;

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
    responses(ListMediaReply)
)]
pub(crate) async fn list_media(
    State(app): State<AppState>,
    Extension(admitted): Extension<Admitted>,
    ListMediaParameters(page): ListMediaParameters,
) -> ListMediaReply {
    match app.library.list_media(&admitted.library, page).await {
        Ok(items) => ListMediaReply::Page(MediaList::new(items, page)),
        Err(error) => ListMediaReply::StorageFailed(error),
    }
}

/// What `list_media` answers. The guard in front of it adds the statuses that every operation has.
pub(crate) enum ListMediaReply {
    Page(MediaList),
    BadRequest(Vec<Problem>),
    StorageFailed(StorageError),
}

impl IntoResponse for ListMediaReply {
    fn into_response(self) -> Response {
        let outcome = match self {
            Self::Page(page) => Outcome::page(page),
            Self::BadRequest(problems) => Outcome::bad_request(&problems),
            Self::StorageFailed(error) => {
                guard::log_cause(&error);
                Outcome::internal_error()
            }
        };
        outcome.into_response()
    }
}

impl IntoResponses for ListMediaReply {
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
