//! The schema of the database and its migrations.

use rusqlite::{Connection, TransactionBehavior};

use super::error::SqliteError;

/// Step `n` migrates from version `n` to `n + 1`; `user_version` has the version. Never edit a released step: add a new
/// one.
const STEPS: &[&str] = &["
    CREATE TABLE libraries (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE api_keys (
        id TEXT NOT NULL PRIMARY KEY,
        library_id TEXT NOT NULL REFERENCES libraries (id),
        label TEXT NOT NULL,
        hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
        created_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT;

    CREATE TABLE media (
        media_id TEXT NOT NULL PRIMARY KEY,
        library_id TEXT NOT NULL REFERENCES libraries (id),
        status TEXT NOT NULL CHECK (status IN ('ready', 'processing', 'failed')),
        type TEXT NOT NULL CHECK (type IN ('image', 'video', 'document')),
        filename TEXT NOT NULL CHECK (length(filename) BETWEEN 1 AND 255),
        content_type TEXT NOT NULL CHECK (length(content_type) <= 127),
        size INTEGER NOT NULL CHECK (size >= 0),
        width INTEGER CHECK (width >= 1),
        height INTEGER CHECK (height >= 1),
        duration REAL CHECK (duration >= 0),
        created_at INTEGER NOT NULL
    ) STRICT;

    CREATE INDEX media_by_age ON media (library_id, created_at DESC, media_id);
    CREATE INDEX media_by_type_and_age ON media (library_id, type, created_at DESC, media_id);
"];

/// Migrates the database to the newest version.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), SqliteError> {
    // Immediate: if two processes start at the same time, one of them migrates and the other one waits.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = STEPS.len() as u32;
    if found > known {
        return Err(SqliteError::NewerVersion { found, known });
    }
    for step in &STEPS[found as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> Connection {
        Connection::open_in_memory().expect("a database in memory")
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = database();
        migrate(&mut connection).expect("the first migration");
        migrate(&mut connection).expect("the second migration");
    }

    #[test]
    fn newer_database_is_rejected() {
        let mut connection = database();
        connection
            .pragma_update(None, "user_version", 999)
            .expect("a plain pragma");
        let error = migrate(&mut connection).expect_err("it is newer");
        assert!(matches!(
            error,
            SqliteError::NewerVersion { found: 999, .. }
        ));
    }
}
