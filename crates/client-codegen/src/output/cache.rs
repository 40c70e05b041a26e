//! Recognises a directory that was found fresh before, without generating again.
//!
//! One hash covers all that generation depends on and all that it writes, as it is on disk now. It
//! is remembered only after a whole generation found everything fresh. So whoever edits a
//! generated file, the manifest or the contract, or builds another generator, has another hash.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{FileState, OutputError, Plan, PlannedFile, scan};
use crate::crates::MANIFEST;

/// The state of crates' directories and of what they are generated from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Takes the fingerprint of these inputs, and of the crates in these directories.
    ///
    /// The inputs must be all that [`generate`](crate::generate) is given but the manifest, and
    /// something that is different for each build of the generator.
    ///
    /// # Errors
    /// When something cannot be read.
    pub fn take(inputs: &[&str], roots: &[&Path]) -> Result<Self, OutputError> {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            // With its length, so that no two lists of parts look the same.
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        };
        for input in inputs {
            add(input.as_bytes());
        }
        for root in roots {
            add(root.as_os_str().as_encoded_bytes());
            for path in owned(root)? {
                let place = root.join(&path);
                let bytes = fs::read(&place).map_err(|source| OutputError::Read {
                    path: place,
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

    /// Whether this is the state that was remembered in a file.
    pub fn is_remembered(&self, file: &Path) -> bool {
        fs::read_to_string(file).is_ok_and(|remembered| remembered == self.0)
    }

    /// Remembers the state in a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remember(&self, file: &Path) -> io::Result<()> {
        fs::write(file, &self.0)
    }
}

/// The plan for a directory that is known to be fresh.
///
/// # Errors
/// When the directory cannot be read.
pub fn fresh(root: &Path) -> Result<Plan, OutputError> {
    let files = owned(root)?.into_iter().map(|path| PlannedFile {
        path,
        state: FileState::Fresh,
    });
    Ok(Plan {
        root: root.to_owned(),
        files: files.collect(),
    })
}

/// The files that generation keeps up to date, in the order of their paths.
fn owned(root: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let mut files = scan::files_below(root)?;
    files.push(PathBuf::from(MANIFEST));
    files.sort();
    Ok(files)
}
