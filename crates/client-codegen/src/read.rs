//! Reads a document as OpenAPI 3.0, and says where it is not.

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::error::GenerateError;

/// What the generator wants to know before it starts.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
}

/// Checks that the document is OpenAPI 3.0 and takes its facts.
pub(crate) fn facts(document: &Value) -> Result<Facts, GenerateError> {
    let unsupported = |found: String| Err(GenerateError::UnsupportedVersion { found });
    match document.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.0.") => {}
        Some(Value::String(version)) => return unsupported(format!("OpenAPI {version}")),
        Some(other) => return unsupported(format!("OpenAPI {other}, which is not a string")),
        None => {
            return unsupported(match document.get("swagger") {
                Some(Value::String(version)) => format!("Swagger {version}"),
                _ => "not an OpenAPI document: it has no `openapi`".to_owned(),
            });
        }
    }
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
    Ok(Facts {
        title: required("/info/title", "info.title")?,
        version: required("/info/version", "info.version")?,
        description: text("/info/description"),
        license: text("/info/license/name"),
    })
}

/// Reads the whole document.
pub(crate) fn openapi(document: &Value) -> Result<OpenAPI, GenerateError> {
    serde_path_to_error::deserialize(document).map_err(|error| GenerateError::Malformed {
        at: error.path().to_string(),
        message: error.inner().to_string(),
    })
}
