//! The proof that a package stands alone: it builds and passes its tests where nothing of the
//! workspace is in reach.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::client::Client;
use super::package::Package;
use crate::cargo;
use crate::output::{Output, counted};
use crate::workspace::Workspace;

/// Where it is built, in the target directory: kept, so that the next proof is quick.
const TARGET: &str = "package-proof";

/// Unpacks the package in a temporary directory and runs its tests there. Says what is wrong, and
/// returns whether nothing is.
pub(super) fn prove(
    workspace: &Workspace,
    client: &Client,
    package: &Package,
    output: &mut Output,
) -> Result<bool> {
    let files = counted(package.files().len(), "file");
    output.progress(
        "Proving",
        &format!("{client} by the {files} of the package alone"),
    )?;
    let directory = tempfile::tempdir().context("no temporary directory can be made")?;
    let unpacked = package.unpack(directory.path())?;

    let mut command = cargo::command(&unpacked);
    command.args(["test", "--locked"]);
    command.arg("--target-dir").arg(client.target.join(TARGET));
    // Nobody debugs what is built here.
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
                "{client} does not build and pass its tests by its package alone: \
                 is something missing from `include` in {}?",
                client.manifest()
            ),
        )?;
    }
    Ok(run.succeeded)
}

/// The workspace's cargo configuration. It may say where registries are, and is not found from
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
