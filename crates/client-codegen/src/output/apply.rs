//! Applies plans: all of them, or none.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{FileState, OutputError, Plan, PlannedFile};
use crate::files::GENERATED_DIR;

/// A new file that is written to a temporary path.
struct Staged<'a> {
    file: NamedTempFile,
    target: PathBuf,
    old: Option<&'a str>,
}

pub(super) fn apply<'a>(plans: impl Iterator<Item = &'a Plan> + Clone) -> Result<(), OutputError> {
    let mut staged = Vec::new();
    for (root, file) in files(plans.clone()) {
        let (old, new) = match &file.state {
            FileState::Changed { old, new } => (Some(old.as_str()), new),
            FileState::Missing { new } => (None, new),
            FileState::Fresh | FileState::Orphan { .. } => continue,
        };
        let target = root.join(&file.path);
        let file = stage(&target, new).map_err(|source| OutputError::Write {
            path: target.clone(),
            source,
        })?;
        staged.push(Staged { file, target, old });
    }
    commit(staged)?;
    files(plans)
        .filter(|(_, file)| matches!(file.state, FileState::Orphan { .. }))
        .try_for_each(|(root, file)| remove(root, &file.path))
}

/// Returns all files, each with the directory of its crate.
fn files<'a>(
    plans: impl Iterator<Item = &'a Plan>,
) -> impl Iterator<Item = (&'a Path, &'a PlannedFile)> {
    plans.flat_map(|plan| plan.files.iter().map(|file| (plan.root.as_path(), file)))
}

/// Writes a file to a temporary path next to its target, with the final permissions.
fn stage(target: &Path, text: &str) -> io::Result<NamedTempFile> {
    let directory = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".generated-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask removes permissions, as for any new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    if let Ok(metadata) = fs::metadata(target) {
        fs::set_permissions(file.path(), metadata.permissions())?;
    }
    Ok(file)
}

/// Moves all files to their targets. If one cannot be moved, the previous ones are moved back.
fn commit(staged: Vec<Staged<'_>>) -> Result<(), OutputError> {
    let mut moved: Vec<(PathBuf, Option<&str>)> = Vec::new();
    for Staged { file, target, old } in staged {
        if let Err(error) = file.persist(&target) {
            for (target, old) in moved {
                // Ignore a failure to move back: the first error explains what is wrong.
                let _ = undo(&target, old);
            }
            return Err(OutputError::Write {
                path: target,
                source: error.error,
            });
        }
        moved.push((target, old));
    }
    Ok(())
}

fn undo(target: &Path, old: Option<&str>) -> io::Result<()> {
    match old {
        Some(text) => stage(target, text)?
            .persist(target)
            .map(drop)
            .map_err(|error| error.error),
        None => fs::remove_file(target),
    }
}

/// Removes an orphaned file, and the directories that become empty.
fn remove(root: &Path, path: &Path) -> Result<(), OutputError> {
    let target = root.join(path);
    fs::remove_file(&target).map_err(|source| OutputError::Write {
        path: target.clone(),
        source,
    })?;
    let own = root.join(GENERATED_DIR);
    let mut directory = target.parent();
    while let Some(current) = directory.filter(|current| *current != own) {
        // Stop at the first directory that is not empty.
        if fs::remove_dir(current).is_err() {
            break;
        }
        directory = current.parent();
    }
    Ok(())
}
