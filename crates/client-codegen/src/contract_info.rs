//! Reads the title, version, description and license of a contract.

use openapi_contract::document::JsonPointer;
use openapi_contract::model::Contract;

use crate::error::GenerateError;

/// The part of `info` that manifests, headers and READMEs contain.
#[derive(Debug, Clone)]
pub(crate) struct ContractInfo {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
}

/// Reads the information from a contract.
pub(crate) fn read(contract: &Contract) -> Result<ContractInfo, GenerateError> {
    let document = &contract.document;
    let info = document.get(document.root(), "info");
    let text = |key: &str| {
        let text = info.and_then(|info| document.get_text(info, key));
        text.map(str::to_owned)
    };
    let required = |key: &str| {
        let pointer: JsonPointer = ["info", key].into_iter().collect();
        text(key).ok_or_else(|| {
            GenerateError::malformed(pointer, format!("`{key}` must be a string"))
                .located_in(document)
        })
    };
    let license = info.and_then(|info| document.get(info, "license"));
    let license = license.and_then(|license| document.get_text(license, "name"));
    Ok(ContractInfo {
        title: required("title")?,
        version: required("version")?,
        description: text("description"),
        license: license.map(str::to_owned),
    })
}
