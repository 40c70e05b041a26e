//! A temporary workspace, and commands that run in it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use workspace_tests::captured::{self, Run};

/// A small contract with everything that the tests change.
pub(crate) const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Parcels, version: 1.0.0}
paths:
  /parcels:
    get:
      operationId: list_parcels
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: sort, in: query, schema: {type: string}}
      responses:
        '200':
          description: The parcels.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Parcel'}}
components:
  schemas:
    Parcel:
      type: object
      required: [id, state]
      properties:
        id: {type: string}
        state: {type: string, enum: [sent, lost]}
";

/// A workspace. It is removed when this is dropped.
pub(crate) struct TestWorkspace {
    directory: tempfile::TempDir,
}

impl TestWorkspace {
    /// Creates a workspace with this contract.
    pub(crate) fn new(contract: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let workspace = Self { directory };
        workspace.write("Cargo.toml", "");
        workspace.write("openapi/media.yaml", contract);
        workspace
    }

    /// Writes a file, and returns its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        let parent = path.parent().expect("it is in the directory");
        fs::create_dir_all(parent).expect("a fresh directory");
        fs::write(&path, text).expect("a fresh directory");
        path.to_str().expect("a plain path").to_owned()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The path of the contract.
    pub(crate) fn contract(&self) -> String {
        let path = self.path("openapi/media.yaml");
        path.to_str().expect("a plain path").to_owned()
    }

    /// Runs a command of xtask in the workspace.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Run {
        let root = self.directory.path().as_os_str().to_owned();
        let all = [OsString::from("--root"), root].into_iter();
        let prefix = format!("{}/", self.directory.path().display());
        captured::xtask(all.chain(arguments.iter().map(OsString::from))).without(&prefix)
    }

    /// Runs git in the workspace.
    pub(crate) fn git(&self, arguments: &[&str]) {
        git(self.directory.path(), arguments);
    }
}

/// Runs git in a directory.
pub(crate) fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(directory)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git is there");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}
