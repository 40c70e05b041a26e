//! The layout of the data directory, which only its owner can read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::error::SqliteError;

/// The database file.
pub(super) fn database(directory: &Path) -> PathBuf {
    directory.join("media.db")
}

/// The directory for incomplete files.
pub(crate) fn incoming(directory: &Path) -> PathBuf {
    directory.join("incoming")
}

/// The path of a stored file. The first two digits of the id distribute files over 256 directories.
pub(crate) fn stored_file(directory: &Path, media_id: Uuid) -> PathBuf {
    let name = media_id.to_string();
    directory.join("files").join(&name[..2]).join(&name)
}

/// Creates the missing directories and the database file.
pub(super) fn prepare(directory: &Path) -> Result<(), SqliteError> {
    let create = || {
        create_private(directory)?;
        create_private(&incoming(directory))?;
        create_private(&directory.join("files"))?;
        // SQLite would create the file with the permissions of the umask. Its other files get the permissions of this
        // file.
        create_private_file(&database(directory))
    };
    create().map_err(|cause| SqliteError::Directory {
        directory: directory.to_path_buf(),
        cause,
    })
}

/// Creates a directory that only its owner can access. An existing directory is not changed.
pub(crate) fn create_private(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn create_private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Ensures that a rename into this directory survives a power failure.
pub(crate) fn sync(directory: &Path) -> io::Result<()> {
    // Only on Unix can a directory be opened and synced.
    if cfg!(unix) {
        fs::File::open(directory)?.sync_all()?;
    }
    Ok(())
}
