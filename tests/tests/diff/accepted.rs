//! Accepted changes: `openapi/accepted-changes.toml`.

use openapi_contract::accepted::AcceptedChanges;
use openapi_contract::report::{self, TextStyle};
use workspace_tests::captured::Run;
use xtask::Status;

use crate::workspace::{CONTRACT, TestWorkspace};

const ID: &str = "maximum-lowered #/paths/~1parcels/get/parameters/query:limit/schema/maximum";

fn entry(id: &str, until: &str) -> String {
    format!(
        "[[accepted]]\nid = \"{id}\"\nreason = \"No client requests more.\"\nuntil = \"{until}\"\n"
    )
}

/// Runs `diff` on a lowered maximum, with these accepted changes.
fn diff(accepted: &str) -> Run {
    let workspace = TestWorkspace::new(&CONTRACT.replace("maximum: 100", "maximum: 50"));
    workspace.write("openapi/accepted-changes.toml", accepted);
    let old = workspace.write("old.yaml", CONTRACT);
    workspace.xtask(&["diff", &old, &workspace.contract()])
}

#[test]
fn accepted_change_is_listed_and_does_not_fail() {
    let run = diff(&entry(ID, "2.0.0"));
    assert_eq!(run.status, Status::Clean);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn shown_id_can_be_accepted() {
    let shown = diff("").stdout;
    let line = format!("add an entry to `openapi/accepted-changes.toml`: id = \"{ID}\", reason = ");
    assert!(shown.replace("\n      ", " ").contains(&line), "{shown}");
}

#[test]
fn expired_entry_is_reported() {
    let run = diff(&entry(ID, "1.0.0"));
    assert_eq!(run.status, Status::Findings);
    assert!(
        run.stdout.contains("breaking[maximum-lowered]"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("breaking[accepted-change-expired]"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("openapi/accepted-changes.toml:4:"),
        "{}",
        run.stdout
    );
}

#[test]
fn unused_entry_is_reported() {
    let unused = entry("maximum-lowered #/nowhere", "2.0.0");
    let run = diff(&format!("{}{unused}", entry(ID, "2.0.0")));
    assert_eq!(run.status, Status::Findings);
    assert!(
        run.stdout.contains("breaking[accepted-change-unused]"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("openapi/accepted-changes.toml:6:"),
        "{}",
        run.stdout
    );
}

#[test]
fn entries_apply_only_to_the_contract_of_the_workspace() {
    let workspace = TestWorkspace::new(CONTRACT);
    workspace.write("openapi/accepted-changes.toml", &entry(ID, "2.0.0"));
    let new = workspace.write("new.yaml", &CONTRACT.replace("maximum: 100", "maximum: 50"));
    let run = workspace.xtask(&["diff", &workspace.contract(), &new]);
    assert_eq!(run.status, Status::Findings);
    let named = workspace.path("openapi/accepted-changes.toml");
    let named = named.to_str().expect("a plain path");
    let run = workspace.xtask(&["diff", &workspace.contract(), &new, "--accepted", named]);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
}

#[test]
fn errors_in_the_file_have_a_location() {
    let files = [
        "[[accepted]]\nid = 'a'\nuntil = '2.0.0'\n",
        "[[accepted]]\nid = 'a'\nreason = ' '\nuntil = '2'\n",
        "[[accepted]]\nid = 'a'\nreason = 'b'\nuntil = '2.0.0'\nowner = 'c'\n",
        "accept = []\n",
        "accepted = 'all'\n",
        "[[accepted]\n",
    ];
    let mut shown: Vec<String> = files.into_iter().map(rejected).collect();
    shown.push(rejected(&format!(
        "{}\n{}",
        entry("a", "2.0.0"),
        entry("a", "3.0.0")
    )));
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!(diff(files[0]).status, Status::Failed);
}

fn rejected(text: &str) -> String {
    let invalid = AcceptedChanges::parse("accepted.toml", text).expect_err(text);
    report::text(&invalid.findings, &[&invalid.source], TextStyle::default())
}
