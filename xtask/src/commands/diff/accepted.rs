//! The accepted changes that apply to a diff.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use openapi_contract::accepted::{AcceptedChanges, InvalidAcceptedChanges};

use crate::args::DiffArgs;
use crate::workspace::{ACCEPTED_CHANGES, CONTRACT, Workspace};

/// The accepted changes of the given file, or those of the workspace if its contract is the new one.
pub(super) fn read(
    workspace: &Workspace,
    args: &DiffArgs,
) -> Result<Option<Result<AcceptedChanges, InvalidAcceptedChanges>>> {
    if let Some(path) = &args.accepted {
        let text = workspace.required_text(path)?;
        return Ok(Some(AcceptedChanges::parse(&workspace.name(path), text)));
    }
    if is_same_file(Path::new(&args.new), &workspace.path(CONTRACT)) {
        return workspace.accepted_changes();
    }
    Ok(None)
}

/// The file that [`read`] reads, as a help names it.
pub(super) fn file_in_help(workspace: &Workspace, args: &DiffArgs) -> String {
    match &args.accepted {
        Some(path) => format!("`{}`", workspace.name(path)),
        None if is_same_file(Path::new(&args.new), &workspace.path(CONTRACT)) => {
            format!("`{ACCEPTED_CHANGES}`")
        }
        None => "the file that you pass with `--accepted`".to_owned(),
    }
}

fn is_same_file(left: &Path, right: &Path) -> bool {
    let resolved = |path: &Path| -> Option<PathBuf> { fs::canonicalize(path).ok() };
    let left = resolved(left);
    left.is_some() && left == resolved(right)
}
