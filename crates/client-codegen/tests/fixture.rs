//! Keeps the client in `tests/depot-client` generated from its contract.
//!
//! Its own tests send requests to a real server.

use std::path::PathBuf;

use client_codegen::output::plan;
use client_codegen::{Contract, MANIFEST, Options, client};
use openapi_contract::document::Document;

#[test]
fn the_fixture_is_fresh() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/depot-client");
    let text = std::fs::read_to_string(directory.join("openapi.yaml")).expect("it is there");
    let path = "tests/depot-client/openapi.yaml";
    let document = Document::parse(path, text).expect("it is YAML");
    let contract = Contract {
        path,
        document: &document,
    };
    let mut options = Options::new("depot-client");
    options.command = "UPDATE_FIXTURE=1 cargo test -p client-codegen --test fixture".to_owned();
    let manifest = std::fs::read_to_string(directory.join(MANIFEST)).expect("it is there");
    let made = client(&contract, &options, Some(&manifest)).expect("it can be generated");

    let plan = plan(&directory, &made.files).expect("it can be compared");
    if std::env::var_os("UPDATE_FIXTURE").is_some() {
        plan.apply().expect("it can be written");
        return;
    }
    let stale: Vec<_> = plan.stale().map(|file| &file.path).collect();
    assert!(stale.is_empty(), "{stale:?}: run {}", options.command);
}
