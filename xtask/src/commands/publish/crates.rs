//! The crates to publish, from `cargo metadata`.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo;
use crate::workspace::{CLIENT, CLIENT_PACKAGE, RUNTIME, RUNTIME_PACKAGE, Workspace};

/// The name of the registry that a dependency without `registry` comes from.
const DEFAULT_REGISTRY: &str = "crates-io";

/// The crates to publish.
pub(super) struct PublishedCrates {
    /// What the client depends on.
    pub(super) runtime: PublishedCrate,
    /// The client.
    pub(super) client: PublishedCrate,
    /// URL of the registry that the client names for the runtime.
    registry: Option<String>,
    /// Target directory of the workspace.
    pub(super) target: PathBuf,
}

/// A crate to publish.
pub(super) struct PublishedCrate {
    /// Name of the package.
    pub(super) name: &'static str,
    /// Version of the crate.
    pub(super) version: String,
    /// The contract that it was generated from.
    pub(super) contract: Option<ContractVersion>,
    /// Its directory in the workspace.
    directory: &'static str,
}

/// The contract that a crate was generated from.
pub(super) struct ContractVersion {
    pub(super) version: String,
    pub(super) sha256: String,
}

impl PublishedCrates {
    /// Reads the metadata, in which inherited values and overrides of the environment are resolved.
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let metadata = metadata(workspace)?;
        let runtime = package(&metadata, RUNTIME_PACKAGE)?;
        let client = package(&metadata, CLIENT_PACKAGE)?;
        let mut dependencies = client["dependencies"].as_array().into_iter().flatten();
        let of_runtime = dependencies
            .find(|dependency| dependency["name"] == RUNTIME_PACKAGE)
            .with_context(|| format!("{CLIENT_PACKAGE} does not depend on {RUNTIME_PACKAGE}"))?;
        Ok(Self {
            runtime: PublishedCrate {
                name: RUNTIME_PACKAGE,
                version: text(runtime, "/version")?,
                contract: None,
                directory: RUNTIME,
            },
            client: PublishedCrate {
                name: CLIENT_PACKAGE,
                version: text(client, "/version")?,
                contract: Some(ContractVersion {
                    version: text(client, "/metadata/openapi/contract-version")?,
                    sha256: text(client, "/metadata/openapi/contract-sha256")?,
                }),
                directory: CLIENT,
            },
            registry: of_runtime["registry"].as_str().map(str::to_owned),
            target: PathBuf::from(text(&metadata, "/target_directory")?),
        })
    }

    /// Whether the published client finds the runtime in this registry. Without a registry, its dependency means
    /// crates.io.
    pub(super) fn resolve_in(&self, registry: &str) -> bool {
        registry == DEFAULT_REGISTRY || self.registry.is_some()
    }

    /// The registry that the published client finds the runtime in: its URL, or the name of the default.
    pub(super) fn runtime_registry(&self) -> &str {
        self.registry.as_deref().unwrap_or(DEFAULT_REGISTRY)
    }
}

impl PublishedCrate {
    /// The root directory in a package, which is also the stem of its file name.
    pub(super) fn stem(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// The path of its manifest in the workspace.
    pub(super) fn manifest(&self) -> String {
        format!("{}/{}", self.directory, client_codegen::MANIFEST)
    }
}

impl fmt::Display for PublishedCrate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
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

fn package<'a>(metadata: &'a Value, name: &str) -> Result<&'a Value> {
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .find(|package| package["name"] == name)
        .with_context(|| format!("the workspace has no package {name}"))
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    let text =
        text.with_context(|| format!("the output of `cargo metadata` has no string at {pointer}"))?;
    Ok(text.to_owned())
}
