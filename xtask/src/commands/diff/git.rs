//! Reads files of git revisions, with the `git` on the path.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// The bytes of a file in a revision. `revision` and `path` are the parts of `git show REV:PATH`
/// before and after the colon; an empty revision is the index.
pub(super) fn read(directory: &Path, revision: &str, path: &str) -> Result<Vec<u8>> {
    let whole = format!("{revision}:{path}");
    // Git would parse it as an option; no revision starts with a dash.
    if revision.starts_with('-') {
        bail!("`{whole}` is neither a file nor a file in a git revision");
    }
    let repository = git(directory, &["rev-parse", "--is-shallow-repository"])
        .with_context(|| format!("`{whole}` is not a file, and cannot be read from git"))?;
    if !repository.status.success() {
        bail!(
            "`{whole}` is not a file, and this is not a git repository: {}",
            first_line(&repository)
        );
    }
    let is_shallow = repository.stdout.starts_with(b"true");
    if !revision.is_empty() {
        require_revision(directory, revision, &whole, is_shallow)?;
    }
    let kind = git(directory, &["cat-file", "-t", &whole])?;
    match String::from_utf8_lossy(&kind.stdout).trim() {
        "blob" => {}
        "tree" => bail!("`{path}` is a directory in revision `{revision}`, not a file"),
        _ if revision.is_empty() => {
            bail!("the git index has no file `{path}`: {}", first_line(&kind))
        }
        _ => bail!(
            "revision `{revision}` has no file `{path}`; `git ls-tree -r --name-only {revision}` lists \
             its files"
        ),
    }
    read_name(directory, &whole)
}

/// The bytes of a file by its full name `REV:PATH`. The revision must exist.
pub(super) fn read_name(directory: &Path, whole: &str) -> Result<Vec<u8>> {
    let file = git(directory, &["cat-file", "blob", whole])?;
    if !file.status.success() {
        bail!("`{whole}` cannot be read: {}", first_line(&file));
    }
    Ok(file.stdout)
}

fn require_revision(directory: &Path, revision: &str, whole: &str, is_shallow: bool) -> Result<()> {
    // Any revision with files: a commit, a tag, or a tree.
    let tree = format!("{revision}^{{tree}}");
    let found = git(directory, &["rev-parse", "--verify", "--quiet", &tree])?;
    if found.status.success() {
        return Ok(());
    }
    if is_shallow {
        bail!(
            "unknown revision `{revision}` in a shallow clone: run `git fetch --unshallow --tags` \
             first (in GitHub Actions, set `fetch-depth: 0` for the checkout)"
        );
    }
    bail!(
        "`{whole}` is not a file, and git has no revision `{revision}`: fetch it if it is a remote \
         branch or tag"
    )
}

/// Runs git without prompts and with English messages.
fn git(directory: &Path, arguments: &[&str]) -> Result<Output> {
    let result = Command::new("git")
        .current_dir(directory)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .output();
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("cannot find `git` on the path; install it, or compare files")
        }
        result => result.context("cannot run git"),
    }
}

/// The first line of the error of git, without `fatal: `.
fn first_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").to_owned()
}
