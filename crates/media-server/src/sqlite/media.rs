//! Libraries and their media files in the database.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::SqliteLibrary;
use super::error::SqliteError;
use super::name::LibraryName;
use crate::domain::clock::Timestamp;
use crate::domain::library::{LibraryId, PageRequest};
use crate::domain::media::{MediaItem, MediaStatus, MediaType};

const COLUMNS: &str =
    "media_id, status, type, filename, content_type, size, width, height, duration, created_at";

impl SqliteLibrary {
    /// Adds the record of a file to the library with this name, which is created if it is missing. The content of the
    /// file is not touched: [`SqliteLibrary::import`] stores it and then adds the record. Blocks.
    ///
    /// # Errors
    /// If the item violates the contract, its id is already used, or the database cannot be written.
    pub fn add_record(&self, library: &LibraryName, item: &MediaItem) -> Result<(), SqliteError> {
        let now = self.clock().now();
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let library = library_id(&transaction, library, now)?;
            insert(&transaction, &library, item)?;
            transaction.commit()?;
            Ok(())
        })
    }
}

/// The id of the library with this name, which is created if it is missing.
pub(super) fn library_id(
    connection: &Connection,
    name: &LibraryName,
    now: Timestamp,
) -> Result<LibraryId, SqliteError> {
    // Starts with a write, so that the transaction gets the write lock now and cannot fail to get it later.
    connection.execute(
        "INSERT INTO libraries (id, name, created_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO NOTHING",
        params![Uuid::new_v4().to_string(), name.as_str(), now.unix_millis()],
    )?;
    let id: Option<String> = connection
        .query_row(
            "SELECT id FROM libraries WHERE name = ?1",
            [name.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(LibraryId::new(
        id.ok_or(rusqlite::Error::QueryReturnedNoRows)?,
    ))
}

fn insert(
    connection: &Connection,
    library: &LibraryId,
    item: &MediaItem,
) -> Result<(), SqliteError> {
    connection.execute(
        &format!(
            "INSERT INTO media (library_id, {COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        ),
        params![
            library.as_str(),
            item.media_id.to_string(),
            item.status.as_str(),
            item.media_type.as_str(),
            item.filename,
            item.content_type,
            // No file system has larger files.
            i64::try_from(item.size).unwrap_or(i64::MAX),
            item.width,
            item.height,
            item.duration,
            item.created_at.unix_millis(),
        ],
    )?;
    Ok(())
}

/// A page of files, in the order of the contract.
pub(super) fn list(
    connection: &mut Connection,
    library: &LibraryId,
    page: PageRequest,
) -> Result<Vec<MediaItem>, SqliteError> {
    let filter = match page.media_type {
        Some(_) => "AND type = ?4",
        None => "AND ?4 IS NULL",
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM media WHERE library_id = ?1 {filter}
         ORDER BY created_at DESC, media_id ASC LIMIT ?2 OFFSET ?3"
    ))?;
    let items = statement.query_map(
        params![
            library.as_str(),
            page.limit,
            i64::try_from(page.offset).unwrap_or(i64::MAX),
            page.media_type.map(MediaType::as_str),
        ],
        item,
    )?;
    Ok(items.collect::<Result<_, _>>()?)
}

fn item(row: &Row<'_>) -> rusqlite::Result<MediaItem> {
    Ok(MediaItem {
        media_id: row.get::<_, Parsed<Uuid>>(0)?.0,
        status: row.get::<_, Parsed<MediaStatus>>(1)?.0,
        media_type: row.get::<_, Parsed<MediaType>>(2)?.0,
        filename: row.get(3)?,
        content_type: row.get(4)?,
        size: row.get::<_, i64>(5)?.unsigned_abs(),
        width: row.get(6)?,
        height: row.get(7)?,
        duration: row.get(8)?,
        created_at: Timestamp::from_unix_millis(row.get(9)?),
    })
}

/// A text column that is parsed into a `T`.
struct Parsed<T>(T);

impl<T> FromSql for Parsed<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value
            .as_str()?
            .parse()
            .map(Self)
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(filter: &str) -> String {
        let mut connection = Connection::open_in_memory().expect("a database in memory");
        super::super::migrations::migrate(&mut connection).expect("a new database");
        connection
            .query_row(
                &format!(
                    "EXPLAIN QUERY PLAN SELECT * FROM media WHERE library_id = 'a' {filter}
                     ORDER BY created_at DESC, media_id ASC LIMIT 1 OFFSET 1"
                ),
                [],
                |row| row.get(3),
            )
            .expect("one step: no sorting")
    }

    #[test]
    fn pages_are_read_from_an_index_without_sorting() {
        assert!(plan("").contains("USING INDEX media_by_age"));
        assert!(plan("AND type = 'image'").contains("USING INDEX media_by_type_and_age"));
    }
}
