//! Generates Rust crates from an OpenAPI contract: a client, and its companions.
//!
//! [`generate`] is a pure function: the same contract, options and manifest give the same bytes on every
//! machine. It reads no files, prints nothing, and does not run cargo or git. [`output`] compares the
//! generated files with those on disk, and writes them.

pub mod explain;
pub mod lint;
pub mod output;
pub mod rules;

mod ast;
mod client_ir;
mod client_plan;
mod contract_info;
mod crates;
mod doc_comments;
mod ecma_patterns;
mod emit;
mod error;
mod extensions;
mod fidelity_md;
mod files;
mod header;
mod http_methods;
mod identifiers;
mod layout;
#[cfg(test)]
mod mutations;
mod options;
mod pagination_keys;
mod panics;
mod pipeline;
mod pretty_print;
mod progenitor;
mod soundness;
mod types;

pub use crates::{Companion, CompanionKind, MANIFEST};
pub use error::{GenerateError, InvalidDefault, ManifestError, MockError};
pub use files::{GENERATED_DIR, GeneratedFile, Ownership};
pub use header::{
    CODEGEN_VERSION, PROGENITOR_VERSION, RUNTIME_VERSION, contract_hash, is_generated,
};
pub use layout::package_name_conflict;
pub use options::{ContractSource, Options};
pub use pipeline::{ClientBody, ClientCrate, ClientOperation, findings, generate};
pub use progenitor::comparison_document;
pub use soundness::{Loss, Outcome, SoundnessReport, verify};

/// The package of a generated crate; `None` if this is the manifest of another crate.
///
/// # Errors
/// If the manifest is not valid TOML.
pub fn generated_package(manifest: &str) -> Result<Option<String>, ManifestError> {
    let manifest = crates::Manifest::parse(manifest)?;
    let package = manifest.package().filter(|_| manifest.is_recorded());
    Ok(package.map(str::to_owned))
}
