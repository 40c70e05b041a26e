//! Reads what the generator needs to know of a contract before it generates.

use openapi_contract::document::{Document, JsonPointer};
use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::Value;

use crate::error::GenerateError;

/// The facts about a contract that go into manifests, headers and READMEs.
#[derive(Debug, Clone)]
pub(crate) struct ContractInfo {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
}

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

/// Reads the facts from a lowered contract.
pub(crate) fn read(document: &Value) -> Result<ContractInfo, GenerateError> {
    let text = |pointer: &str| {
        document
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let required = |key: &str| {
        let pointer: JsonPointer = ["info", key].into_iter().collect();
        text(pointer.as_str())
            .ok_or_else(|| GenerateError::malformed(pointer, format!("`{key}` must be a string")))
    };
    Ok(ContractInfo {
        title: required("title")?,
        version: required("version")?,
        description: text("/info/description"),
        license: text("/info/license/name"),
    })
}

/// Reads a lowered contract.
pub(crate) fn openapi(document: &Value) -> Result<OpenAPI, GenerateError> {
    if let Ok(read) = OpenAPI::deserialize(document) {
        return Ok(read);
    }
    // Keeping track of the path takes as long again, and is only of use for the message.
    serde_path_to_error::deserialize(document).map_err(|error| {
        GenerateError::InvalidLowering(format!("{}: {}", error.path(), error.inner()))
    })
}
