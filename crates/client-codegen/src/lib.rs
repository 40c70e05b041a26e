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
mod contract_info;
mod crates;
mod doc_comments;
mod emit;
mod error;
mod extensions;
mod files;
mod header;
mod http_methods;
mod identifiers;
mod layout;
mod lower;
mod lowering_md;
#[cfg(test)]
mod mutations;
mod openapi_version;
mod optional_property_markers;
mod options;
mod pagination_keys;
mod panics;
mod pipeline;
mod plan;
mod pretty_print;
mod progenitor;
mod references;
mod soundness;
#[cfg(test)]
mod test_support;
mod types;

pub use crates::{Companion, CompanionKind, MANIFEST};
pub use error::{GenerateError, ManifestError, OperationRef, Rejection};
pub use files::{GENERATED_DIR, GeneratedFile, Ownership};
pub use header::{
    CODEGEN_VERSION, PROGENITOR_VERSION, RUNTIME_VERSION, contract_hash, is_generated,
};
pub use layout::package_name_conflict;
pub use options::{ContractSource, Options};
pub use pipeline::{ClientCrate, findings, generate};
pub use soundness::{SoundnessReport, verify};

/// The package of a generated crate; `None` if this is the manifest of another crate.
///
/// # Errors
/// If the manifest is not valid TOML.
pub fn generated_package(manifest: &str) -> Result<Option<String>, ManifestError> {
    let manifest = crates::Manifest::parse(manifest)?;
    let package = manifest.package().filter(|_| manifest.is_recorded());
    Ok(package.map(str::to_owned))
}
