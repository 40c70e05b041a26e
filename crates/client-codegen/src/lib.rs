//! Contract in, files of a client crate out.
//!
//! [`client`] is a pure function: the same contract, options and manifest give the same bytes on
//! every machine. It reads no file, prints nothing and knows neither cargo nor git. [`output`]
//! compares its files with what is on disk, and writes them.

pub mod output;

mod absence_markers;
mod ast;
mod client_ir;
mod contract_info;
mod crates;
mod doc_comments;
mod error;
mod extensions;
mod files;
mod header;
mod http_methods;
mod layout;
mod lower;
mod names;
mod panics;
mod patch_operations;
mod pipeline;
mod pretty_print;
mod progenitor;
mod references;
mod report;
mod types;

use std::path::PathBuf;

use openapi_contract::document::Document;

pub use crates::MANIFEST;
pub use crates::{Companion, CompanionKind, companion};
pub use error::{GenerateError, ManifestError, OperationRef, Rejection};
pub use files::{GENERATED_DIR, GeneratedFile, Ownership};
pub use header::{CODEGEN_VERSION, PROGENITOR_VERSION, contract_hash, is_generated};
pub use layout::package_name_conflict;
pub use lower::{Fidelity, FidelityCounts, PASS_PAGES, Pass, Rewrite, SoundnessReport, verify};

/// A contract to generate from.
#[derive(Debug, Clone, Copy)]
pub struct ContractSource<'a> {
    /// The path to show in headers: relative to the repository, with forward slashes.
    pub path: &'a str,
    /// What its files say. The hash of their texts goes into headers and manifest.
    pub document: &'a Document,
}

/// A client crate, and what the generator had to change in the contract for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCrate {
    /// The files of the crate.
    pub files: Vec<GeneratedFile>,
    /// All that is otherwise in the client than in the contract, in the order of the contract.
    pub rewrites: Vec<Rewrite>,
    /// What the client does, in OpenAPI 3.0: the contract as it was rewritten.
    pub document: serde_json::Value,
    /// The same as progenitor is given it.
    pub draft: serde_json::Value,
}

/// What a client crate is called and who made it.
///
/// Only a new manifest takes all of it. In an existing one the package's facts are kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// The command that generates, as headers name it.
    pub command: String,
    /// The name of the client's package.
    pub package: String,
    /// The address of the repository.
    pub repository: Option<String>,
    /// An SPDX expression. Without it, the contract's own license is used if it is one.
    pub license: Option<String>,
    /// Words to find the crate by, five at most.
    pub keywords: Vec<String>,
    /// Categories of the registry.
    pub categories: Vec<String>,
    /// The oldest Rust that compiles the client.
    pub rust_version: String,
    /// For a crate that stands alone: the directories in it that are packages as well. It is then a
    /// workspace of its own, wherever it lies.
    pub workspace: Option<Vec<String>>,
}

impl Options {
    /// The options of a package that generates with `cargo xtask generate`.
    pub fn new(package: impl Into<String>) -> Self {
        Self {
            command: "cargo xtask generate".to_owned(),
            package: package.into(),
            repository: None,
            license: None,
            keywords: vec!["api".to_owned(), "client".to_owned(), "openapi".to_owned()],
            categories: vec!["api-bindings".to_owned()],
            rust_version: "1.89".to_owned(),
            workspace: None,
        }
    }
}

/// The package of a crate that was generated; nothing when this is the manifest of another.
///
/// # Errors
/// When the manifest is not TOML.
pub fn generated_package(manifest: &str) -> Result<Option<String>, ManifestError> {
    let manifest = crates::Manifest::parse(manifest)?;
    let package = manifest.package().filter(|_| manifest.is_recorded());
    Ok(package.map(str::to_owned))
}

/// Whether a client's manifest says `client-state`: its `Client` has a state and hooks of its own.
///
/// # Errors
/// When the manifest cannot be understood.
pub fn has_own_state(manifest: &str) -> Result<bool, GenerateError> {
    let manifest = crates::Manifest::parse(manifest)?;
    Ok(manifest.client_state()?.is_some())
}

/// Generates the files of a client crate.
///
/// `manifest` is the text of the crate's `Cargo.toml`. Without one the crate is taken to be new,
/// and the files come with a whole manifest, a `README.md` and a `src/lib.rs` to start from.
///
/// A manifest may say `client-state = "crate::Session"` in `[package.metadata.openapi]`: the
/// generated `Client` then carries a value of that type, and the crate implements
/// `progenitor_client::ClientHooks` for `Client` to use it.
///
/// # Errors
/// When the contract is neither OpenAPI 3.0 nor 3.1, when a reference in it leads nowhere, or when
/// the manifest cannot be understood.
pub fn client(
    contract: &ContractSource<'_>,
    options: &Options,
    manifest: Option<&str>,
) -> Result<ClientCrate, GenerateError> {
    let lowered = lower::lower(contract.document)?;
    let facts = contract_info::read(&lowered.draft)?;
    let mut managed = match manifest {
        Some(text) => crates::Manifest::parse(text)?,
        None => crates::Manifest::parse(&crates::client_scaffold::manifest(&facts, options))?,
    };

    let made = pipeline::run(lowered, managed.client_state()?)?;
    let lowered = made.lowered;
    let stamp = header::FileHeader::new(contract, &facts, &options.command);
    let contracts = layout::ContractForms {
        written: contract.document,
        lowered: &made.document,
    };
    let sources = layout::files(
        made.code,
        &made.operations,
        contracts,
        made.extensions,
        &stamp,
    )?;

    managed.ensure(&sources.crates)?;
    managed.ensure_features(&sources.features)?;
    managed.record(contract.path, &stamp)?;
    if let Some(members) = &options.workspace {
        managed.ensure_workspace(members)?;
    }

    let mut files: Vec<GeneratedFile> = sources.files;
    files.push(GeneratedFile {
        path: PathBuf::from(MANIFEST),
        contents: managed.into_text(),
        ownership: Ownership::Managed,
    });
    if manifest.is_none() {
        files.extend(crates::client_scaffold::files(&facts, options));
    }
    let rewrites = lowered.log.finish();
    files.extend(report::file(&rewrites, &stamp));
    layout::escape_bidi(&mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(ClientCrate {
        files,
        rewrites,
        document: made.document,
        draft: lowered.draft,
    })
}
