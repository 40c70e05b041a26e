//! Whether everything is committed: what is published is to be found again.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::output::{Output, counted};
use crate::workspace::Workspace;

/// How many files are named before the rest is only counted.
const NAMED: usize = 10;

/// Which repository git works on, where a hook that runs this program has settled it for itself.
const REPOSITORY: [&str; 3] = ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"];

/// Whether the workspace has no changes and no new files. Names those it has.
pub(super) fn is_committed(workspace: &Workspace, output: &mut Output) -> Result<bool> {
    let status = status(workspace)?;
    let files: Vec<&str> = status.lines().collect();
    if files.is_empty() {
        output.progress("Committed", "every file of the workspace")?;
        return Ok(true);
    }
    for file in files.iter().take(NAMED) {
        let (state, path) = file.split_at_checked(3).unwrap_or(("", file));
        let word = if state.starts_with('?') {
            "Untracked"
        } else {
            "Changed"
        };
        output.warn(word, path)?;
    }
    let more = match files.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("and {} more: ", counted(more, "file")),
    };
    output.warn(
        "Uncommitted",
        &format!("{more}commit or stash what is not committed, so that what is published can be found again"),
    )?;
    Ok(false)
}

/// What differs from the last commit, one file a line.
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
    let output = command
        .output()
        .context("git cannot be run, which knows whether everything is committed")?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!(
            "git cannot tell whether everything in {} is committed: {}",
            workspace.root().display(),
            words.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
