//! What crates are generated from.

use std::path::PathBuf;

use openapi_contract::model::Contract;

/// A contract to generate from.
#[derive(Debug, Clone, Copy)]
pub struct ContractSource<'a> {
    /// The path that generated files name: relative to the repository, with forward slashes.
    pub path: &'a str,
    /// The contract. Generated files record the hash of its text.
    pub contract: &'a Contract,
}

/// Facts about a generated package that the contract does not have.
///
/// Most of them go only into the manifest of a new crate; an existing manifest keeps its own.
#[derive(Debug, Clone)]
pub struct Options {
    /// The command that generates the crate, for the headers of generated files.
    pub command: String,
    /// The name of the package.
    pub package: String,
    /// The URL of the repository.
    pub repository: Option<String>,
    /// An SPDX license expression. If missing, the contract's license is used when it is one.
    pub license: Option<String>,
    /// Keywords of the package. The first five are used.
    pub keywords: Vec<String>,
    /// Categories of the registry.
    pub categories: Vec<String>,
    /// The minimum Rust version of the package.
    pub rust_version: String,
    /// Makes the crate a workspace of its own, with these directories as members.
    pub workspace: Option<Vec<String>>,
    /// The directory of `openapi-client-runtime`, for the manifest of a new crate. Without one, the crate comes
    /// from the registry.
    pub runtime: Option<PathBuf>,
}

impl Options {
    /// Options for a package that `cargo xtask generate` generates.
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
            runtime: None,
        }
    }
}
