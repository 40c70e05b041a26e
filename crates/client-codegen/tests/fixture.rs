//! Asserts that `tests/depot-client` and `tests/depot-cli` are up to date with their contract.
//!
//! The tests of these crates send requests to a server.

use std::path::{Path, PathBuf};

use client_codegen::output::plan;
use client_codegen::{
    Companion, CompanionKind, ContractSource, GeneratedFile, MANIFEST, Options, Ownership, generate,
};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;

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

/// Asserts that a directory has these files, or writes them.
fn check_or_update(directory: &Path, files: &[GeneratedFile]) {
    let plan = plan(directory, files).expect("the directory can be compared");
    if std::env::var_os("UPDATE_FIXTURE").is_some() {
        plan.apply().expect("the files can be written");
        return;
    }
    let stale: Vec<_> = plan.stale().map(|file| &file.path).collect();
    assert!(stale.is_empty(), "{stale:?} are stale: run {COMMAND}");
}

#[test]
fn fixture_crates_are_up_to_date() {
    let document = Document::parse(PATH, read(&workspace().join(PATH))).expect("it is YAML");
    let contract = ContractSource {
        path: PATH,
        contract: &Contract::read(document).unwrap(),
    };
    let directory = workspace().join("tests/depot-client");
    let manifest = read(&directory.join(MANIFEST));
    let client = generate(&contract, &options("depot-client"), Some(&manifest));
    let client = client.expect("the client can be generated");
    check_or_update(&directory, &client.files);

    let directory = workspace().join("tests/depot-cli");
    let manifest = read(&directory.join(MANIFEST));
    let cli = Companion {
        kind: CompanionKind::Cli,
        client: "depot-client".to_owned(),
        module: "depot_client::generated".to_owned(),
        path: "../depot-client".to_owned(),
    };
    let files = |manifest| {
        let files = client.companion(&cli, &options("depot-cli"), manifest);
        files.expect("the CLI can be generated")
    };
    // Its hand-written files are those of a new crate.
    let scaffold = files(None)
        .into_iter()
        .filter(|file| file.ownership == Ownership::Scaffold)
        .map(|file| GeneratedFile {
            ownership: Ownership::Managed,
            ..file
        });
    let generated = files(Some(&manifest)).into_iter();
    check_or_update(&directory, &generated.chain(scaffold).collect::<Vec<_>>());
}
