//! What can go wrong in the embedded library.

use std::io;
use std::path::PathBuf;

/// The embedded library could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// The data directory cannot be made, read or written.
    #[error("cannot use the data directory {}: {cause}; choose another one or mend its permissions", .directory.display())]
    Directory {
        /// The place that failed.
        directory: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {}; it must be one of media-server, and undamaged", .path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// SQLite refused.
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    /// The database was made by a newer version of this program.
    #[error(
        "the database has version {found}, this program knows versions up to {known}; use a newer media-server"
    )]
    NewerVersion {
        /// The version of the database.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The operating system has no randomness to make a key from.
    #[error("cannot make a key: {0}")]
    Randomness(getrandom::Error),
    /// There is no key with this id.
    #[error("there is no key {0}; `media-server keys list` shows the keys there are")]
    UnknownKey(String),
    /// The label of a key is too long or not printable.
    #[error("the label of a key has at most 200 characters, and no control characters")]
    Label,
}
