//! Files that do not parse: an excerpt with the place, in every format, and exit status 2.

use xtask::Status;

use crate::team::{CONTRACT, Team};

fn twice() -> String {
    CONTRACT.replace("openapi: 3.0.3\n", "openapi: 3.0.3\npaths: {}\n")
}

#[test]
fn each_command_shows_the_place() {
    let team = Team::new(CONTRACT);
    let tab = team.write(
        "tab.yaml",
        &CONTRACT.replace("    get:\n", "    get:\n\t\n\tx: [\n"),
    );
    let twice = team.write("twice.yaml", &twice());
    let shown = [
        team.xtask(&["diff", &twice, &team.contract()]),
        team.xtask(&["lint", &tab, &team.contract(), &twice]),
        team.xtask(&["check", "--contract", &twice]),
        team.xtask(&["diff", &tab, &team.contract(), "--format", "github"]),
    ];
    let shown = shown.map(|run| {
        assert_eq!(run.status, Status::Failed);
        run.shown()
    });
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn commands_without_a_report_show_the_place_as_well() {
    let team = Team::new(&twice());
    let run = team.xtask(&["generate"]);
    assert_eq!((run.status, run.stdout.as_str()), (Status::Failed, ""));
    let place = "breaking[invalid-document]: the key `paths` is already on line 2: keep one of \
                 them\n --> openapi/media.yaml:4:1";
    assert!(run.stderr.contains(place), "{}", run.stderr);
}

#[test]
fn programs_get_a_finding() {
    let team = Team::new(&twice());
    let run = team.xtask(&["lint", "--format", "json"]);
    assert_eq!(run.status, Status::Failed);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!(report["findings"][0]["rule"], "invalid-document");
    assert_eq!(report["findings"][0]["old"]["line"], 4);
}

#[test]
fn bytes_that_are_no_text_are_shown_where_they_start() {
    let team = Team::new(CONTRACT);
    let path = team.path("latin.yaml");
    let latin: Vec<u8> = b"info: {title: Pak\xe4te}\n".to_vec();
    std::fs::write(&path, latin).expect("a fresh directory");
    let path = path.to_str().expect("a plain path");
    let run = team.xtask(&["lint", path]);
    assert!(
        run.stdout.contains("1 | info: {title: Pak\u{fffd}te}\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains(" --> latin.yaml:1:18\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_line_of_megabytes_is_shown_in_part() {
    let team = Team::new(CONTRACT);
    let long = "x".repeat(2 << 20);
    let path = team.write(
        "long.json",
        &format!("{{\"a\": \"{long}\", \"a\": \"{long}\""),
    );
    for format in [
        "text", "json", "github", "sarif", "junit", "markdown", "html",
    ] {
        let run = team.xtask(&["lint", &path, "--format", format]);
        assert_eq!(run.status, Status::Failed);
        let longest = run.stdout.lines().map(str::len).max();
        assert!(longest < Some(20_000), "{format}: {longest:?}");
    }
}
