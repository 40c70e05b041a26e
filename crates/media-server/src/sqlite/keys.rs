//! API keys in the database. Only their hashes are stored.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::SqliteLibrary;
use super::error::SqliteError;
use super::media::library_id;
use super::name::LibraryName;
use crate::domain::api_key::{ApiKey, KeyHash, KeyId, hex};
use crate::domain::clock::Timestamp;
use crate::domain::library::{KeyRecord, LibraryId};

/// The maximum number of characters in a label.
const MAX_LABEL: usize = 200;

/// A new key.
#[derive(Debug)]
pub struct CreatedKey {
    /// Identifies the key.
    pub id: KeyId,
    /// The key itself. It is not stored and cannot be shown again.
    pub key: ApiKey,
}

/// A key without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySummary {
    /// Identifies the key.
    pub id: KeyId,
    /// The name of the library that the key gives access to.
    pub library: String,
    /// The label of the key. May be empty.
    pub label: String,
    /// When the key was created.
    pub created_at: Timestamp,
    /// When the key was revoked. `None` if it is valid.
    pub revoked_at: Option<Timestamp>,
}

impl SqliteLibrary {
    /// Creates a key for the library with this name, which is created if it is missing. Blocks.
    ///
    /// # Errors
    /// If the label is too long or has control characters, or the database cannot be written.
    pub fn create_key(
        &self,
        library: &LibraryName,
        label: &str,
    ) -> Result<CreatedKey, SqliteError> {
        if label.chars().count() > MAX_LABEL || label.chars().any(char::is_control) {
            return Err(SqliteError::Label);
        }
        let key = ApiKey::generate().map_err(SqliteError::Randomness)?;
        let id = new_key_id()?;
        let now = self.clock().now();
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let library = library_id(&transaction, library, now)?;
            transaction.execute(
                "INSERT INTO api_keys (id, library_id, label, hash, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    id.as_str(),
                    library.as_str(),
                    label,
                    key.hash().as_bytes(),
                    now.unix_millis()
                ],
            )?;
            transaction.commit()?;
            Ok(())
        })?;
        Ok(CreatedKey { id, key })
    }

    /// All keys, including revoked ones, oldest first. Blocks.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn keys(&self) -> Result<Vec<KeySummary>, SqliteError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT k.id, l.name, k.label, k.created_at, k.revoked_at
                 FROM api_keys k JOIN libraries l ON l.id = k.library_id
                 ORDER BY k.created_at, k.id",
            )?;
            let keys = statement.query_map([], summary)?;
            Ok(keys.collect::<Result<_, _>>()?)
        })
    }

    /// Revokes a key. Running servers reject it at once. Revoking it again does not change the time. Blocks.
    ///
    /// # Errors
    /// If no key has this id, or the database cannot be written.
    pub fn revoke_key(&self, id: &KeyId) -> Result<(), SqliteError> {
        let now = self.clock().now().unix_millis();
        let revoked = self.with(|connection| {
            Ok(connection.execute(
                "UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1",
                params![id.as_str(), now],
            )?)
        })?;
        if revoked == 0 {
            return Err(SqliteError::UnknownKey(id.to_string()));
        }
        Ok(())
    }
}

/// The valid key with this hash.
pub(super) fn find(
    connection: &mut Connection,
    hash: KeyHash,
) -> Result<Option<KeyRecord>, SqliteError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, hash, library_id FROM api_keys WHERE hash = ?1 AND revoked_at IS NULL",
    )?;
    let record = statement.query_row([hash.as_bytes()], |row| {
        Ok(KeyRecord {
            id: KeyId::new(row.get::<_, String>(0)?),
            hash: KeyHash::from_bytes(row.get(1)?),
            library: LibraryId::new(row.get::<_, String>(2)?),
        })
    });
    Ok(record.optional()?)
}

fn summary(row: &Row<'_>) -> rusqlite::Result<KeySummary> {
    Ok(KeySummary {
        id: KeyId::new(row.get::<_, String>(0)?),
        library: row.get(1)?,
        label: row.get(2)?,
        created_at: Timestamp::from_unix_millis(row.get(3)?),
        revoked_at: row
            .get::<_, Option<i64>>(4)?
            .map(Timestamp::from_unix_millis),
    })
}

/// A random id, which is independent of the key.
fn new_key_id() -> Result<KeyId, SqliteError> {
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).map_err(SqliteError::Randomness)?;
    Ok(KeyId::new(format!("key_{}", hex(&bytes))))
}
