//! Reading a file of a git revision, through the `git` on the path.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// The bytes of a file as a revision has it. `revision` and `path` are what stands before and after
/// the colon of `git show REV:PATH`; an empty revision is the index.
pub(super) fn read(directory: &Path, revision: &str, path: &str) -> Result<Vec<u8>> {
    let whole = format!("{revision}:{path}");
    // No name of a revision starts so, and git would take it for an option.
    if revision.starts_with('-') {
        bail!("`{whole}` is no file, and `{revision}` is no revision");
    }
    let repository = git(directory, &["rev-parse", "--is-shallow-repository"])
        .with_context(|| format!("`{whole}` is no file, and as a revision it cannot be read"))?;
    if !repository.status.success() {
        bail!(
            "`{whole}` is no file, and for a revision there is no repository: {}",
            said(&repository)
        );
    }
    let is_shallow = repository.stdout.starts_with(b"true");
    if !revision.is_empty() {
        known_revision(directory, revision, &whole, is_shallow)?;
    }
    let kind = git(directory, &["cat-file", "-t", &whole])?;
    match String::from_utf8_lossy(&kind.stdout).trim() {
        "blob" => {}
        "tree" => bail!("`{path}` is a directory in `{revision}`: name a file"),
        _ if revision.is_empty() => bail!("`{path}` is not in the index: {}", said(&kind)),
        _ => bail!(
            "`{path}` is not in revision `{revision}`; `git ls-tree -r --name-only {revision}` \
             lists what is"
        ),
    }
    read_name(directory, &whole)
}

/// The bytes of a file by its whole name, of a revision that is known to be there.
pub(super) fn read_name(directory: &Path, whole: &str) -> Result<Vec<u8>> {
    let file = git(directory, &["cat-file", "blob", whole])?;
    if !file.status.success() {
        bail!("`{whole}` cannot be read: {}", said(&file));
    }
    Ok(file.stdout)
}

fn known_revision(directory: &Path, revision: &str, whole: &str, is_shallow: bool) -> Result<()> {
    // A commit, a tag, or a tree: whatever has files.
    let tree = format!("{revision}^{{tree}}");
    let found = git(directory, &["rev-parse", "--verify", "--quiet", &tree])?;
    if found.status.success() {
        return Ok(());
    }
    if is_shallow {
        bail!(
            "git knows no revision `{revision}` here, and this is a shallow clone: fetch the rest \
             by `git fetch --unshallow --tags` (in GitHub Actions, `fetch-depth: 0` at the \
             checkout)"
        );
    }
    bail!(
        "`{whole}` is no file, and git knows no revision `{revision}`: if it is a branch or tag \
         of a remote, fetch it"
    )
}

/// Runs git and waits for it to end. It asks for nothing, and speaks English.
fn git(directory: &Path, arguments: &[&str]) -> Result<Output> {
    let result = Command::new("git")
        .current_dir(directory)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .output();
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("there is no `git` on the path: install it, or name files")
        }
        result => result.context("git cannot be run"),
    }
}

/// The first line of what git said, without its own mark.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").to_owned()
}
