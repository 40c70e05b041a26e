//! The statuses the server answers with: description, error code and headers of each in one table.

use axum::http::StatusCode;

use super::examples;
use super::headers::{COUNTED, HeaderUse, MAYBE_COUNTED, OVER_LIMIT, UNAUTHENTICATED};
use super::response::ApiResponse;

/// One status.
pub(crate) struct StatusEntry {
    pub(crate) status: StatusCode,
    /// `error.code` in the body. Empty on success, where there is no error.
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
    pub(crate) headers: &'static [HeaderUse],
    /// An outcome with this status, for the document.
    pub(crate) example: fn() -> ApiResponse,
}

pub(crate) static OK: StatusEntry = StatusEntry {
    status: StatusCode::OK,
    code: "",
    description: "A page of the library. It is empty when `offset` lies behind the last file.",
    headers: COUNTED,
    example: examples::one_image,
};

pub(crate) static BAD_REQUEST: StatusEntry = StatusEntry {
    status: StatusCode::BAD_REQUEST,
    code: "bad_request",
    description: "A parameter has a value outside its range. The message names it.",
    headers: COUNTED,
    example: examples::bad_limit,
};

pub(crate) static UNAUTHORIZED: StatusEntry = StatusEntry {
    status: StatusCode::UNAUTHORIZED,
    code: "unauthorized",
    description: "The API key is missing, malformed, unknown or revoked. Which of these it is, \
                  the answer does not tell. The request is not counted.",
    headers: UNAUTHENTICATED,
    example: ApiResponse::unauthorized,
};

pub(crate) static NOT_FOUND: StatusEntry = StatusEntry {
    status: StatusCode::NOT_FOUND,
    code: "not_found",
    description: "There is nothing at this path.",
    headers: COUNTED,
    example: ApiResponse::not_found,
};

pub(crate) static METHOD_NOT_ALLOWED: StatusEntry = StatusEntry {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "method_not_allowed",
    description: "The path does not take this method. `Allow` names those it takes.",
    headers: COUNTED,
    example: ApiResponse::method_not_allowed,
};

pub(crate) static RATE_LIMITED: StatusEntry = StatusEntry {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "rate_limited",
    description: "The key has used up its requests of this window.",
    headers: OVER_LIMIT,
    example: examples::rate_limited,
};

pub(crate) static INTERNAL_ERROR: StatusEntry = StatusEntry {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "internal_error",
    description: "The server failed. The message says nothing about its insides; the log has \
                  them under the request id.",
    headers: MAYBE_COUNTED,
    example: ApiResponse::internal_error,
};
