//! The paths of the server.

/// The base path of the API.
pub(crate) const BASE_PATH: &str = "/v1";

/// The path of the OpenAPI document, below the base path. It is not part of the API.
pub(crate) const DOCUMENT_PATH: &str = "/openapi.json";
