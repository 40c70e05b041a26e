//! The data directory: what lies where, and that only its owner can read it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::error::SqliteError;

/// The database file.
pub(super) fn database(directory: &Path) -> PathBuf {
    directory.join("media.db")
}

/// Where bytes are written before they are complete.
pub(crate) fn incoming(directory: &Path) -> PathBuf {
    directory.join("incoming")
}

/// Where the bytes of a file are kept. Two digits of the id spread them over 256 directories.
pub(crate) fn stored_file(directory: &Path, media_id: Uuid) -> PathBuf {
    let name = media_id.to_string();
    directory.join("files").join(&name[..2]).join(&name)
}

/// Makes everything that is not there yet.
pub(super) fn prepare(directory: &Path) -> Result<(), SqliteError> {
    let make = || {
        make_private(directory)?;
        make_private(&incoming(directory))?;
        make_private(&directory.join("files"))?;
        // SQLite would make the file with the permissions of the umask, and gives its companions
        // the permissions of the file.
        private_file(&database(directory))
    };
    make().map_err(|cause| SqliteError::Directory {
        directory: directory.to_path_buf(),
        cause,
    })
}

/// Makes a directory that only its owner can enter. One that exists is left as it is.
pub(crate) fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Makes sure that a rename into this directory survives a power failure.
pub(crate) fn sync(directory: &Path) -> io::Result<()> {
    // Only Unix can open a directory to sync it.
    if cfg!(unix) {
        fs::File::open(directory)?.sync_all()?;
    }
    Ok(())
}
