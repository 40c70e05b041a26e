//! Finds orphaned files in the directory of generated code.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{OutputError, read};
use crate::files::{GENERATED_DIR, GeneratedFile};
use crate::header::is_generated;

/// Returns the orphaned files with their text, relative to the directory of the crate.
pub(super) fn orphans(
    root: &Path,
    files: &[GeneratedFile],
) -> Result<Vec<(PathBuf, String)>, OutputError> {
    let expected: BTreeSet<&Path> = files.iter().map(|file| file.path.as_path()).collect();
    let mut orphans = Vec::new();
    for path in files_below(root)?
        .into_iter()
        .filter(|path| !expected.contains(path.as_path()))
    {
        let target = root.join(&path);
        let Some(old) = read(&target)? else { continue };
        if !is_generated(&old) {
            return Err(OutputError::NotGenerated { path: target });
        }
        orphans.push((path, old));
    }
    Ok(orphans)
}

/// Returns the files in the directory of generated code, ordered by path.
pub(super) fn files_below(root: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let mut found = Vec::new();
    walk(root, Path::new(GENERATED_DIR), &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(root: &Path, directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), OutputError> {
    let target = root.join(directory);
    let failed = |source| OutputError::Read {
        path: target.clone(),
        source,
    };
    let entries = match fs::read_dir(&target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let path = directory.join(entry.file_name());
        // A link to a directory is not followed: the generator does not create links.
        if entry.file_type().map_err(failed)?.is_dir() {
            walk(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
