//! The files of a generated crate.

use std::path::PathBuf;

/// The directory of a crate that belongs to the generator.
pub const GENERATED_DIR: &str = "src/generated";

/// A file of a generated crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The path, relative to the crate's directory.
    pub path: PathBuf,
    /// The contents, with `\n` line endings.
    pub contents: String,
    /// What may be done with the file on disk.
    pub ownership: Ownership,
}

/// Who owns a file, and so whether the generator may change the one on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The generator: it replaces the file whenever it differs.
    Generated,
    /// People, but the generator keeps some entries up to date.
    Managed,
    /// People: written once for a new crate, and never changed again.
    Scaffold,
}
