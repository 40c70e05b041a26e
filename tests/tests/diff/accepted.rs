//! Changes that a team accepted: `openapi/accepted-changes.toml`.

use openapi_contract::accepted::AcceptedChanges;
use openapi_contract::report::{self, TextStyle};
use xtask::Status;

use crate::team::{CONTRACT, Run, Team};

const ID: &str = "maximum-lowered #/paths/~1parcels/get/parameters/query:limit/schema/maximum";

fn entry(id: &str, until: &str) -> String {
    format!(
        "[[accepted]]\nid = \"{id}\"\nreason = \"Nobody asks for more.\"\nuntil = \"{until}\"\n"
    )
}

/// What `diff` says when the workspace's contract lowers a maximum, with these accepted changes.
fn diff(accepted: &str) -> Run {
    let team = Team::new(&CONTRACT.replace("maximum: 100", "maximum: 50"));
    team.write("openapi/accepted-changes.toml", accepted);
    let old = team.write("old.yaml", CONTRACT);
    team.xtask(&["diff", &old, &team.contract()])
}

#[test]
fn an_accepted_break_is_listed_and_does_not_fail() {
    let run = diff(&entry(ID, "2.0.0"));
    assert_eq!(run.status, Status::Clean);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn the_id_that_is_shown_is_the_id_that_accepts() {
    let shown = diff("").stdout;
    let line = format!("accept it: id = \"{ID}\"");
    assert!(shown.replace("\n      ", " ").contains(&line), "{shown}");
}

#[test]
fn an_entry_that_expired_counts_no_longer() {
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
fn an_entry_that_matches_nothing_is_a_finding() {
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
fn they_are_not_for_other_contracts() {
    let team = Team::new(CONTRACT);
    team.write("openapi/accepted-changes.toml", &entry(ID, "2.0.0"));
    let new = team.write("new.yaml", &CONTRACT.replace("maximum: 100", "maximum: 50"));
    let run = team.xtask(&["diff", &team.contract(), &new]);
    assert_eq!(run.status, Status::Findings);
    let named = team.path("openapi/accepted-changes.toml");
    let named = named.to_str().expect("a plain path");
    let run = team.xtask(&["diff", &team.contract(), &new, "--accepted", named]);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
}

#[test]
fn what_is_wrong_with_the_file_has_a_place() {
    let files = [
        "[[accepted]]\nid = 'a'\nuntil = '2.0.0'\n",
        "[[accepted]]\nid = 'a'\nreason = ' '\nuntil = '2'\n",
        "[[accepted]]\nid = 'a'\nreason = 'b'\nuntil = '2.0.0'\nowner = 'c'\n",
        "accept = []\n",
        "accepted = 'all'\n",
        "[[accepted]\n",
    ];
    let mut shown: Vec<String> = files.into_iter().map(refused).collect();
    shown.push(refused(&format!(
        "{}\n{}",
        entry("a", "2.0.0"),
        entry("a", "3.0.0")
    )));
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!(diff(files[0]).status, Status::Failed);
}

fn refused(text: &str) -> String {
    let refused = AcceptedChanges::parse("accepted.toml", text).expect_err(text);
    report::text(&refused.findings, &[&refused.source], TextStyle::default())
}
