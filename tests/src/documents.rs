//! The documents of the workspace.

use std::path::{Path, PathBuf};

use openapi_contract::document::Document;
use openapi_contract::model::Contract;

/// The text of `openapi/media.yaml`.
pub const CONTRACT: &str = include_str!("../../openapi/media.yaml");

/// The document of the server, as served.
pub fn server() -> String {
    media_server::document_json(&media_server::openapi())
}

/// The root directory of the workspace.
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("tests is a directory of the workspace")
        .to_owned()
}

/// Reads a contract.
///
/// # Panics
/// If the text is not a valid contract, with the reasons.
pub fn contract(name: &str, text: impl Into<String>) -> Contract {
    let document = Document::parse(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
    Contract::read(document).unwrap_or_else(|invalid| {
        let facts = invalid.findings.iter().map(|finding| &finding.fact);
        panic!("{name}: {:#?}", facts.collect::<Vec<_>>())
    })
}
