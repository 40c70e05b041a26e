//! `check` compares the contract of the workspace with its last release.

use workspace_tests::captured::Run;
use workspace_tests::documents;
use xtask::Status;

use crate::workspace::TestWorkspace;

const RELEASE: &str = "openapi/released/media/1.0.0.yaml";
const LIMIT: &str = "maximum: 100";
const ID: &str = "maximum-lowered #/components/parameters/limit/schema/maximum";

/// A workspace without findings except that the maximum of `limit` was lowered since 1.0.0.
fn lowered(version: &str) -> TestWorkspace {
    let contract = documents::CONTRACT.replace("version: 1.0.0", &format!("version: {version}"));
    let workspace = TestWorkspace::new(&contract);
    let released = documents::CONTRACT.replacen(LIMIT, "maximum: 200", 1);
    assert_ne!(released, documents::CONTRACT, "the contract has {LIMIT}");
    workspace.write(RELEASE, &released);
    assert_eq!(workspace.xtask(&["generate"]).status, Status::Clean);
    workspace
}

fn accept(workspace: &TestWorkspace, id: &str, until: &str) {
    let entry =
        format!("[[accepted]]\nid = '{id}'\nreason = 'It was too slow.'\nuntil = '{until}'\n");
    workspace.write("openapi/accepted-changes.toml", &entry);
}

fn check(workspace: &TestWorkspace) -> Run {
    workspace.xtask(&["check"])
}

#[track_caller]
fn assert_finds(run: &Run, rules: &[&str]) {
    let found = run.stdout.lines().filter_map(|line| {
        let (level, rest) = line.split_once('[')?;
        let is_level = !level.starts_with(' ') && !level.is_empty();
        is_level.then(|| format!("{level} {}", rest.split(']').next().unwrap_or_default()))
    });
    assert_eq!(found.collect::<Vec<_>>(), rules, "{}", run.shown());
}

#[test]
fn missing_release_is_no_finding() {
    let workspace = TestWorkspace::new(documents::CONTRACT);
    workspace.xtask(&["generate"]);
    accept(&workspace, ID, "2.0.0");
    let run = check(&workspace);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
    assert!(
        run.stderr
            .contains("Release none yet in openapi/released/media"),
        "{}",
        run.stderr
    );
    // Entries expire even if there is no release.
    accept(&workspace, ID, "1.0.0");
    assert_finds(&check(&workspace), &["breaking accepted-change-expired"]);
}

#[test]
fn breaking_change_since_the_release_is_found_and_requires_a_version() {
    let run = check(&lowered("1.0.0"));
    assert_eq!(run.status, Status::Findings);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn annotations_are_on_the_contract() {
    let workspace = lowered("1.0.0");
    let run = workspace.xtask(&["check", "--format", "github"]);
    let locations = run
        .stdout
        .lines()
        .map(|line| line.split(',').next().unwrap_or_default());
    assert!(
        locations.eq(["::error file=openapi/media.yaml"; 2]),
        "{}",
        run.stdout
    );
}

#[test]
fn accepted_change_stays_visible_and_still_requires_a_version() {
    let workspace = lowered("2.0.0");
    accept(&workspace, ID, "2.1.0");
    let run = check(&workspace);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
    assert_finds(&run, &["breaking, accepted maximum-lowered"]);
    assert!(
        run.stdout
            .contains("Accepted until 2.1.0: It was too slow."),
        "{}",
        run.stdout
    );

    let workspace = lowered("1.1.0");
    accept(&workspace, ID, "2.1.0");
    let rules = [
        "breaking version-bump-too-small",
        "breaking, accepted maximum-lowered",
    ];
    assert_finds(&check(&workspace), &rules);
}

#[test]
fn expired_and_unused_entries_are_found() {
    let workspace = lowered("2.0.0");
    accept(&workspace, ID, "2.0.0");
    let rules = [
        "breaking accepted-change-expired",
        "breaking maximum-lowered",
    ];
    assert_finds(&check(&workspace), &rules);
    accept(&workspace, "maximum-lowered #/nowhere", "2.1.0");
    let rules = [
        "breaking accepted-change-unused",
        "breaking maximum-lowered",
    ];
    assert_finds(&check(&workspace), &rules);
    workspace.write("openapi/accepted-changes.toml", "[[accepted]]\n");
    let run = check(&workspace);
    assert!(
        run.stdout.contains("breaking[accepted-changes-invalid]"),
        "{}",
        run.shown()
    );
}

#[test]
fn last_release_counts_and_compatible_changes_are_no_findings() {
    let workspace = lowered("1.2.0");
    // The maximum was raised since the last release; earlier releases do not count.
    let last = documents::CONTRACT.replace("version: 1.0.0", "version: 1.1.0");
    let last = last.replacen(LIMIT, "maximum: 50", 1);
    workspace.write("openapi/released/media/1.1.0.yaml", &last);
    let run = check(&workspace);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
    let progress = "Release since openapi/released/media/1.1.0.yaml: 1 compatible\n";
    assert!(run.stderr.contains(progress), "{}", run.stderr);
}

#[test]
fn unreadable_release_is_shown() {
    let workspace = lowered("1.0.0");
    workspace.write(RELEASE, "openapi: 3.0.3\ninfo: [\n");
    let run = check(&workspace);
    assert_eq!(run.status, Status::Failed);
    assert!(
        run.stdout.contains(&format!(" --> {RELEASE}:")),
        "{}",
        run.shown()
    );
}
