//! Checks that a package builds, and passes its tests outside of the workspace.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::crates::{PublishedCrate, PublishedCrates};
use super::package::Package;
use crate::cargo;
use crate::output::{Output, counted};
use crate::workspace::Workspace;

/// Build directory in the target directory, reused by the next check.
const TARGET: &str = "package-proof";

/// Unpacks the package in a temporary directory and runs its tests there. Reports failures, and
/// returns whether there are none. Where the package depends on others of `all`, these are used.
pub(super) fn check(
    workspace: &Workspace,
    crates: &PublishedCrates,
    package: &Package,
    all: &[Package],
    output: &mut Output,
) -> Result<bool> {
    let is_client = package.name() == crates.client.name;
    let published = if is_client {
        &crates.client
    } else {
        &crates.runtime
    };
    let files = counted(package.files().len(), "file");
    output.progress(
        "Proving",
        &format!("that {published} builds and passes its tests from the {files} of the package"),
    )?;
    let directory = tempfile::tempdir().context("cannot create a temporary directory")?;
    let unpacked = package.unpack(directory.path())?;
    let mut replaced = Vec::new();
    for other in all.iter().filter(|_| is_client) {
        if other.name() != package.name() {
            let path = other.unpack(directory.path())?;
            replaced.push(replacement(crates, other, &path)?);
        }
    }

    let mut command = cargo::command(&unpacked);
    command.arg("test");
    if !is_client {
        command.arg("--all-features");
    }
    // The lock file of the package names the registry, which does not have the other package yet.
    if replaced.is_empty() {
        command.arg("--locked");
    }
    for replacement in replaced {
        command.arg("--config").arg(replacement);
    }
    command.arg("--target-dir").arg(crates.target.join(TARGET));
    // Debug information would only take time and space.
    command.args(["--config", "profile.dev.debug=false"]);
    for config in configs(workspace)? {
        command.arg("--config").arg(config);
    }
    let run = cargo::streamed(command, output)?;
    if !run.succeeded {
        output.report(&run.text)?;
        unproven(published, output)?;
    }
    Ok(run.succeeded)
}

fn unproven(published: &PublishedCrate, output: &mut Output) -> Result<()> {
    output.warn(
        "Unproven",
        &format!(
            "{published} does not build or pass its tests from its package; \
             check `include` in {}",
            published.manifest()
        ),
    )?;
    Ok(())
}

/// The configuration of cargo that uses an unpacked package in place of the registry's.
fn replacement(crates: &PublishedCrates, package: &Package, path: &Path) -> Result<String> {
    let path = path
        .to_str()
        .context("the path of the temporary directory is not Unicode")?;
    // A string of JSON is one of TOML.
    let path = serde_json::to_string(path).context("the path cannot be written as TOML")?;
    let registry = serde_json::to_string(crates.runtime_registry())
        .context("the registry cannot be written as TOML")?;
    Ok(format!("patch.{registry}.{}.path={path}", package.name()))
}

/// The files of cargo's configuration for the workspace, the ones with precedence last. They may define registries, and
/// cargo does not find them outside of the workspace.
fn configs(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let root = std::path::absolute(workspace.root())
        .context("cannot resolve the path of the workspace")?;
    let files = root
        .ancestors()
        .map(|directory| directory.join(".cargo/config.toml"));
    let mut files: Vec<PathBuf> = files.filter(|file| file.is_file()).collect();
    files.reverse();
    Ok(files)
}
