//! Compares generated files with the directory of a crate, and updates the directory.
//!
//! [`plan`] only reads. `generate --check` prints the plan; `generate` also calls [`Plan::apply`].

mod apply;
mod cache;
mod scan;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{GeneratedFile, Ownership};
use crate::header::is_generated;

pub use cache::{Fingerprint, up_to_date_plan};

/// The differences between the directory of a crate and its generated files.
#[derive(Debug)]
pub struct Plan {
    root: PathBuf,
    files: Vec<PlannedFile>,
}

/// A file and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// The path, relative to the directory of the crate.
    pub path: PathBuf,
    /// The state of the file on disk.
    pub state: FileState,
}

/// The state of a file on disk, compared with the generated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// The file is up to date.
    Fresh,
    /// The file differs.
    Changed {
        /// The current content, with `\n` line endings.
        old: String,
        /// The new content.
        new: String,
    },
    /// The file is missing.
    Missing {
        /// The new content.
        new: String,
    },
    /// The file was generated before and is no longer needed.
    Orphan {
        /// The current content, with `\n` line endings.
        old: String,
    },
}

/// The error returned when a directory cannot be compared or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// A file or directory cannot be read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file cannot be written. The previous files are unchanged.
    #[error("cannot write {}", .path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The path of a file is not a regular file.
    #[error("{} is not a regular file; move it away and generate again", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A file in the directory of generated code was not written by the generator.
    #[error(
        "{} is in the directory of generated code but does not say that it was generated; \
         move it out of there, or delete it",
        .path.display()
    )]
    NotGenerated {
        /// The path.
        path: PathBuf,
    },
    /// The path of a generated file is outside of the crate.
    #[error("{} is outside of the crate directory", .path.display())]
    Outside {
        /// The path.
        path: PathBuf,
    },
}

impl PlannedFile {
    /// Returns whether the file is up to date.
    pub fn is_fresh(&self) -> bool {
        self.state == FileState::Fresh
    }

    /// Returns the change as a unified diff, which is empty if the file is up to date.
    ///
    /// `directory` is the path of the crate in the diff, relative to the repository.
    pub fn diff(&self, directory: &str) -> String {
        let (old, new) = match &self.state {
            FileState::Fresh => return String::new(),
            FileState::Changed { old, new } => (old.as_str(), new.as_str()),
            FileState::Missing { new } => ("", new.as_str()),
            FileState::Orphan { old } => (old.as_str(), ""),
        };
        let path = Path::new(directory).join(&self.path);
        let path = path.to_string_lossy().replace('\\', "/");
        let (from, to) = (format!("a/{path}"), format!("b/{path}"));
        let from = if old.is_empty() { "/dev/null" } else { &from };
        let to = if new.is_empty() { "/dev/null" } else { &to };
        let diff = similar::TextDiff::from_lines(old, new);
        diff.unified_diff()
            .context_radius(3)
            .header(from, to)
            .to_string()
    }
}

impl Plan {
    /// Returns all files, ordered by path.
    pub fn files(&self) -> &[PlannedFile] {
        &self.files
    }

    /// Returns the files that are not up to date.
    pub fn stale(&self) -> impl Iterator<Item = &PlannedFile> {
        self.files.iter().filter(|file| !file.is_fresh())
    }

    /// Returns whether all files are up to date.
    pub fn is_fresh(&self) -> bool {
        self.stale().next().is_none()
    }

    /// Writes changed and missing files, and removes orphaned ones.
    ///
    /// All new files are written to temporary paths before the first one is moved to its target, so a full
    /// disk or a missing permission changes nothing.
    ///
    /// # Errors
    /// When a file cannot be written. Files that were already moved are moved back.
    pub fn apply(&self) -> Result<(), OutputError> {
        apply::apply(std::iter::once(self))
    }

    /// Applies the plans of several crates: either all of them, or none.
    ///
    /// # Errors
    /// When a file cannot be written. Files of all crates that were already moved are moved back.
    pub fn apply_all<'a>(
        plans: impl IntoIterator<Item = &'a Self, IntoIter: Clone>,
    ) -> Result<(), OutputError> {
        apply::apply(plans.into_iter())
    }
}

/// Compares generated files with the directory of a crate, which need not exist.
///
/// # Errors
/// When a file cannot be read, or when a hand-written file would be overwritten or removed.
pub fn plan(root: &Path, files: &[GeneratedFile]) -> Result<Plan, OutputError> {
    let mut planned = files
        .iter()
        .map(|file| {
            let state = compare(root, file)?;
            Ok(PlannedFile {
                path: file.path.clone(),
                state,
            })
        })
        .collect::<Result<Vec<_>, OutputError>>()?;
    for (path, old) in scan::orphans(root, files)? {
        planned.push(PlannedFile {
            path,
            state: FileState::Orphan { old },
        });
    }
    planned.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Plan {
        root: root.to_owned(),
        files: planned,
    })
}

fn compare(root: &Path, file: &GeneratedFile) -> Result<FileState, OutputError> {
    let is_inside = file
        .path
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    if !is_inside {
        return Err(OutputError::Outside {
            path: file.path.clone(),
        });
    }
    let path = root.join(&file.path);
    let new = || file.contents.clone();
    let Some(old) = read(&path)? else {
        return Ok(FileState::Missing { new: new() });
    };
    if old == file.contents || file.ownership == Ownership::Scaffold {
        return Ok(FileState::Fresh);
    }
    if file.ownership == Ownership::Generated && !is_generated(&old) {
        return Err(OutputError::NotGenerated { path });
    }
    Ok(FileState::Changed { old, new: new() })
}

/// Returns the text of a file with `\n` line endings, or `None` if it does not exist.
fn read(path: &Path) -> Result<Option<String>, OutputError> {
    let failed = |source| OutputError::Read {
        path: path.to_owned(),
        source,
    };
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => {
            return Err(OutputError::NotAFile {
                path: path.to_owned(),
            });
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    }
    let bytes = fs::read(path).map_err(failed)?;
    // A file that is not UTF-8 differs in any case.
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.replace("\r\n", "\n")))
}
