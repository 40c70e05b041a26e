//! `corpus` on a small corpus.

use serde_json::json;
use xtask::Status;

use crate::workspace::{CONTRACT, TestWorkspace};

#[test]
fn equivalents_and_verdicts_of_another_tool() {
    let workspace = TestWorkspace::new(CONTRACT);
    workspace.write("corpus/apis/parcels/openapi.yaml", CONTRACT);
    let cases = json!([
        {"name": "Agreed", "base": "a.yaml", "revision": "b.yaml", "max_level": "ERR", "expected": []},
        {"name": "Differs", "base": "a.yaml", "revision": "b.yaml", "max_level": "INFO", "expected": [
            {"id": "their-id", "level": "INFO", "operation": "GET", "path": "/parcels"},
        ]},
        {"name": "Same", "base": "a.yaml", "revision": "a.yaml", "max_level": "ERR", "expected": []},
        {"name": "Unread", "base": "a.yaml", "revision": "c.yaml", "max_level": "NONE", "expected": []},
    ]);
    workspace.write("corpus/oasdiff/cases.json", &cases.to_string());
    workspace.write("corpus/oasdiff/a.yaml", CONTRACT);
    workspace.write(
        "corpus/oasdiff/b.yaml",
        &CONTRACT.replace("maximum: 100", "maximum: 50"),
    );
    workspace.write("corpus/oasdiff/c.yaml", "paths: {}\n");
    let corpus = workspace.path("corpus");
    let run = workspace.xtask(&["corpus", corpus.to_str().expect("a plain path")]);
    assert_eq!(run.status, Status::Findings, "{}", run.shown());
    let rows: Vec<&str> = run.stdout.lines().take(2).collect();
    assert_eq!(rows[1].matches("equal").count(), 7, "{}", run.stdout);
    let pairs = run.stdout.lines().skip(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(pairs);
}

#[test]
fn unreadable_contract_is_reported() {
    let workspace = TestWorkspace::new(CONTRACT);
    workspace.write("corpus/apis/broken/openapi.yaml", "openapi: [\n");
    let corpus = workspace.path("corpus");
    let run = workspace.xtask(&["corpus", corpus.to_str().expect("a plain path")]);
    assert_eq!(run.status, Status::Findings);
    assert!(
        run.stdout.contains("broken: cannot be read"),
        "{}",
        run.stdout
    );
}

#[test]
fn directory_without_contracts_is_rejected() {
    let workspace = TestWorkspace::new(CONTRACT);
    let run = workspace.xtask(&["corpus", workspace.path("").to_str().expect("a plain path")]);
    assert_eq!(run.status, Status::Failed);
}
