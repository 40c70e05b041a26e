//! A copy of the workspace in a separate repository.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::registry::Registry;

/// The files of the workspace in a temporary directory, which has room for other projects.
pub(crate) struct WorkspaceCopy {
    directory: TempDir,
}

impl WorkspaceCopy {
    /// Copies the workspace, and commits everything.
    pub(crate) fn committed() -> Self {
        let copy = Self::without_git();
        git(&copy.root(), &["init", "--quiet"]);
        copy.commit();
        copy
    }

    /// Copies the workspace without files that git ignores.
    pub(crate) fn without_git() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let copy = Self { directory };
        let original = original();
        let listed = git(
            &original,
            &[
                "ls-files",
                "-z",
                "-co",
                "--exclude-standard",
                "--deduplicate",
            ],
        );
        // Git also lists deleted files whose deletion is not committed.
        let files = listed.split_terminator('\0').map(Path::new);
        for file in files.filter(|file| original.join(file).is_file()) {
            let to = copy.root().join(file);
            fs::create_dir_all(to.parent().expect("below the root")).expect("a directory");
            fs::copy(original.join(file), to).expect("a copied file");
        }
        copy
    }

    /// The root directory of the copy.
    pub(crate) fn root(&self) -> PathBuf {
        self.sibling("workspace")
    }

    /// A directory next to the workspace, with the same configuration of cargo.
    pub(crate) fn sibling(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The version of its client.
    pub(crate) fn version(&self) -> String {
        self.version_of("media-client")
    }

    /// The version of what the client depends on.
    pub(crate) fn runtime_version(&self) -> String {
        self.version_of("openapi-client-runtime")
    }

    fn version_of(&self, package: &str) -> String {
        let manifest = self.root().join("crates").join(package).join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("a manifest");
        let mut lines = manifest.lines();
        let version = lines.find_map(|line| line.strip_prefix("version = "));
        let version = version.expect("a version");
        version.trim_matches('"').to_owned()
    }

    /// Makes the client depend on the runtime of this registry.
    pub(crate) fn resolve_in(&self, registry: &str) {
        let entry = "openapi-client-runtime = { path = \"crates/openapi-client-runtime\",";
        let resolved = format!("{entry} registry = \"{registry}\",");
        self.replace("Cargo.toml", entry, &resolved);
    }

    /// Commits everything.
    pub(crate) fn commit(&self) {
        git(&self.root(), &["add", "--all"]);
        git(&self.root(), &["commit", "--quiet", "--message", "Test"]);
    }

    /// Reverts the last commit.
    pub(crate) fn revert(&self) {
        git(&self.root(), &["reset", "--quiet", "--hard", "HEAD^"]);
    }

    /// Appends a line to a file; creates the file if it is missing.
    pub(crate) fn append(&self, file: &str, line: &str) {
        let path = self.root().join(file);
        let file = fs::File::options().append(true).create(true).open(path);
        let mut file = file.expect("a file");
        file.write_all(line.as_bytes()).expect("a written line");
    }

    /// Replaces a text in a file.
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) {
        let path = self.root().join(file);
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(old), "{file} has no {old}");
        fs::write(path, text.replace(old, new)).expect("a written file");
    }

    /// Configures a registry of cargo, in the workspace and next to it, and a build directory that the
    /// next test run reuses.
    pub(crate) fn configure(&self, name: &str, registry: &Registry) {
        let directory = self.sibling(".cargo");
        fs::create_dir(&directory).expect("a directory");
        // Only the git command supports the protocol of the registry index.
        let config = format!(
            "[build]\ntarget-dir = '{}'\n\n\
             [net]\ngit-fetch-with-cli = true\n\n\
             [registries.{name}]\nindex = '{}'\ntoken = 'anyone'\n",
            target().display(),
            registry.index(),
        );
        fs::write(directory.join("config.toml"), config).expect("a written file");
    }
}

/// The build directory.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("publish")
}

/// The workspace of this test.
pub(crate) fn original() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("tests is a directory of the workspace")
        .to_owned()
}

/// Runs git without the variables that hooks set and with a fixed configuration.
fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(directory);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    for setting in [
        "user.name=Test",
        "user.email=test@example.com",
        "commit.gpgSign=false",
        "core.hooksPath=.git/no-hooks",
        "init.defaultBranch=main",
    ] {
        command.args(["-c", setting]);
    }
    let output = command.args(arguments).output().expect("git runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {stderr}");
    String::from_utf8(output.stdout).expect("paths in Unicode")
}
