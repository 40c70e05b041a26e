//! Keeps the client in `tests/depot-client` and the command line in `tests/depot-cli` generated from
//! their contract.
//!
//! Their own tests send requests to a real server.

use std::path::{Path, PathBuf};

use client_codegen::output::plan;
use client_codegen::{
    Companion, CompanionKind, ContractSource, GeneratedFile, MANIFEST, Options, Ownership, client,
    companion,
};
use openapi_contract::document::Document;

const PATH: &str = "tests/depot-client/openapi.yaml";
const COMMAND: &str = "UPDATE_FIXTURE=1 cargo test -p client-codegen --test fixture";

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn options(package: &str) -> Options {
    Options {
        command: COMMAND.to_owned(),
        ..Options::new(package)
    }
}

/// Compares a directory with what it should be, or makes it so.
fn hold(directory: &Path, files: &[GeneratedFile]) {
    let plan = plan(directory, files).expect("it can be compared");
    if std::env::var_os("UPDATE_FIXTURE").is_some() {
        plan.apply().expect("it can be written");
        return;
    }
    let stale: Vec<_> = plan.stale().map(|file| &file.path).collect();
    assert!(stale.is_empty(), "{stale:?}: run {COMMAND}");
}

#[test]
fn the_client_is_fresh() {
    let document = Document::parse(PATH, read(&workspace().join(PATH))).expect("it is YAML");
    let contract = ContractSource {
        path: PATH,
        document: &document,
    };
    let directory = workspace().join("tests/depot-client");
    let manifest = read(&directory.join(MANIFEST));
    let made = client(&contract, &options("depot-client"), Some(&manifest));
    hold(&directory, &made.expect("it can be generated").files);
}

/// It is as it was on the day it was made: nothing in it belongs to people.
#[test]
fn the_command_line_is_fresh() {
    let document = Document::parse(PATH, read(&workspace().join(PATH))).expect("it is YAML");
    let contract = ContractSource {
        path: PATH,
        document: &document,
    };
    let directory = workspace().join("tests/depot-cli");
    let manifest = read(&directory.join(MANIFEST));
    let of = Companion {
        kind: CompanionKind::Cli,
        client: "depot-client".to_owned(),
        module: "depot_client::generated".to_owned(),
        path: "../depot-client".to_owned(),
        own_state: false,
    };
    let make = |manifest| companion(&contract, &options("depot-cli"), &of, manifest);
    let mut files = make(Some(&manifest)).expect("it can be generated");
    let new = make(None).expect("it can be generated");
    let start = new
        .into_iter()
        .filter(|file| file.ownership == Ownership::Scaffold)
        .map(|file| GeneratedFile {
            ownership: Ownership::Managed,
            ..file
        });
    files.extend(start);
    hold(&directory, &files);
}
