//! A small pool of connections to the database, opened on demand.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::SqliteError;

/// The number of requests that read the database at the same time. A query takes microseconds, so that more would only
/// compete for the processor.
const CONCURRENT: usize = 8;

/// How long a writer waits for another one, for example for an import while the server runs.
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

    /// Waits for a permit. `None` would mean that the semaphore is closed, which never happens.
    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    /// Runs the work with exclusive use of a connection. Blocks.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, SqliteError>,
    ) -> Result<T, SqliteError> {
        let mut connection = match self.idle().pop() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let done = work(&mut connection)?;
        // After an error or a panic, the connection is closed instead.
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
        // Without SQLITE_OPEN_CREATE: if the database is deleted while the server runs, this is an error and not an
        // empty library.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    }
}
