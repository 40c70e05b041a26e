//! What `diff` and `lint` say about files, and how they end.

use workspace_tests::documents;
use xtask::Status;

use crate::team::{CONTRACT, Team};

#[test]
fn a_break_with_both_places_and_the_version_it_asks_for() {
    let team = Team::new(CONTRACT);
    let new = CONTRACT.replace("maximum: 100", "maximum: 50");
    let new = team.write("new.yaml", &new.replace("1.0.0", "1.1.0"));
    insta::assert_snapshot!(team.xtask(&["diff", &team.contract(), &new]).shown());
}

#[test]
fn the_least_level_that_fails_can_be_chosen() {
    let team = Team::new(CONTRACT);
    // An optional property is gone from answers: risky.
    let old = CONTRACT.replace("required: [id, state]", "required: [state]");
    let old = team.write("old.yaml", &old);
    let new = CONTRACT.replace("required: [id, state]", "required: [state]");
    let risky = team.write(
        "risky.yaml",
        &new.replace("        id: {type: string}\n", ""),
    );
    let compatible = new.replace("  /parcels:", "  /more:\n    get: {operationId: more, responses: {'200': {description: More.}}}\n  /parcels:");
    let compatible = team.write("compatible.yaml", &compatible);
    let status = |new: &str, level| team.xtask(&["diff", &old, new, "--fail-on", level]).status;
    assert_eq!(status(&compatible, "breaking"), Status::Clean);
    assert_eq!(status(&compatible, "risky"), Status::Clean);
    assert_eq!(status(&compatible, "compatible"), Status::Findings);
    assert_eq!(status(&risky, "risky"), Status::Findings);
}

#[test]
fn the_version_is_high_enough_or_not() {
    let team = Team::new(CONTRACT);
    let said = |version: &str, edit: [&str; 2]| {
        let new = CONTRACT.replace(edit[0], edit[1]);
        let new = team.write("new.yaml", &new.replace("version: 1.0.0", version));
        let stdout = team.xtask(&["diff", &team.contract(), &new]).stdout;
        stdout.lines().last().unwrap_or_default().to_owned()
    };
    let said = [
        said("version: 2.0.0", ["maximum: 100", "maximum: 50"]),
        said("version: '2024'", ["maximum: 100", "maximum: 50"]),
        said("version: 1.0.0", ["maximum: 100", "maximum: 200"]),
        said("version: 1.0.1", ["The parcels.", "All parcels."]),
        said("version: 1.0.0", ["", ""]),
        said("version: 0.9.0", ["", ""]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_document_that_is_no_contract_is_shown_with_its_place() {
    let team = Team::new(CONTRACT);
    let broken = CONTRACT.replace(
        "#/components/schemas/Parcel'",
        "#/components/schemas/Paket'",
    );
    let broken = team.write("broken.yaml", &broken);
    insta::assert_snapshot!(team.xtask(&["diff", &team.contract(), &broken]).shown());
}

#[test]
fn lint_shows_the_findings_of_all_files() {
    let team = Team::new(&CONTRACT.replace("      operationId: list_parcels\n", ""));
    let good = team.write("good.yaml", documents::CONTRACT);
    let run = team.xtask(&["lint", &good, &team.contract()]);
    assert_eq!(run.status, Status::Findings);
    let place = "risky[operation-id-missing]: GET /parcels has no `operationId`\n --> \
                 openapi/media.yaml:5:";
    assert!(run.stdout.contains(place), "{}", run.shown());
    assert!(!run.stdout.contains("good.yaml"), "{}", run.shown());
    assert_eq!(team.xtask(&["lint", &good]).status, Status::Clean);
    assert_eq!(team.xtask(&["lint"]).status, Status::Findings);
}

#[test]
fn lint_goes_on_after_a_file_that_cannot_be_read() {
    let team = Team::new(CONTRACT);
    let missing = team.path("missing.yaml");
    let missing = missing.to_str().expect("a plain path");
    let good = team.write("good.yaml", documents::CONTRACT);
    let run = team.xtask(&["lint", missing, &good]);
    assert_eq!(run.status, Status::Failed);
    assert!(
        run.stderr.contains("missing.yaml: cannot be read"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("Lint good.yaml"), "{}", run.stderr);
}
