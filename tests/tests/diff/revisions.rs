//! Contracts of git revisions.

use xtask::Status;

use crate::workspace::{CONTRACT, TestWorkspace, git};

fn repository() -> TestWorkspace {
    let workspace = TestWorkspace::new(CONTRACT);
    workspace.git(&["init", "--quiet"]);
    workspace.git(&["add", "."]);
    workspace.git(&["commit", "--quiet", "-m", "First"]);
    workspace.git(&["tag", "v1"]);
    workspace
}

#[test]
fn revision_is_compared_with_the_file() {
    let workspace = repository();
    let new = CONTRACT.replace("maximum: 100", "maximum: 50");
    workspace.write("openapi/media.yaml", &new);
    for old in [
        "v1:openapi/media.yaml",
        "HEAD:openapi/media.yaml",
        ":openapi/media.yaml",
    ] {
        let run = workspace.xtask(&["diff", old, &workspace.contract()]);
        assert_eq!(run.status, Status::Findings, "{}", run.shown());
        assert!(
            run.stdout.contains(&format!("--> {old}:8:")),
            "{}",
            run.stdout
        );
    }
    let run = workspace.xtask(&["diff", "v1:openapi/media.yaml", "HEAD:openapi/media.yaml"]);
    assert_eq!(run.status, Status::Clean, "{}", run.shown());
}

#[test]
fn referenced_files_come_from_the_same_revision() {
    let workspace = repository();
    let split = CONTRACT.replace("'#/components/schemas/Parcel'", "'parts/parcel.yaml'");
    let part = "{type: object, required: [id], properties: {id: {type: string}}}\n";
    workspace.write("openapi/media.yaml", &split);
    workspace.write("openapi/parts/parcel.yaml", part);
    workspace.git(&["add", "."]);
    workspace.git(&["commit", "--quiet", "-m", "Split"]);
    workspace.write(
        "openapi/parts/parcel.yaml",
        &part.replace("string", "integer"),
    );
    let run = workspace.xtask(&["diff", "HEAD:openapi/media.yaml", &workspace.contract()]);
    assert!(
        run.stdout.contains("--> HEAD:openapi/parts/parcel.yaml:1:"),
        "{}",
        run.shown()
    );
}

#[test]
fn existing_file_with_a_colon_is_a_file() {
    let workspace = repository();
    let odd = workspace.write("v1:odd.yaml", CONTRACT);
    assert_eq!(workspace.xtask(&["diff", &odd, &odd]).status, Status::Clean);
}

#[test]
fn errors_of_git_are_explained() {
    let workspace = repository();
    let error = |old: &str| {
        let run = workspace.xtask(&["diff", "--", old, &workspace.contract()]);
        assert_eq!(run.status, Status::Failed, "{}", run.shown());
        run.stderr
    };
    let mut errors: Vec<String> = [
        "v2:openapi/media.yaml",
        "v1:openapi/other.yaml",
        "v1:openapi",
        "--output=x:openapi/media.yaml",
        "missing.yaml",
    ]
    .into_iter()
    .map(error)
    .collect();
    let shallow = tempfile::tempdir().expect("a temporary directory");
    workspace.write("more", "");
    workspace.git(&["add", "."]);
    workspace.git(&["commit", "--quiet", "-m", "Second"]);
    let origin = format!("file://{}", workspace.path("").display());
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
    let run = workspace.xtask(&[
        "diff",
        "HEAD~1:openapi/media.yaml",
        &workspace.contract(),
        "--root",
        root,
    ]);
    errors.push(run.stderr);
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn revision_without_a_repository_is_rejected() {
    let workspace = TestWorkspace::new(CONTRACT);
    let run = workspace.xtask(&["diff", "HEAD:openapi/media.yaml", &workspace.contract()]);
    assert_eq!(run.status, Status::Failed);
    assert!(
        run.stderr.contains("this is not a git repository"),
        "{}",
        run.stderr
    );
}
