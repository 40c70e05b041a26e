//! Libraries for tests, in a temporary directory or failing on demand, and a manual clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use media_server::{
    ApiKey, Clock, KeyHash, KeyId, KeyRecord, LibraryId, LibraryName, MediaItem, MediaLibrary,
    MediaStatus, MediaType, PageRequest, SqliteLibrary, StorageError, Timestamp,
};
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-04-10T12:00:00.000Z
pub(crate) const NOON: i64 = 1_775_822_400_000;

/// A clock that is advanced manually.
#[derive(Clone)]
pub(crate) struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    pub(crate) fn at_noon() -> Self {
        Self(Arc::new(AtomicI64::new(NOON)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).expect("a short time");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

/// An SQLite library in a temporary directory.
pub(crate) struct TempLibrary {
    pub(crate) library: SqliteLibrary,
    pub(crate) directory: TempDir,
}

impl TempLibrary {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let library = SqliteLibrary::open_with_clock(directory.path(), ManualClock::at_noon())
            .expect("a fresh library");
        Self { library, directory }
    }

    /// Creates a key for the library with this name.
    pub(crate) fn key(&self, library: &str) -> String {
        let created = self.library.create_key(&name(library), "");
        created.expect("a key").key.reveal().to_owned()
    }

    /// Adds an item with this number and this age, in milliseconds before noon.
    pub(crate) fn add(&self, library: &str, media_type: MediaType, number: u128, age: i64) {
        let item = item(media_type, number, age);
        self.library
            .add_record(&name(library), &item)
            .expect("a new item");
    }
}

pub(crate) fn name(text: &str) -> LibraryName {
    text.parse().expect("a library name")
}

pub(crate) fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

pub(crate) fn item(media_type: MediaType, number: u128, age: i64) -> MediaItem {
    let image = media_type == MediaType::Image;
    MediaItem {
        media_id: Uuid::from_u128(number),
        status: MediaStatus::Processing,
        media_type,
        filename: format!("{number}.bin"),
        content_type: "application/octet-stream".to_owned(),
        size: 5_000_000_000,
        width: image.then_some(1),
        height: image.then_some(2),
        duration: None,
        created_at: Timestamp::from_unix_millis(NOON - age),
    }
}

/// What a [`FakeLibrary`] does when it is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Succeed,
    Fail,
    Panic,
    Wait(Duration),
}

impl Behaviour {
    async fn run(self) -> Result<(), StorageError> {
        match self {
            Self::Succeed => Ok(()),
            Self::Fail => Err(StorageError::new("cannot open /srv/secret/media.db")),
            Self::Panic => panic!("a bug in /srv/secret"),
            Self::Wait(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
        }
    }
}

/// A library that accepts every key and has no files.
pub(crate) struct FakeLibrary {
    pub(crate) on_key: Behaviour,
    pub(crate) on_list: Behaviour,
}

impl FakeLibrary {
    pub(crate) fn listing(on_list: Behaviour) -> Self {
        Self {
            on_key: Behaviour::Succeed,
            on_list,
        }
    }
}

impl MediaLibrary for FakeLibrary {
    async fn find_key(&self, hash: KeyHash) -> Result<Option<KeyRecord>, StorageError> {
        self.on_key.run().await?;
        Ok(Some(KeyRecord {
            id: KeyId::new("key_fake"),
            hash,
            library: LibraryId::new("fake"),
        }))
    }

    async fn list_media(
        &self,
        _: &LibraryId,
        _: PageRequest,
    ) -> Result<Vec<MediaItem>, StorageError> {
        self.on_list.run().await?;
        Ok(Vec::new())
    }
}

pub(crate) fn any_key() -> String {
    let key = ApiKey::generate().expect("randomness");
    key.reveal().to_owned()
}
