//! Checks that a package builds, and passes its tests outside of the workspace.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::client::Client;
use super::package::Package;
use crate::cargo;
use crate::output::{Output, counted};
use crate::workspace::Workspace;

/// Build directory in the target directory, reused by the next check.
const TARGET: &str = "package-proof";

/// Unpacks the package in a temporary directory and runs its tests there. Reports failures, and
/// returns whether there are none.
pub(super) fn check(
    workspace: &Workspace,
    client: &Client,
    package: &Package,
    output: &mut Output,
) -> Result<bool> {
    let files = counted(package.files().len(), "file");
    output.progress(
        "Proving",
        &format!("that {client} builds and passes its tests from the {files} of the package"),
    )?;
    let directory = tempfile::tempdir().context("cannot create a temporary directory")?;
    let unpacked = package.unpack(directory.path())?;

    let mut command = cargo::command(&unpacked);
    command.args(["test", "--locked"]);
    command.arg("--target-dir").arg(client.target.join(TARGET));
    // Debug information would only take time and space.
    command.args(["--config", "profile.dev.debug=false"]);
    if let Some(config) = config(workspace)? {
        command.arg("--config").arg(config);
    }
    let run = cargo::streamed(command, output)?;
    if !run.succeeded {
        output.report(&run.text)?;
        output.warn(
            "Unproven",
            &format!(
                "{client} does not build or pass its tests from its package; \
                 check `include` in {}",
                client.manifest()
            ),
        )?;
    }
    Ok(run.succeeded)
}

/// The cargo configuration of the workspace. It may define registries, and cargo does not find it
/// outside of the workspace.
fn config(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let path = workspace.path(".cargo/config.toml");
    if !path.is_file() {
        return Ok(None);
    }
    let path = std::path::absolute(&path)
        .with_context(|| format!("{} cannot be found", workspace.name(&path)))?;
    Ok(Some(path))
}
