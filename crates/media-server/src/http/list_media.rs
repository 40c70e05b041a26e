//! The operation `list_media`: its handler, parameters and responses.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, IntoResponses};

use super::body::{ErrorResponse, MediaList, MediaListResponse};
use super::guard::{self, Caller};
use super::invalid_parameter::InvalidParameter;
use super::response::ApiResponse;
use super::state::AppState;
use super::{examples, parameters, statuses};
use crate::domain::library::{PageRequest, StorageError};

/// List media
///
/// Returns media files of the caller's library, one page at a time.
///
/// The order is part of the contract: newest first by `created_at`, and by `media_id`, ascending,
/// where two files share a time. The order does not change between requests, so consecutive pages
/// neither skip nor repeat a file as long as the library does not change.
///
/// The response contains no storage URL of any file.
#[utoipa::path(
    get,
    path = "/media",
    tag = "media",
    params(ListMediaParameters),
    responses(ListMediaOutcome)
)]
pub(crate) async fn list_media(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    ListMediaParameters(page): ListMediaParameters,
) -> ListMediaOutcome {
    match app.library.list_media(&caller.library, page).await {
        Ok(items) => ListMediaOutcome::Page(MediaList::new(items, page)),
        Err(error) => ListMediaOutcome::StorageFailed(error),
    }
}

/// The parameters of `list_media`.
pub(crate) struct ListMediaParameters(PageRequest);

impl IntoParams for ListMediaParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::document()
    }
}

impl<S: Sync> FromRequestParts<S> for ListMediaParameters {
    type Rejection = ListMediaOutcome;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ListMediaOutcome> {
        parameters::read(parts.uri.query().unwrap_or_default())
            .map(Self)
            .map_err(ListMediaOutcome::BadRequest)
    }
}

/// The outcomes of `list_media`, apart from those of the [`guard`], which all operations share.
pub(crate) enum ListMediaOutcome {
    Page(MediaList),
    BadRequest(Vec<InvalidParameter>),
    StorageFailed(StorageError),
}

impl IntoResponse for ListMediaOutcome {
    fn into_response(self) -> Response {
        let response = match self {
            Self::Page(page) => ApiResponse::page(page),
            Self::BadRequest(invalid) => ApiResponse::bad_request(&invalid),
            Self::StorageFailed(error) => {
                guard::log_cause(&error);
                ApiResponse::internal_error()
            }
        };
        response.into_response()
    }
}

impl IntoResponses for ListMediaOutcome {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let own = [
            statuses::OK.document::<MediaListResponse>(examples::page()),
            statuses::BAD_REQUEST.document::<ErrorResponse>(examples::bad_request()),
        ];
        own.into_iter()
            .chain(guard::document_responses())
            .map(|(status, response)| (status, response.into()))
            .collect()
    }
}
