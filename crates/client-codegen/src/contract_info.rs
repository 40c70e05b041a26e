//! Reads the title, version, description and license of a contract.

use openapi_contract::document::JsonPointer;
use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::Value;

use crate::error::GenerateError;

/// The part of `info` that manifests, headers and READMEs contain.
#[derive(Debug, Clone)]
pub(crate) struct ContractInfo {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
}

/// Reads the information from a lowered contract.
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
