//! `diff` and `lint` on files: reports and exit status.

use workspace_tests::documents;
use xtask::Status;

use crate::workspace::{CONTRACT, TestWorkspace};

#[test]
fn breaking_change_with_locations_and_required_version() {
    let workspace = TestWorkspace::new(CONTRACT);
    let new = CONTRACT.replace("maximum: 100", "maximum: 50");
    let new = workspace.write("new.yaml", &new.replace("1.0.0", "1.1.0"));
    insta::assert_snapshot!(
        workspace
            .xtask(&["diff", &workspace.contract(), &new])
            .shown()
    );
}

#[test]
fn fail_on_sets_the_lowest_failing_level() {
    let workspace = TestWorkspace::new(CONTRACT);
    // Removing an optional property from responses is risky.
    let old = CONTRACT.replace("required: [id, state]", "required: [state]");
    let old = workspace.write("old.yaml", &old);
    let new = CONTRACT.replace("required: [id, state]", "required: [state]");
    let risky = workspace.write(
        "risky.yaml",
        &new.replace("        id: {type: string}\n", ""),
    );
    let compatible = new.replace("  /parcels:", "  /more:\n    get: {operationId: more, responses: {'200': {description: More.}}}\n  /parcels:");
    let compatible = workspace.write("compatible.yaml", &compatible);
    let status = |new: &str, level| {
        workspace
            .xtask(&["diff", &old, new, "--fail-on", level])
            .status
    };
    assert_eq!(status(&compatible, "breaking"), Status::Clean);
    assert_eq!(status(&compatible, "risky"), Status::Clean);
    assert_eq!(status(&compatible, "compatible"), Status::Findings);
    assert_eq!(status(&risky, "risky"), Status::Findings);
}

#[test]
fn required_versions() {
    let workspace = TestWorkspace::new(CONTRACT);
    let summary = |version: &str, edit: [&str; 2]| {
        let new = CONTRACT.replace(edit[0], edit[1]);
        let new = workspace.write("new.yaml", &new.replace("version: 1.0.0", version));
        let stdout = workspace
            .xtask(&["diff", &workspace.contract(), &new])
            .stdout;
        stdout.lines().last().unwrap_or_default().to_owned()
    };
    let summaries = [
        summary("version: 2.0.0", ["maximum: 100", "maximum: 50"]),
        summary("version: '2024'", ["maximum: 100", "maximum: 50"]),
        summary("version: 1.0.0", ["maximum: 100", "maximum: 200"]),
        summary("version: 1.0.1", ["The parcels.", "All parcels."]),
        summary("version: 1.0.0", ["", ""]),
        summary("version: 0.9.0", ["", ""]),
    ];
    insta::assert_snapshot!(summaries.join("\n"));
}

#[test]
fn invalid_contract_is_shown_with_its_location() {
    let workspace = TestWorkspace::new(CONTRACT);
    let invalid = CONTRACT.replace(
        "#/components/schemas/Parcel'",
        "#/components/schemas/Paket'",
    );
    let invalid = workspace.write("invalid.yaml", &invalid);
    insta::assert_snapshot!(
        workspace
            .xtask(&["diff", &workspace.contract(), &invalid])
            .shown()
    );
}

#[test]
fn invalid_parts_that_did_not_change_are_shown_beside_the_changes() {
    let old = CONTRACT.replace("{type: array", "{type: array, minItems: few");
    let workspace = TestWorkspace::new(&old);
    let new = workspace.write("new.yaml", &old.replace("maximum: 100", "maximum: 50"));
    let run = workspace.xtask(&["diff", &workspace.contract(), &new]);
    assert_eq!(run.status, Status::Findings, "{}", run.shown());
    for line in [
        "breaking[maximum-lowered]: ",
        "risky[invalid-contract]: `minItems` must be a non-negative integer",
        "1 breaking, 1 risky; requires a major version",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.shown());
    }
    let run = workspace.xtask(&["diff", &workspace.contract(), &workspace.contract()]);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
}

#[test]
fn files_beside_the_directory_of_the_contract_are_read_with_root_dir() {
    let workspace = TestWorkspace::new(CONTRACT);
    let beside = CONTRACT.replace("'#/components/schemas/Parcel'", "'../models/parcel.yaml'");
    workspace.write("apis/models/parcel.yaml", "type: object\n");
    let contract = workspace.write("apis/reference/api.yaml", &beside);
    let root = workspace.path("apis");
    let root = root.to_str().expect("a plain path");
    let outside = "`../models/parcel.yaml` is outside the contract's directory";
    for command in [
        &["lint", &contract][..],
        &["diff", &contract, &contract],
        &["check", "--contract", &contract],
    ] {
        let run = workspace.xtask(command);
        assert!(run.stdout.contains(outside), "{}", run.shown());
        assert!(run.stdout.contains("`--root-dir`"), "{}", run.shown());
        let run = workspace.xtask(&[command, &["--root-dir", root]].concat());
        assert!(!run.stdout.contains(outside), "{}", run.shown());
        assert_ne!(run.status, Status::Failed, "{}", run.shown());
    }
    let models = workspace.path("apis/models");
    let models = models.to_str().expect("a plain path");
    let run = workspace.xtask(&["lint", &contract, "--root-dir", models]);
    assert_eq!(run.status, Status::Failed, "{}", run.shown());
    assert!(run.stderr.contains("the file is not in"), "{}", run.shown());
}

#[test]
fn lint_shows_invalid_parts_among_other_findings() {
    let text = CONTRACT.replace("      operationId: list_parcels\n", "");
    let text = text.replace("{type: array", "{type: list");
    let workspace = TestWorkspace::new(&text);
    let run = workspace.xtask(&["lint"]);
    assert_eq!(run.status, Status::Findings, "{}", run.shown());
    for line in [
        "breaking[invalid-contract]: unknown type `list`",
        "risky[operation-id-missing]: GET /parcels",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.shown());
    }
}

#[test]
fn documents_of_other_formats_are_rejected() {
    let workspace = TestWorkspace::new(CONTRACT);
    let other = workspace.write("other.yaml", "swagger: '2.0'\npaths: {}\n");
    for arguments in [
        &["diff", &workspace.contract(), &other][..],
        &["lint", &other],
    ] {
        let run = workspace.xtask(arguments);
        assert_eq!(run.status, Status::Failed, "{}", run.shown());
        let message = "breaking[unsupported-version]: the document uses Swagger 2.0";
        assert!(run.stdout.contains(message), "{}", run.shown());
    }
}

#[test]
fn lint_shows_the_findings_of_all_files() {
    let workspace = TestWorkspace::new(&CONTRACT.replace("      operationId: list_parcels\n", ""));
    let good = workspace.write("good.yaml", documents::CONTRACT);
    let run = workspace.xtask(&["lint", &good, &workspace.contract()]);
    assert_eq!(run.status, Status::Findings);
    let location = "risky[operation-id-missing]: GET /parcels has no `operationId`\n --> \
                 openapi/media.yaml:5:";
    assert!(run.stdout.contains(location), "{}", run.shown());
    assert!(!run.stdout.contains("good.yaml"), "{}", run.shown());
    assert_eq!(workspace.xtask(&["lint", &good]).status, Status::Clean);
    assert_eq!(workspace.xtask(&["lint"]).status, Status::Findings);
}

#[test]
fn lint_continues_after_an_unreadable_file() {
    let workspace = TestWorkspace::new(CONTRACT);
    let missing = workspace.path("missing.yaml");
    let missing = missing.to_str().expect("a plain path");
    let good = workspace.write("good.yaml", documents::CONTRACT);
    let run = workspace.xtask(&["lint", missing, &good]);
    assert_eq!(run.status, Status::Failed);
    assert!(
        run.stderr.contains("missing.yaml: cannot read the file"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("Lint good.yaml"), "{}", run.stderr);
}
