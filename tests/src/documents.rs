//! The documents of this workspace.

use std::path::{Path, PathBuf};

use openapi_contract::document::Document;
use openapi_contract::model::Contract;

/// The text of `openapi/media.yaml`.
pub const CONTRACT: &str = include_str!("../../openapi/media.yaml");

/// The server's own document, as it serves it.
pub fn server() -> String {
    media_server::document_json(&media_server::openapi())
}

/// The directory of the workspace.
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("it lies in the workspace").to_owned()
}

/// The contract that this text is.
///
/// # Panics
/// When it is none, with all that is wrong with it.
pub fn contract(name: &str, text: impl Into<String>) -> Contract {
    let document = Document::parse(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
    Contract::read(document).unwrap_or_else(|invalid| {
        let facts = invalid.findings.iter().map(|finding| &finding.fact);
        panic!("{name}: {:#?}", facts.collect::<Vec<_>>())
    })
}
