//! The client crate as cargo sees it in the workspace.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo;
use crate::workspace::{CLIENT, CLIENT_PACKAGE, Workspace};

/// What a publication says about the client crate.
pub(super) struct Client {
    /// The crate's version.
    pub(super) version: String,
    /// The version of the contract that it was generated from.
    pub(super) contract_version: String,
    /// The hash of that contract.
    pub(super) contract_sha256: String,
    /// Where cargo puts what it builds in this workspace.
    pub(super) target: PathBuf,
}

impl Client {
    /// Asks cargo, which knows what the manifest inherits and what the environment overrides.
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

    /// The directory that a package of it holds, which also names the package's file.
    pub(super) fn stem(&self) -> String {
        format!("{CLIENT_PACKAGE}-{}", self.version)
    }

    /// Where its version stands, relative to the workspace.
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
            "cargo cannot read the workspace: {}",
            cargo::error_tail(&run.stderr)
        );
    }
    serde_json::from_str(&run.stdout).context("`cargo metadata` wrote something other than JSON")
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    let text = text.with_context(|| format!("`cargo metadata` says nothing at {pointer}"))?;
    Ok(text.to_owned())
}
