//! The documents of the workspace.

use std::path::{Path, PathBuf};

use openapi_contract::document::{Document, escape_token};
use openapi_contract::model::Contract;

use crate::edit::remove;

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

/// The path of `list_media`.
const MEDIA_PATH: &str = "/media";

/// The contract with the path `/media` only: tests that edit it do not depend on other operations.
///
/// # Panics
/// If the contract has no such path.
pub fn media_contract() -> String {
    let document = contract("openapi/media.yaml", CONTRACT).document;
    let paths = document.at_pointer("/paths").expect("paths");
    let others = document.entries(paths).iter().map(|entry| entry.key);
    let others = others.filter(|path| *path != MEDIA_PATH);
    others.fold(CONTRACT.to_owned(), |text, path| {
        let pointer = format!("/paths/{}", escape_token(path));
        remove(&text, &pointer)
    })
}

/// The document of the server with the path `/media` only.
///
/// # Panics
/// If the document is not JSON with paths.
pub fn media_server() -> String {
    let mut document: serde_json::Value = serde_json::from_str(&server()).expect("JSON");
    let paths = document["paths"].as_object_mut().expect("paths");
    paths.retain(|path, _| path == MEDIA_PATH);
    document.to_string()
}
