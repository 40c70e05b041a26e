//! Decides from which OpenAPI versions clients are generated.

use openapi_contract::document::Document;

use crate::error::GenerateError;

/// The OpenAPI versions that clients are generated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenApiVersion {
    OpenApi30,
    OpenApi31,
}

/// The OpenAPI version of a contract.
pub(crate) fn version(document: &Document) -> Result<OpenApiVersion, GenerateError> {
    let root = document.root();
    let found = match document.get(root, "openapi") {
        Some(version) => match document.text(version) {
            Some(version) if version.starts_with("3.0.") => return Ok(OpenApiVersion::OpenApi30),
            Some(version) if version.starts_with("3.1.") => return Ok(OpenApiVersion::OpenApi31),
            Some(version) => format!("OpenAPI {version}"),
            None => format!(
                "OpenAPI {}, which is not a string",
                document.to_json(version)
            ),
        },
        None => match document.get_text(root, "swagger") {
            Some(version) => format!("Swagger {version}"),
            None => "not an OpenAPI document: it has no `openapi`".to_owned(),
        },
    };
    Err(GenerateError::UnsupportedVersion { found })
}
