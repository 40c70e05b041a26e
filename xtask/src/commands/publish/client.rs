//! The client crate, from `cargo metadata`.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo;
use crate::workspace::{CLIENT, CLIENT_PACKAGE, Workspace};

/// What a publication shows of the client crate.
pub(super) struct Client {
    /// Version of the crate.
    pub(super) version: String,
    /// Version of the contract that it was generated from.
    pub(super) contract_version: String,
    /// Hash of that contract.
    pub(super) contract_sha256: String,
    /// Target directory of the workspace.
    pub(super) target: PathBuf,
}

impl Client {
    /// Reads the metadata, in which inherited values and overrides of the environment are resolved.
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let metadata = metadata(workspace)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let mut packages = packages.filter(|package| package["name"] == CLIENT_PACKAGE);
        let Some(package) = packages.next() else {
            bail!("the workspace has no package {CLIENT_PACKAGE}");
        };
        Ok(Self {
            version: text(package, "/version")?,
            contract_version: text(package, "/metadata/openapi/contract-version")?,
            contract_sha256: text(package, "/metadata/openapi/contract-sha256")?,
            target: PathBuf::from(text(&metadata, "/target_directory")?),
        })
    }

    /// The root directory in a package, which is also the stem of its file name.
    pub(super) fn stem(&self) -> String {
        format!("{CLIENT_PACKAGE}-{}", self.version)
    }

    /// The path of its manifest in the workspace.
    pub(super) fn manifest(&self) -> String {
        format!("{CLIENT}/{}", client_codegen::MANIFEST)
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{CLIENT_PACKAGE} {}", self.version)
    }
}

fn metadata(workspace: &Workspace) -> Result<Value> {
    let mut command = cargo::command(workspace.root());
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    let run = cargo::captured(&mut command)?;
    if !run.succeeded {
        bail!(
            "`cargo metadata` failed: {}",
            cargo::error_tail(&run.stderr)
        );
    }
    serde_json::from_str(&run.stdout).context("the output of `cargo metadata` is not JSON")
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    let text =
        text.with_context(|| format!("the output of `cargo metadata` has no string at {pointer}"))?;
    Ok(text.to_owned())
}
