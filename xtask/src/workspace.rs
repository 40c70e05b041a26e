//! The workspace: its paths, and the documents in it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use client_codegen::CompanionKind;
use openapi_contract::accepted::{AcceptedChanges, InvalidAcceptedChanges};
use openapi_contract::document::Document;

use crate::args::RootDir;

/// Path of the contract in the workspace.
pub(crate) const CONTRACT: &str = "openapi/media.yaml";
/// Path of the accepted breaking changes in the workspace.
pub(crate) const ACCEPTED_CHANGES: &str = "openapi/accepted-changes.toml";
/// Directory of the released contracts in the workspace. Each file is named by its version.
pub(crate) const RELEASED: &str = "openapi/released/media";
/// Directory of the client crate in the workspace.
pub(crate) const CLIENT: &str = "crates/media-client";
/// Package name of the client crate.
pub(crate) const CLIENT_PACKAGE: &str = "media-client";
/// Directory of the crate that generated clients depend on.
pub(crate) const RUNTIME: &str = "crates/openapi-client-runtime";
/// Package name of the crate that generated clients depend on.
pub(crate) const RUNTIME_PACKAGE: &str = "openapi-client-runtime";

/// Directory, package and kind of the companion crates.
///
/// A companion that was deleted is not generated again.
pub(crate) const COMPANIONS: [(&str, &str, CompanionKind); 2] = [
    (
        "crates/media-client-mock",
        "media-client-mock",
        CompanionKind::Mock,
    ),
    ("crates/media-cli", "media-cli", CompanionKind::Cli),
];

/// The workspace that commands work on.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace at `root`, or the one that contains the current directory.
    pub(crate) fn find(root: Option<PathBuf>) -> Result<Self> {
        if let Some(root) = root {
            if !is_workspace(&root) {
                bail!("{} is not a workspace with {CONTRACT}", root.display());
            }
            return Ok(Self { root });
        }
        let current = std::env::current_dir().context("the current directory cannot be read")?;
        match current
            .ancestors()
            .find(|directory| is_workspace(directory))
        {
            Some(root) => Ok(Self {
                root: root.to_owned(),
            }),
            None => bail!(
                "{} is not in a workspace with {CONTRACT}; change to one, or pass --root",
                current.display()
            ),
        }
    }

    /// A path in the workspace.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The path to show in messages: relative to the workspace if it is inside.
    pub(crate) fn name(&self, path: &Path) -> String {
        let shown = path.strip_prefix(&self.root).unwrap_or(path);
        shown.to_string_lossy().replace('\\', "/")
    }

    /// Reads and parses an OpenAPI document.
    pub(crate) fn document(&self, path: &Path) -> Result<Document> {
        Ok(Document::load(path, &self.name(path))?)
    }

    /// Reads and parses a contract.
    pub(crate) fn contract(&self, path: &Path, root_dir: &RootDir) -> Result<Document> {
        Ok(root_dir.load(path, &self.name(path))?)
    }

    /// The accepted changes of the workspace's contract; `None` if there is no such file.
    pub(crate) fn accepted_changes(
        &self,
    ) -> Result<Option<Result<AcceptedChanges, InvalidAcceptedChanges>>> {
        let path = self.path(ACCEPTED_CHANGES);
        let text = self.text(&path)?;
        Ok(text.map(|text| AcceptedChanges::parse(&self.name(&path), text)))
    }

    /// The text of a file.
    pub(crate) fn required_text(&self, path: &Path) -> Result<String> {
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", self.name(path)))
    }

    /// The text of a file; `None` if it does not exist.
    pub(crate) fn text(&self, path: &Path) -> Result<Option<String>> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", self.name(path))),
        }
    }
}

fn is_workspace(directory: &Path) -> bool {
    directory.join(CONTRACT).is_file() && directory.join("Cargo.toml").is_file()
}
