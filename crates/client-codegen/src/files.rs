//! The files of a generated crate.

use std::path::PathBuf;

/// The directory of generated code in a crate.
pub const GENERATED_DIR: &str = "src/generated";

/// A file of a generated crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The path, relative to the crate's directory.
    pub path: PathBuf,
    /// The contents, with `\n` line endings.
    pub contents: String,
    /// Whether the generator may change the file on disk.
    pub ownership: Ownership,
}

/// Whether the generator may change a file on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// Generated: replaced whenever it differs.
    Generated,
    /// Hand-edited, but the generator updates some entries.
    Managed,
    /// Hand-edited: written once for a new crate, and never changed again.
    Scaffold,
}
