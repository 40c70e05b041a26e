//! The statuses of the API: the description, error code and headers of each.

use axum::http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::{ContentBuilder, Ref, Response, ResponseBuilder};

use super::headers::{COUNTED, HeaderUse, MAYBE_COUNTED, OVER_LIMIT, UNAUTHENTICATED};

/// A status.
pub(crate) struct StatusEntry {
    pub(crate) status: StatusCode,
    /// `error.code` in the body, or empty on success.
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
    pub(crate) headers: &'static [HeaderUse],
}

impl StatusEntry {
    /// The documentation of the status and of its response, whose body is a `B`.
    pub(crate) fn document<B: ToSchema>(&self, example: Option<Value>) -> (String, Response) {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(B::name())))
            .example(example)
            .build();
        let mut response = ResponseBuilder::new()
            .description(self.description)
            .content("application/json", content);
        for used in self.headers {
            response = response.header(used.header.name, used.document());
        }
        (self.status.as_str().to_owned(), response.build())
    }
}

pub(crate) static OK: StatusEntry = StatusEntry {
    status: StatusCode::OK,
    code: "",
    description: "A page of the library. It is empty if `offset` is after the last file.",
    headers: COUNTED,
};

pub(crate) static BAD_REQUEST: StatusEntry = StatusEntry {
    status: StatusCode::BAD_REQUEST,
    code: "bad_request",
    description: "A parameter has a value outside its range. The message names it.",
    headers: COUNTED,
};

pub(crate) static UNAUTHORIZED: StatusEntry = StatusEntry {
    status: StatusCode::UNAUTHORIZED,
    code: "unauthorized",
    description: "The API key is missing, malformed, unknown or revoked; the response is the same \
                  in all cases. The request is not counted.",
    headers: UNAUTHENTICATED,
};

pub(crate) static NOT_FOUND: StatusEntry = StatusEntry {
    status: StatusCode::NOT_FOUND,
    code: "not_found",
    description: "No resource at this path.",
    headers: COUNTED,
};

pub(crate) static METHOD_NOT_ALLOWED: StatusEntry = StatusEntry {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "method_not_allowed",
    description: "The path does not support this method. `Allow` lists those it supports.",
    headers: COUNTED,
};

pub(crate) static RATE_LIMITED: StatusEntry = StatusEntry {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "rate_limited",
    description: "The key has no requests left in this window.",
    headers: OVER_LIMIT,
};

pub(crate) static INTERNAL_ERROR: StatusEntry = StatusEntry {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "internal_error",
    description: "The server failed. The message has no internal details; the log has them under \
                  the request id.",
    headers: MAYBE_COUNTED,
};
