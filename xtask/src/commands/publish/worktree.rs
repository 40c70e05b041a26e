//! Checks that everything is committed, so that a published version can be rebuilt.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::output::{Output, counted};
use crate::workspace::Workspace;

/// The number of files to name; more are only counted.
const MAX_SHOWN: usize = 10;

/// Variables that git sets for hooks, which select another repository.
const REPOSITORY: [&str; 3] = ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"];

/// Whether the work tree is clean. Reports changed and untracked files.
pub(super) fn is_committed(workspace: &Workspace, output: &mut Output) -> Result<bool> {
    let status = status(workspace)?;
    let files: Vec<&str> = status.lines().collect();
    if files.is_empty() {
        output.progress("Committed", "all files of the workspace")?;
        return Ok(true);
    }
    for file in files.iter().take(MAX_SHOWN) {
        let (state, path) = file.split_at_checked(3).unwrap_or(("", file));
        let word = if state.starts_with('?') {
            "Untracked"
        } else {
            "Changed"
        };
        output.warn(word, path)?;
    }
    let more = match files.len().saturating_sub(MAX_SHOWN) {
        0 => String::new(),
        more => format!("and {} more; ", counted(more, "file")),
    };
    output.warn(
        "Uncommitted",
        &format!("{more}commit or stash all changes before publishing"),
    )?;
    Ok(false)
}

/// The output of `git status`: one line per file.
fn status(workspace: &Workspace) -> Result<String> {
    let mut command = Command::new("git");
    command
        .current_dir(workspace.root())
        .args(["-c", "core.quotePath=false"])
        .args(["status", "--porcelain", "--untracked-files=normal"])
        .stdin(Stdio::null());
    for name in REPOSITORY {
        command.env_remove(name);
    }
    let output = command.output().context("cannot run git")?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`git status` failed in {}: {}",
            workspace.root().display(),
            stderr.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
