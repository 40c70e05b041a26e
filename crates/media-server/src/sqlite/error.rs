//! The errors of the embedded library.

use std::io;
use std::path::PathBuf;

/// An error of the embedded library.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// The data directory cannot be created, read or written.
    #[error("cannot use the data directory {}: {cause}; check its permissions, or choose another one with --data-dir", .directory.display())]
    Directory {
        /// The data directory.
        directory: PathBuf,
        /// The error of the operating system.
        cause: io::Error,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {}; it is damaged, or was not created by media-server", .path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// The error of SQLite.
        source: rusqlite::Error,
    },
    /// A database operation failed.
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    /// The database was created by a newer version of this program.
    #[error(
        "the database has version {found}, but only versions up to {known} are supported; use a newer media-server"
    )]
    NewerVersion {
        /// The version of the database.
        found: u32,
        /// The newest supported version.
        known: u32,
    },
    /// The random number generator of the operating system failed.
    #[error("cannot generate a key: {0}")]
    Randomness(getrandom::Error),
    /// No key has this id.
    #[error("no key with id `{0}`; run `media-server keys list` to list all keys")]
    UnknownKey(String),
    /// The label of a key is too long or has control characters.
    #[error("invalid label; expected at most 200 characters without control characters")]
    Label,
}
