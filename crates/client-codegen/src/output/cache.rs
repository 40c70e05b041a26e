//! Detects directories that are up to date without generating again.
//!
//! A hash covers all inputs of generation and all files that it writes. It is stored after a generation found
//! everything up to date. Editing a generated file, the manifest or the contract changes the hash, and so does
//! another build of the generator.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{FileState, OutputError, Plan, PlannedFile, scan};
use crate::crates::MANIFEST;

/// The state of crates and of the inputs that they are generated from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Computes the fingerprint of these inputs, and of the crates in these directories.
    ///
    /// The inputs must be all arguments of [`generate`](crate::generate) except the manifest, and a value
    /// that differs for each build of the generator.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn compute(inputs: &[&str], roots: &[&Path]) -> Result<Self, OutputError> {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            // The length makes the encoding unambiguous.
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        };
        for input in inputs {
            add(input.as_bytes());
        }
        for root in roots {
            add(root.as_os_str().as_encoded_bytes());
            for path in owned(root)? {
                let target = root.join(&path);
                let bytes = fs::read(&target).map_err(|source| OutputError::Read {
                    path: target,
                    source,
                })?;
                add(path.as_os_str().as_encoded_bytes());
                add(&bytes);
            }
        }
        let digest = digest.finalize();
        Ok(Self(
            digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        ))
    }

    /// Returns what was stored in a file with this fingerprint; `None` if the file has another one.
    pub fn load_payload(&self, file: &Path) -> Option<String> {
        let stored = fs::read_to_string(file).ok()?;
        let payload = stored.strip_prefix(&self.0)?.strip_prefix('\n')?;
        Some(payload.to_owned())
    }

    /// Stores the fingerprint in a file, together with a payload.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn store(&self, file: &Path, payload: &str) -> io::Result<()> {
        fs::write(file, format!("{}\n{payload}", self.0))
    }
}

/// Returns the plan for a directory that is known to be up to date.
///
/// # Errors
/// When the directory cannot be read.
pub fn up_to_date_plan(root: &Path) -> Result<Plan, OutputError> {
    let files = owned(root)?.into_iter().map(|path| PlannedFile {
        path,
        state: FileState::Fresh,
    });
    Ok(Plan {
        root: root.to_owned(),
        files: files.collect(),
    })
}

/// Returns the files that generation keeps up to date, ordered by path.
fn owned(root: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let mut files = scan::files_below(root)?;
    files.push(PathBuf::from(MANIFEST));
    files.sort();
    Ok(files)
}
