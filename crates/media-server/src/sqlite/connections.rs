//! Connections to the database: opened when needed, kept for the next one, never more than a few.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::SqliteError;

/// The requests that read the database at the same time; more of them wait. SQLite answers in
/// microseconds, so more would only compete for the processor.
const CONCURRENT: usize = 8;

/// How long a writer waits for another one, for example for an import that runs beside the server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct Connections {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Connections {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Mutex::default(),
            permits: Semaphore::new(CONCURRENT),
        }
    }

    /// Waits for its turn. The semaphore is never closed, so there always is one.
    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    /// Does the work on a connection of its own. Blocks.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, SqliteError>,
    ) -> Result<T, SqliteError> {
        let mut connection = match self.idle().pop() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let done = work(&mut connection)?;
        // After an error, or a panic, the connection is closed instead.
        let mut idle = self.idle();
        if idle.len() < CONCURRENT {
            idle.push(connection);
        }
        Ok(done)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<Connection, SqliteError> {
        // Without SQLITE_OPEN_CREATE: a database that was deleted under a running server is an
        // error, not an empty library.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    }
}
