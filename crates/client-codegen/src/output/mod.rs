//! Compares generated files with a crate's directory, and brings the directory up to date.
//!
//! [`plan`] only reads. `generate --check` prints what the plan says, `generate` also calls
//! [`Plan::apply`]: both see the same.

mod apply;
mod cache;
mod scan;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{GeneratedFile, Ownership};
use crate::header::is_generated;

pub use cache::{Fingerprint, fresh};

/// What stands between a crate's directory and what was generated for it.
#[derive(Debug)]
pub struct Plan {
    root: PathBuf,
    files: Vec<PlannedFile>,
}

/// A file and what will become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// Relative to the crate's directory.
    pub path: PathBuf,
    /// How the file on disk compares.
    pub state: FileState,
}

/// How a file on disk compares with what was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// It is up to date.
    Fresh,
    /// It says something else.
    Changed {
        /// What it says, with `\n` line endings.
        old: String,
        /// What it will say.
        new: String,
    },
    /// It is not there.
    Missing {
        /// What it will say.
        new: String,
    },
    /// It was generated once and is not any more.
    Orphan {
        /// What it says, with `\n` line endings.
        old: String,
    },
}

/// Why a directory cannot be compared or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// A file or directory cannot be read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file cannot be written. What was there before is still there.
    #[error("cannot write {}", .path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Something that is no file stands where a file belongs.
    #[error("{} is not a regular file; move it away and generate again", .path.display())]
    NotAFile {
        /// What stands there.
        path: PathBuf,
    },
    /// A file in the generator's directory was not made by the generator.
    #[error(
        "{} is in the directory of generated code but does not say that it was generated; \
         move it out of there, or delete it",
        .path.display()
    )]
    NotGenerated {
        /// Which file.
        path: PathBuf,
    },
    /// A generated file would lie outside of the crate.
    #[error("{} leads out of the crate", .path.display())]
    Outside {
        /// The path that was asked for.
        path: PathBuf,
    },
}

impl PlannedFile {
    /// Whether nothing has to be done.
    pub fn is_fresh(&self) -> bool {
        self.state == FileState::Fresh
    }

    /// The difference as a unified diff; empty for a fresh file.
    ///
    /// `directory` is what the crate's directory is called in it, relative to the repository.
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
    /// All files, in the order of their paths.
    pub fn files(&self) -> &[PlannedFile] {
        &self.files
    }

    /// The files that are not up to date.
    pub fn stale(&self) -> impl Iterator<Item = &PlannedFile> {
        self.files.iter().filter(|file| !file.is_fresh())
    }

    /// Whether everything is up to date.
    pub fn is_fresh(&self) -> bool {
        self.stale().next().is_none()
    }

    /// Writes what is stale and removes what is orphaned. Fresh files are not touched.
    ///
    /// Every new file is first written beside its place, and only when all are written do they
    /// move there. A full disk or a directory without permission so changes nothing.
    ///
    /// # Errors
    /// When a file cannot be written; those that had already moved are put back.
    pub fn apply(&self) -> Result<(), OutputError> {
        apply::apply(std::iter::once(self))
    }

    /// The same for several crates at once: all of them change, or none does.
    ///
    /// # Errors
    /// As for one.
    pub fn apply_all<'a>(
        plans: impl IntoIterator<Item = &'a Self, IntoIter: Clone>,
    ) -> Result<(), OutputError> {
        apply::apply(plans.into_iter())
    }
}

/// Compares generated files with a crate's directory.
///
/// The directory need not exist yet.
///
/// # Errors
/// When something cannot be read, or when a file that people wrote would be lost.
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

/// The text of a file with `\n` line endings; nothing when it is not there.
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
    // A file that is no text is only different: its bytes matter to nobody.
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.replace("\r\n", "\n")))
}
