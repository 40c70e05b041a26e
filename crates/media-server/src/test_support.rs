//! Libraries in temporary directories and a manual clock, for tests of servers and clients.
//!
//! Its functions panic if something fails, such as writing to the temporary directory.
//!
//! ```
//! use std::time::Duration;
//!
//! use media_server::test_support::{TempLibrary, item};
//! use media_server::{App, MediaType};
//!
//! let library = TempLibrary::new();
//! library.import("default", "image.png");
//! library.add("default", &item(MediaType::Video, 1, Duration::from_secs(60)));
//! let key = library.key("default");
//! let app = App::new(library.library.clone()).clock(library.clock.clone());
//! # let _ = (key, app);
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use uuid::Uuid;

use crate::domain::clock::{Clock, Timestamp};
use crate::domain::media::{MediaItem, MediaStatus, MediaType};
use crate::sqlite::{LibraryName, SqliteLibrary};

/// The time of a new [`ManualClock`]: `2026-04-10T12:00:00.000Z`.
pub const NOON: Timestamp = Timestamp::from_unix_millis(1_775_822_400_000);

/// A clock that is advanced manually. Its clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Creates a clock that shows [`NOON`].
    pub fn at_noon() -> Self {
        Self(Arc::new(AtomicI64::new(NOON.unix_millis())))
    }

    /// Advances this clock and its clones.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

/// An SQLite library in a temporary directory, which is deleted when the value is dropped.
pub struct TempLibrary {
    /// The library.
    pub library: SqliteLibrary,
    /// The clock of the library.
    pub clock: ManualClock,
    directory: TempDir,
}

impl TempLibrary {
    /// Creates an empty library whose clock shows [`NOON`].
    #[expect(clippy::new_without_default, reason = "it creates a directory")]
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let clock = ManualClock::at_noon();
        let library = SqliteLibrary::open_with_clock(directory.path().join("data"), clock.clone());
        Self {
            library: library.expect("a fresh library"),
            clock,
            directory,
        }
    }

    /// Returns a directory for other files of the test. The directory of the library is inside it.
    pub fn scratch_directory(&self) -> &Path {
        self.directory.path()
    }

    /// Creates a key for the library with this name.
    pub fn key(&self, library: &str) -> String {
        let created = self.library.create_key(&library_name(library), "");
        created.expect("a key").key.reveal().to_owned()
    }

    /// Imports a [`fixture`], one second after the previous import.
    pub fn import(&self, library: &str, file: &str) -> MediaItem {
        self.import_path(library, &fixture(file))
    }

    /// Imports a damaged file: the first bytes of a [`fixture`].
    pub fn import_damaged(&self, library: &str, file: &str, length: usize) -> MediaItem {
        let bytes = std::fs::read(fixture(file)).expect(file);
        let path = self.scratch_directory().join(format!("damaged-{file}"));
        std::fs::write(&path, &bytes[..length]).expect("a fresh file");
        self.import_path(library, &path)
    }

    /// Adds a record without a file.
    pub fn add(&self, library: &str, item: &MediaItem) {
        let added = self.library.add_record(&library_name(library), item);
        added.expect("a new item");
    }

    fn import_path(&self, library: &str, path: &Path) -> MediaItem {
        self.clock.advance(Duration::from_secs(1));
        let imported = self.library.import(&library_name(library), path);
        imported.expect("a supported file")
    }
}

/// Parses the name of a library.
pub fn library_name(text: &str) -> LibraryName {
    text.parse().expect("a library name")
}

/// Returns the path of a file in `tests/fixtures` of this crate, such as `image.png`.
pub fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(name)
}

/// Creates an item whose ID is this number and that is this old at [`NOON`]. Images have a width and a height.
pub fn item(media_type: MediaType, number: u128, age: Duration) -> MediaItem {
    let is_image = media_type == MediaType::Image;
    MediaItem {
        media_id: Uuid::from_u128(number),
        status: MediaStatus::Processing,
        media_type,
        filename: format!("{number}.bin"),
        content_type: "application/octet-stream".to_owned(),
        size: 5_000_000_000,
        width: is_image.then_some(1),
        height: is_image.then_some(2),
        duration: None,
        created_at: Timestamp::from_unix_millis(NOON.unix_millis() - millis(age)),
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).expect("a short time")
}
