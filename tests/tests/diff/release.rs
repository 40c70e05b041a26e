//! `check` holds the workspace's contract against its last release.

use workspace_tests::documents;
use xtask::Status;

use crate::team::{Run, Team};

const RELEASE: &str = "openapi/released/media/1.0.0.yaml";
const LIMIT: &str = "maximum: 100";
const ID: &str = "maximum-lowered #/components/parameters/limit/schema/maximum";

/// A workspace in which everything holds but for what is edited in its contract since 1.0.0: the
/// largest `limit` was twice what it is.
fn lowered(version: &str) -> Team {
    let contract = documents::CONTRACT.replace("version: 1.0.0", &format!("version: {version}"));
    let team = Team::new(&contract);
    let released = documents::CONTRACT.replacen(LIMIT, "maximum: 200", 1);
    assert_ne!(released, documents::CONTRACT, "the contract has {LIMIT}");
    team.write(RELEASE, &released);
    assert_eq!(team.xtask(&["generate"]).status, Status::Clean);
    team
}

fn accept(team: &Team, id: &str, until: &str) {
    let entry =
        format!("[[accepted]]\nid = '{id}'\nreason = 'It was too slow.'\nuntil = '{until}'\n");
    team.write("openapi/accepted-changes.toml", &entry);
}

fn check(team: &Team) -> Run {
    team.xtask(&["check"])
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
fn without_a_release_there_is_nothing_to_compare_with() {
    let team = Team::new(documents::CONTRACT);
    team.xtask(&["generate"]);
    accept(&team, ID, "2.0.0");
    let run = check(&team);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
    assert!(
        run.stderr
            .contains("Release none yet in openapi/released/media"),
        "{}",
        run.stderr
    );
    // What has ended has ended, whatever it is compared with.
    accept(&team, ID, "1.0.0");
    assert_finds(&check(&team), &["breaking accepted-change-expired"]);
}

#[test]
fn a_break_since_the_release_is_found_and_asks_for_its_version() {
    let run = check(&lowered("1.0.0"));
    assert_eq!(run.status, Status::Findings);
    insta::assert_snapshot!(run.shown());
}

#[test]
fn annotations_are_put_on_the_contract() {
    let team = lowered("1.0.0");
    let run = team.xtask(&["check", "--format", "github"]);
    let places = run
        .stdout
        .lines()
        .map(|line| line.split(',').next().unwrap_or_default());
    assert!(
        places.eq(["::error file=openapi/media.yaml"; 2]),
        "{}",
        run.stdout
    );
}

#[test]
fn an_accepted_break_stays_visible_and_still_asks_for_its_version() {
    let team = lowered("2.0.0");
    accept(&team, ID, "2.1.0");
    let run = check(&team);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
    assert_finds(&run, &["breaking, accepted maximum-lowered"]);
    assert!(
        run.stdout
            .contains("Accepted until 2.1.0: It was too slow."),
        "{}",
        run.stdout
    );

    let team = lowered("1.1.0");
    accept(&team, ID, "2.1.0");
    let rules = [
        "breaking version-bump-too-small",
        "breaking, accepted maximum-lowered",
    ];
    assert_finds(&check(&team), &rules);
}

#[test]
fn entries_that_ended_or_match_nothing_are_found() {
    let team = lowered("2.0.0");
    accept(&team, ID, "2.0.0");
    let rules = [
        "breaking accepted-change-expired",
        "breaking maximum-lowered",
    ];
    assert_finds(&check(&team), &rules);
    accept(&team, "maximum-lowered #/nowhere", "2.1.0");
    let rules = [
        "breaking accepted-change-unused",
        "breaking maximum-lowered",
    ];
    assert_finds(&check(&team), &rules);
    team.write("openapi/accepted-changes.toml", "[[accepted]]\n");
    let run = check(&team);
    assert!(
        run.stdout.contains("breaking[accepted-changes-invalid]"),
        "{}",
        run.shown()
    );
}

#[test]
fn the_highest_version_counts_and_what_breaks_nobody_stops_nothing() {
    let team = lowered("1.2.0");
    // Since the last release the maximum was raised, whatever it was before.
    let last = documents::CONTRACT.replace("version: 1.0.0", "version: 1.1.0");
    let last = last.replacen(LIMIT, "maximum: 50", 1);
    team.write("openapi/released/media/1.1.0.yaml", &last);
    let run = check(&team);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
    let said = "Release since openapi/released/media/1.1.0.yaml: 1 compatible\n";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[test]
fn a_release_that_cannot_be_read_is_shown() {
    let team = lowered("1.0.0");
    team.write(RELEASE, "openapi: 3.0.3\ninfo: [\n");
    let run = check(&team);
    assert_eq!(run.status, Status::Failed);
    assert!(
        run.stdout.contains(&format!(" --> {RELEASE}:")),
        "{}",
        run.shown()
    );
}
