//! The embedded library: an SQLite database and the contents of the files, in one directory.
//!
//! ```text
//! DIR/media.db          libraries, hashes of keys, records of files
//! DIR/files/ab/ab12...  contents of files, by media id
//! DIR/incoming/         incomplete files
//! ```
//!
//! The methods of [`SqliteLibrary`] block. Its implementation of [`MediaLibrary`](crate::MediaLibrary) runs them on
//! threads for blocking work.

mod connections;
pub(crate) mod directory;
mod error;
mod import;
mod keys;
mod media;
mod migrations;
mod name;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

pub use error::SqliteError;
pub use import::ImportError;
pub use keys::{CreatedKey, KeySummary};
pub use name::{LibraryName, LibraryNameError};

use crate::domain::api_key::KeyHash;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::library::{KeyRecord, LibraryId, MediaLibrary, PageRequest, StorageError};
use crate::domain::media::MediaItem;
use connections::Connections;

/// A library in a directory. Clones share the library.
#[derive(Clone)]
pub struct SqliteLibrary {
    inner: Arc<Inner>,
}

struct Inner {
    directory: PathBuf,
    connections: Connections,
    clock: Box<dyn Clock>,
}

impl SqliteLibrary {
    /// Opens the library in this directory. Creates the directory and the database if they are missing. Blocks.
    ///
    /// # Errors
    /// If the directory cannot be used, or the database is damaged or has a newer version.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, SqliteError> {
        Self::open_with_clock(directory, SystemClock)
    }

    /// Opens a library with another clock for `created_at`, for tests.
    ///
    /// # Errors
    /// See [`SqliteLibrary::open`].
    pub fn open_with_clock(
        directory: impl AsRef<Path>,
        clock: impl Clock,
    ) -> Result<Self, SqliteError> {
        let directory = directory.as_ref().to_path_buf();
        directory::prepare(&directory)?;
        let path = directory::database(&directory);
        let connections = Connections::new(path.clone());
        connections
            .with(migrations::migrate)
            .map_err(|error| match error {
                SqliteError::Database(source) => SqliteError::Open { path, source },
                other => other,
            })?;
        Ok(Self {
            inner: Arc::new(Inner {
                directory,
                connections,
                clock: Box::new(clock),
            }),
        })
    }

    /// The directory of the library.
    pub fn directory(&self) -> &Path {
        &self.inner.directory
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.inner.clock.as_ref()
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, SqliteError>,
    ) -> Result<T, SqliteError> {
        self.inner.connections.with(work)
    }

    /// Runs blocking work on a thread for blocking work.
    async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, SqliteError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let _permit = self.inner.connections.permit().await;
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || inner.connections.with(work))
            .await
            .map_err(StorageError::new)?
            .map_err(StorageError::new)
    }
}

impl MediaLibrary for SqliteLibrary {
    async fn find_key(&self, hash: KeyHash) -> Result<Option<KeyRecord>, StorageError> {
        self.run_blocking(move |connection| keys::find(connection, hash))
            .await
    }

    async fn list_media(
        &self,
        library: &LibraryId,
        page: PageRequest,
    ) -> Result<Vec<MediaItem>, StorageError> {
        let library = library.clone();
        self.run_blocking(move |connection| media::list(connection, &library, page))
            .await
    }
}
