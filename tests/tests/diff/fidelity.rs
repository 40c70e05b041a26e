//! What the client does not enforce is reported by every command, and fails only with `--strict`.

use std::fs;

use workspace_tests::captured::Run;
use workspace_tests::documents;
use workspace_tests::edit::Edit;
use xtask::Status;

use crate::workspace::TestWorkspace;

/// A contract with a construct that the client enforces only in part.
const WEAKENED: &str = "\
openapi: 3.0.3
info: {title: Readings, version: 1.0.0, description: Sensor readings.}
tags: [{name: readings, description: Sensor readings.}]
security: [{key: []}]
paths:
  /readings:
    get:
      operationId: list_readings
      tags: [readings]
      summary: List the readings
      servers: [{url: 'https://readings.example.com'}]
      responses:
        '200':
          description: The readings.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Readings'}
              example: [1]
        '401': {description: The key is missing.}
components:
  schemas:
    Readings:
      description: Readings of one hour.
      type: array
      maxItems: 60
      items: {type: integer, format: int32, minimum: 0, maximum: 100}
  securitySchemes:
    key: {type: http, scheme: bearer}
";

const FACT: &str = "risky[servers]: the server of the operation is `https://readings.example.com`";

fn weakened() -> TestWorkspace {
    TestWorkspace::new(WEAKENED)
}

#[track_caller]
fn assert_status(run: &Run, status: Status) {
    assert_eq!(run.status, status, "{run}");
}

#[test]
fn lint_reports_it() {
    let workspace = weakened();
    let run = workspace.xtask(&["lint"]);
    assert_status(&run, Status::Clean);
    run.assert_stdout(FACT);
    run.assert_stderr("no findings except 1 weakened");
    assert_status(&workspace.xtask(&["lint", "--strict"]), Status::Findings);
}

#[test]
fn generate_reports_it_also_when_generated_code_is_fresh() {
    let workspace = weakened();
    fs::create_dir(workspace.path("target")).expect("a fresh directory");
    let strict = workspace.xtask(&["generate", "--strict"]);
    assert_status(&strict, Status::Findings);
    strict.assert_stdout(FACT);
    assert!(!workspace.path("crates").exists(), "nothing is written");

    let generate = || {
        let run = workspace.xtask(&["generate", "--format", "json"]);
        assert_status(&run, Status::Clean);
        run.assert_stdout("\"fidelity\": \"weakened\"");
        run.stdout
    };
    let written = generate();
    // The first fresh run is remembered.
    let fresh = [(), ()].map(|()| generate());
    assert_eq!(fresh, [written.clone(), written.clone()]);
    let cache = workspace.path("target/client-codegen.cache");
    let text = fs::read_to_string(&cache).expect("a cache");
    fs::write(&cache, &text[..text.len() - 10]).expect("a file");
    assert_eq!(generate(), written);
    assert_eq!(fs::read_to_string(&cache).expect("a cache"), text);
}

#[test]
fn check_reports_it() {
    let workspace = weakened();
    workspace.xtask(&["generate"]);
    let run = workspace.xtask(&["check"]);
    run.assert_stdout(FACT);
    run.assert_stderr("Fidelity 1 difference: 0 exact, 1 weakened, 0 omitted");
    let run = workspace.xtask(&["check", "--format", "github"]);
    run.assert_stdout("file=openapi/media.yaml,line=11");
    run.assert_stdout("servers");
}

#[test]
fn check_fails_on_it_only_if_strict() {
    let workspace = TestWorkspace::new(documents::CONTRACT);
    let edit = Edit::Set(
        "/paths/~1media/get/servers",
        "[{url: 'https://readings.example.com'}]",
    );
    let edited = workspace.write("edited.yaml", &edit.in_yaml(documents::CONTRACT));
    // The same document as the server's, so that there is no drift.
    let arguments = ["check", "--contract", &edited, "--server", &edited];
    let run = workspace.xtask(&arguments);
    run.assert_stdout(FACT);
    assert_status(&run, Status::Clean);
    let run = workspace.xtask(&[&arguments[..], &["--strict"]].concat());
    assert_status(&run, Status::Findings);
}

#[test]
fn client_reports_it() {
    let workspace = weakened();
    let out = workspace.path("out");
    let out = out.to_str().expect("a plain path");
    let contract = workspace.contract();
    let run = workspace.xtask(&["client", &contract, "--out", out, "--format", "sarif"]);
    assert_status(&run, Status::Clean);
    run.assert_stdout("servers");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("only the report");
    assert!(report["runs"].is_array(), "{run}");
}

#[test]
fn nothing_is_reported_for_the_contract_of_the_workspace() {
    let workspace = TestWorkspace::new(documents::CONTRACT);
    for arguments in [
        &["lint", "--strict"][..],
        &["generate", "--strict"],
        &["check", "--strict"],
    ] {
        let run = workspace.xtask(arguments);
        assert_status(&run, Status::Clean);
        assert_eq!(run.stdout, "", "{run}");
    }
}
