//! Runs `cargo xtask publish`.

use std::ffi::OsString;

use workspace_tests::captured::{Run, xtask};

use crate::copy::WorkspaceCopy;

/// Runs `cargo xtask publish` in a copy of the workspace.
pub(crate) fn publish(workspace: &WorkspaceCopy, arguments: &[&str]) -> Run {
    let mut all: Vec<OsString> = vec!["publish".into(), "--root".into(), workspace.root().into()];
    all.extend(arguments.iter().map(OsString::from));
    xtask(all)
}
