//! Reads documents: the version of a contract, and OpenAPI 3.0 once it is lowered.

use openapi_contract::document::Document;
use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::Value;

use crate::error::GenerateError;

/// What the generator wants to know before it starts.
#[derive(Debug, Clone)]
pub(crate) struct ContractInfo {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
}

/// The versions of OpenAPI that clients are generated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenApiVersion {
    OpenApi30,
    OpenApi31,
}

/// The version of a contract.
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

/// Takes the facts of a document.
pub(crate) fn read(document: &Value) -> Result<ContractInfo, GenerateError> {
    let text = |at: &str| {
        document
            .pointer(at)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let required = |at: &str, name: &str| {
        text(at).ok_or_else(|| GenerateError::Malformed {
            at: name.to_owned(),
            message: "expected a string".to_owned(),
        })
    };
    Ok(ContractInfo {
        title: required("/info/title", "info.title")?,
        version: required("/info/version", "info.version")?,
        description: text("/info/description"),
        license: text("/info/license/name"),
    })
}

/// Reads the whole document.
pub(crate) fn openapi(document: &Value) -> Result<OpenAPI, GenerateError> {
    if let Ok(read) = OpenAPI::deserialize(document) {
        return Ok(read);
    }
    // Keeping the path takes as long again, and is of use only where there is something to say.
    serde_path_to_error::deserialize(document).map_err(|error| GenerateError::Malformed {
        at: error.path().to_string(),
        message: error.inner().to_string(),
    })
}
