//! Files that do not parse: an excerpt with the location in every format, and exit status 2.

use xtask::Status;

use crate::workspace::{CONTRACT, TestWorkspace};

fn duplicate_key() -> String {
    CONTRACT.replace("openapi: 3.0.3\n", "openapi: 3.0.3\npaths: {}\n")
}

#[test]
fn every_command_shows_the_location() {
    let workspace = TestWorkspace::new(CONTRACT);
    let tab = workspace.write(
        "tab.yaml",
        &CONTRACT.replace("    get:\n", "    get:\n\t\n\tx: [\n"),
    );
    let duplicate = workspace.write("twice.yaml", &duplicate_key());
    let shown = [
        workspace.xtask(&["diff", &duplicate, &workspace.contract()]),
        workspace.xtask(&["lint", &tab, &workspace.contract(), &duplicate]),
        workspace.xtask(&["check", "--contract", &duplicate]),
        workspace.xtask(&["diff", &tab, &workspace.contract(), "--format", "github"]),
    ];
    let shown = shown.map(|run| {
        assert_eq!(run.status, Status::Failed);
        run.shown()
    });
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn commands_without_a_report_show_the_location() {
    let workspace = TestWorkspace::new(&duplicate_key());
    let run = workspace.xtask(&["measure", "workspace", &workspace.contract(), "unused"]);
    assert_eq!((run.status, run.stdout.as_str()), (Status::Failed, ""));
    run.assert_stderr(
        "breaking[invalid-document]: duplicate key `paths`, first used on line 2\n \
         --> measured:4:1",
    );
}

#[test]
fn generate_reports_the_location() {
    let workspace = TestWorkspace::new(&duplicate_key());
    let run = workspace.xtask(&["generate"]);
    assert_eq!(run.status, Status::Failed);
    run.assert_stdout(" --> openapi/media.yaml:4:1");
}

#[test]
fn json_report_has_a_finding() {
    let workspace = TestWorkspace::new(&duplicate_key());
    let run = workspace.xtask(&["lint", "--format", "json"]);
    assert_eq!(run.status, Status::Failed);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!(report["findings"][0]["rule"], "invalid-document");
    assert_eq!(report["findings"][0]["old"]["line"], 4);
}

#[test]
fn invalid_utf8_is_shown_at_its_location() {
    let workspace = TestWorkspace::new(CONTRACT);
    let path = workspace.path("latin.yaml");
    let latin: Vec<u8> = b"info: {title: Pak\xe4te}\n".to_vec();
    std::fs::write(&path, latin).expect("a fresh directory");
    let path = path.to_str().expect("a plain path");
    let run = workspace.xtask(&["lint", path]);
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
fn long_lines_are_truncated() {
    let workspace = TestWorkspace::new(CONTRACT);
    let long = "x".repeat(2 << 20);
    let path = workspace.write(
        "long.json",
        &format!("{{\"a\": \"{long}\", \"a\": \"{long}\""),
    );
    for format in [
        "text", "json", "github", "sarif", "junit", "markdown", "html",
    ] {
        let run = workspace.xtask(&["lint", &path, "--format", format]);
        assert_eq!(run.status, Status::Failed);
        let longest = run.stdout.lines().map(str::len).max();
        assert!(longest < Some(20_000), "{format}: {longest:?}");
    }
}
