//! Snapshot files that no test refers to any more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The variable with the file to which insta appends the path of each asserted snapshot.
pub(super) const REFERENCES_VARIABLE: &str = "INSTA_SNAPSHOT_REFERENCES_FILE";

/// Directories of the workspace with tests.
const DIRECTORIES: [&str; 3] = ["crates", "tests", "xtask"];

/// The snapshots in a workspace that are not in the file of references, relative to the workspace.
pub(super) fn unreferenced(root: &Path, references: &Path) -> Result<Vec<PathBuf>> {
    let references = match fs::read_to_string(references) {
        Ok(references) => references,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).context("cannot read the references to snapshots"),
    };
    let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let referenced: BTreeSet<PathBuf> = references
        .lines()
        .map(|line| canonical(Path::new(line)))
        .collect();
    let mut snapshots = Vec::new();
    for directory in DIRECTORIES {
        let directory = root.join(directory);
        if directory.is_dir() {
            find_snapshots(&directory, &mut snapshots)?;
        }
    }
    snapshots.retain(|snapshot| !referenced.contains(&canonical(snapshot)));
    snapshots.sort();
    let relative = snapshots.iter().map(|snapshot| {
        let relative = snapshot.strip_prefix(root).unwrap_or(snapshot);
        relative.to_owned()
    });
    Ok(relative.collect())
}

fn find_snapshots(directory: &Path, snapshots: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = || format!("{} cannot be read", directory.display());
    for entry in fs::read_dir(directory).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let path = entry.path();
        // Build directories may have copies of the workspace.
        if entry.file_type().with_context(unreadable)?.is_dir() {
            if entry.file_name() != "target" {
                find_snapshots(&path, snapshots)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "snap")
        {
            snapshots.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreferenced_snapshots_are_found() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let root = directory.path();
        for name in ["used", "unused"] {
            let path = root.join(format!("tests/snapshots/{name}.snap"));
            fs::create_dir_all(path.parent().expect("a directory")).expect("a fresh directory");
            fs::write(path, "").expect("a fresh directory");
        }
        let references = root.join("references");
        let used = root.join("tests/snapshots/used.snap");
        fs::write(&references, format!("{}\n", used.display())).expect("a fresh directory");
        let found = unreferenced(root, &references).expect("readable directories");
        assert_eq!(found, [PathBuf::from("tests/snapshots/unused.snap")]);
        let found = unreferenced(root, &root.join("missing")).expect("readable directories");
        assert_eq!(found.len(), 2);
    }
}
