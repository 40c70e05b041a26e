//! Contracts of git revisions.

use xtask::Status;

use crate::team::{CONTRACT, Team, git};

fn repository() -> Team {
    let team = Team::new(CONTRACT);
    team.git(&["init", "--quiet"]);
    team.git(&["add", "."]);
    team.git(&["commit", "--quiet", "-m", "First"]);
    team.git(&["tag", "v1"]);
    team
}

#[test]
fn a_revision_is_held_against_the_file() {
    let team = repository();
    let new = CONTRACT.replace("maximum: 100", "maximum: 50");
    team.write("openapi/media.yaml", &new);
    for old in [
        "v1:openapi/media.yaml",
        "HEAD:openapi/media.yaml",
        ":openapi/media.yaml",
    ] {
        let run = team.xtask(&["diff", old, &team.contract()]);
        assert_eq!(run.status, Status::Findings, "{}", run.shown());
        assert!(
            run.stdout.contains(&format!("--> {old}:8:")),
            "{}",
            run.stdout
        );
    }
    let run = team.xtask(&["diff", "v1:openapi/media.yaml", "HEAD:openapi/media.yaml"]);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
}

#[test]
fn other_files_come_from_the_same_revision() {
    let team = repository();
    let split = CONTRACT.replace("'#/components/schemas/Parcel'", "'parts/parcel.yaml'");
    let part = "{type: object, required: [id], properties: {id: {type: string}}}\n";
    team.write("openapi/media.yaml", &split);
    team.write("openapi/parts/parcel.yaml", part);
    team.git(&["add", "."]);
    team.git(&["commit", "--quiet", "-m", "Split"]);
    team.write(
        "openapi/parts/parcel.yaml",
        &part.replace("string", "integer"),
    );
    let run = team.xtask(&["diff", "HEAD:openapi/media.yaml", &team.contract()]);
    assert!(
        run.stdout.contains("--> HEAD:openapi/parts/parcel.yaml:1:"),
        "{}",
        run.shown()
    );
}

#[test]
fn a_file_with_a_colon_in_its_name_is_a_file() {
    let team = repository();
    let odd = team.write("v1:odd.yaml", CONTRACT);
    assert_eq!(team.xtask(&["diff", &odd, &odd]).status, Status::Clean);
}

#[test]
fn what_cannot_be_read_is_explained() {
    let team = repository();
    let refused = |old: &str| {
        let run = team.xtask(&["diff", "--", old, &team.contract()]);
        assert_eq!(run.status, Status::Failed, "{}", run.shown());
        run.stderr
    };
    let mut said: Vec<String> = [
        "v2:openapi/media.yaml",
        "v1:openapi/other.yaml",
        "v1:openapi",
        "--output=x:openapi/media.yaml",
        "missing.yaml",
    ]
    .into_iter()
    .map(refused)
    .collect();
    let shallow = tempfile::tempdir().expect("a temporary directory");
    team.write("more", "");
    team.git(&["add", "."]);
    team.git(&["commit", "--quiet", "-m", "Second"]);
    let origin = format!("file://{}", team.path("").display());
    git(
        shallow.path(),
        &[
            "clone",
            "--quiet",
            "--depth",
            "1",
            "--no-tags",
            &origin,
            ".",
        ],
    );
    let root = shallow.path().to_str().expect("a plain path");
    let run = team.xtask(&[
        "diff",
        "HEAD~1:openapi/media.yaml",
        &team.contract(),
        "--root",
        root,
    ]);
    said.push(run.stderr);
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn without_a_repository_a_revision_is_refused() {
    let team = Team::new(CONTRACT);
    let run = team.xtask(&["diff", "HEAD:openapi/media.yaml", &team.contract()]);
    assert_eq!(run.status, Status::Failed);
    assert!(
        run.stderr.contains("this is not a git repository"),
        "{}",
        run.stderr
    );
}
