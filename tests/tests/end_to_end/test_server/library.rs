//! Libraries for tests, and a clock that only moves on request.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use media_server::{
    Clock, LibraryName, MediaItem, MediaStatus, MediaType, SqliteLibrary, Timestamp,
};
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-04-10T12:00:00.000Z
const NOON: i64 = 1_775_822_400_000;

/// A clock that stands still.
#[derive(Clone)]
pub(crate) struct StandingClock(Arc<AtomicI64>);

impl StandingClock {
    pub(crate) fn at_noon() -> Self {
        Self(Arc::new(AtomicI64::new(NOON)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).expect("a short time");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A library in a temporary directory.
pub(crate) struct Files {
    pub(crate) library: SqliteLibrary,
    pub(crate) clock: StandingClock,
    directory: TempDir,
}

impl Files {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let clock = StandingClock::at_noon();
        let library = SqliteLibrary::open_with_clock(directory.path().join("data"), clock.clone());
        Self {
            library: library.expect("a fresh library"),
            clock,
            directory,
        }
    }

    /// Creates a key of the library with this name.
    pub(crate) fn key(&self, library: &str) -> String {
        let created = self.library.create_key(&name(library), "");
        created.expect("a key").key.reveal().to_owned()
    }

    /// Imports a fixture a second after the last one.
    pub(crate) fn import(&self, library: &str, file: &str) -> MediaItem {
        self.clock.advance(Duration::from_secs(1));
        let imported = self.library.import(&name(library), fixture(file));
        imported.expect(file)
    }

    /// Imports the first bytes of a fixture: a damaged file.
    pub(crate) fn import_damaged(&self, library: &str, file: &str, length: usize) -> MediaItem {
        let bytes = std::fs::read(fixture(file)).expect(file);
        let path = self.directory.path().join(format!("damaged-{file}"));
        std::fs::write(&path, &bytes[..length]).expect("a fresh file");
        self.clock.advance(Duration::from_secs(1));
        self.library.import(&name(library), path).expect(file)
    }
}

pub(crate) fn name(text: &str) -> LibraryName {
    text.parse().expect("a library name")
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    let fixtures =
        workspace_tests::documents::workspace().join("crates/media-server/tests/fixtures");
    fixtures.join(name)
}

/// Adds a record without a file.
pub(crate) fn add(files: &Files, library: &str, item: &MediaItem) {
    let added = files.library.add_record(&name(library), item);
    added.expect("a new item");
}

/// An item with this number and age in seconds at noon.
pub(crate) fn item(number: u128, age: i64) -> MediaItem {
    MediaItem {
        media_id: Uuid::from_u128(number),
        status: MediaStatus::Processing,
        media_type: MediaType::Image,
        filename: format!("{number}.jpg"),
        content_type: "image/jpeg".to_owned(),
        size: 5_000_000_000,
        width: None,
        height: None,
        duration: None,
        created_at: Timestamp::from_unix_millis(NOON - age * 1000),
    }
}
