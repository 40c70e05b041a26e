//! `corpus` on a folder with the form of the real ones.

use serde_json::json;
use xtask::Status;

use crate::team::{CONTRACT, Team};

#[test]
fn contracts_equal_their_rewrites_and_verdicts_are_held_against_others() {
    let team = Team::new(CONTRACT);
    team.write("corpus/apis/parcels/openapi.yaml", CONTRACT);
    let cases = json!([
        {"name": "Agreed", "base": "a.yaml", "revision": "b.yaml", "max_level": "ERR", "expected": []},
        {"name": "Differs", "base": "a.yaml", "revision": "b.yaml", "max_level": "INFO", "expected": [
            {"id": "their-id", "level": "INFO", "operation": "GET", "path": "/parcels"},
        ]},
        {"name": "Same", "base": "a.yaml", "revision": "a.yaml", "max_level": "ERR", "expected": []},
        {"name": "Unread", "base": "a.yaml", "revision": "c.yaml", "max_level": "NONE", "expected": []},
    ]);
    team.write("corpus/oasdiff/cases.json", &cases.to_string());
    team.write("corpus/oasdiff/a.yaml", CONTRACT);
    team.write(
        "corpus/oasdiff/b.yaml",
        &CONTRACT.replace("maximum: 100", "maximum: 50"),
    );
    team.write("corpus/oasdiff/c.yaml", "openapi: 3.0.3\npaths: []\n");
    let corpus = team.path("corpus");
    let run = team.xtask(&["corpus", corpus.to_str().expect("a plain path")]);
    assert_eq!(run.status, Status::Findings, "{}", run.shown());
    let rows: Vec<&str> = run.stdout.lines().take(2).collect();
    assert_eq!(rows[1].matches("equal").count(), 7, "{}", run.stdout);
    let pairs = run.stdout.lines().skip(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(pairs);
}

#[test]
fn a_contract_that_is_not_read_is_told() {
    let team = Team::new(CONTRACT);
    team.write("corpus/apis/broken/openapi.yaml", "openapi: [\n");
    let corpus = team.path("corpus");
    let run = team.xtask(&["corpus", corpus.to_str().expect("a plain path")]);
    assert_eq!(run.status, Status::Findings);
    assert!(
        run.stdout.contains("broken: cannot be read"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_folder_without_contracts_is_refused() {
    let team = Team::new(CONTRACT);
    let run = team.xtask(&["corpus", team.path("").to_str().expect("a plain path")]);
    assert_eq!(run.status, Status::Failed);
}
