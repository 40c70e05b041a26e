//! `media-server import`.

use std::path::Path;

use media_server::test_support::{TempLibrary, fixture};
use media_server::{ImportError, LibraryName, MediaItem, MediaStatus, SqliteLibrary};

use crate::support::program::{Program, fixture_argument, stderr, stdout};

fn import(library: &TempLibrary, path: impl AsRef<Path>) -> Result<MediaItem, ImportError> {
    library.library.import(&LibraryName::default(), path)
}

/// Imports a fixture, and checks its type, content type, size, duration and status.
fn check(name: &str, expected: &str) {
    let library = TempLibrary::new();
    let item = import(&library, fixture(name)).expect(name);
    let number = |value: Option<u32>| value.map_or("-".to_owned(), |value| value.to_string());
    let seconds = item.duration.map_or("-".to_owned(), |s| s.to_string());
    let found = format!(
        "{} {} {}x{} {seconds} {}",
        item.media_type,
        item.content_type,
        number(item.width),
        number(item.height),
        item.status
    );
    assert_eq!(found, expected, "{name}");
    assert_eq!(item.filename, name);
    let size = std::fs::metadata(fixture(name)).expect(name).len();
    assert_eq!(item.size, size, "{name}");
}

#[test]
fn every_supported_format_is_read() {
    check("image.jpg", "image image/jpeg 64x48 - ready");
    check("image.png", "image image/png 64x48 - ready");
    check("image.gif", "image image/gif 64x48 - ready");
    check("image.webp", "image image/webp 64x48 - ready");
    check("video.mp4", "video video/mp4 64x48 1.5 ready");
    check("video.mov", "video video/quicktime 64x48 1.5 ready");
    check("video.webm", "video video/webm 64x48 1.5 ready");
    check("document.pdf", "document application/pdf -x- - ready");
}

fn files_below(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn content_is_stored_unchanged() {
    let library = TempLibrary::new();
    let item = import(&library, fixture("video.mp4")).expect("a video");
    let stored = files_below(&library.library.directory().join("files"));
    assert_eq!(stored.len(), 1);
    assert!(stored[0].ends_with(item.media_id.to_string()));
    assert_eq!(
        std::fs::read(&stored[0]).expect("stored bytes"),
        std::fs::read(fixture("video.mp4")).expect("the fixture")
    );
}

#[test]
fn type_is_detected_by_content() {
    let library = TempLibrary::new();
    let path = library.scratch_directory().join("photo.pdf");
    std::fs::copy(fixture("image.png"), &path).expect("a copy");
    let item = import(&library, &path).expect("an image");
    assert_eq!(item.content_type, "image/png");
    assert_eq!(item.filename, "photo.pdf");
}

#[test]
fn damaged_file_is_stored_as_failed() {
    let library = TempLibrary::new();
    let path = library.scratch_directory().join("cut.mp4");
    let bytes = std::fs::read(fixture("video.mp4")).expect("the fixture");
    std::fs::write(&path, &bytes[..1000]).expect("a file");
    let item = import(&library, &path).expect("a record");
    assert_eq!(item.status, MediaStatus::Failed);
    assert_eq!(item.content_type, "video/mp4");
    assert_eq!(item.size, 1000);
    assert_eq!((item.width, item.height, item.duration), (None, None, None));
}

#[test]
fn file_larger_than_the_copy_buffer_is_complete() {
    let library = TempLibrary::new();
    let path = library.scratch_directory().join("large.png");
    let mut bytes = std::fs::read(fixture("image.png")).expect("the fixture");
    bytes.resize(1_000_003, 7);
    std::fs::write(&path, &bytes).expect("a file");
    import(&library, &path).expect("an image");
    let stored = files_below(&library.library.directory().join("files"));
    assert_eq!(std::fs::read(&stored[0]).expect("stored bytes"), bytes);
}

#[test]
fn rejected_file_is_not_stored() {
    let library = TempLibrary::new();
    for name in ["sound.m4a", "video.mkv", "README.md"] {
        let result = import(&library, fixture(name));
        assert!(matches!(result, Err(ImportError::Unsupported)), "{name}");
    }
    assert!(files_below(&library.library.directory().join("files")).is_empty());
    assert!(files_below(&library.library.directory().join("incoming")).is_empty());
}

#[test]
fn content_is_removed_if_the_record_cannot_be_stored() {
    let library = TempLibrary::new();
    let database = rusqlite::Connection::open(library.library.directory().join("media.db"));
    let trigger = "CREATE TRIGGER reject BEFORE INSERT ON media
                  BEGIN SELECT raise(ABORT, 'rejected'); END";
    database
        .and_then(|database| database.execute_batch(trigger))
        .expect("a trigger");
    let failed = import(&library, fixture("image.png"));
    assert!(matches!(failed, Err(ImportError::Record(_))));
    assert!(files_below(&library.library.directory().join("files")).is_empty());
    assert!(files_below(&library.library.directory().join("incoming")).is_empty());
}

#[test]
fn directory_and_missing_file_are_rejected() {
    let library = TempLibrary::new();
    let directory = import(&library, fixture(""));
    assert!(matches!(directory, Err(ImportError::NotAFile)));
    let missing = import(&library, fixture("missing.png"));
    assert!(matches!(missing, Err(ImportError::Read(_))));
}

#[test]
fn rejected_file_does_not_stop_the_import() {
    let program = Program::new();
    let files = ["image.png", "README.md", "missing.png", "document.pdf"].map(fixture_argument);
    let mut arguments = vec!["import"];
    arguments.extend(files.iter().map(String::as_str));
    let output = program.run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<_> = stdout(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with(&files[0]) && lines[0].ends_with("ready image/png, 64x48 pixels"));
    assert!(lines[1].starts_with(&files[3]) && lines[1].ends_with("ready application/pdf"));
    let errors = stderr(&output);
    assert!(errors.contains(&format!(
        "error: {}: unsupported format; expected JPEG, PNG, GIF, WebP, MP4, MOV, WebM or PDF",
        files[1]
    )));
    assert!(errors.contains(&format!("error: {}: cannot read the file", files[2])));
}

#[test]
fn damaged_file_makes_the_exit_status_1() {
    let program = Program::new();
    let path = program.working_dir().join("cut.pdf");
    std::fs::write(&path, "%PDF-1.7\n").expect("a file");
    let output = program.run(&["import", "cut.pdf"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).ends_with("failed application/pdf, damaged\n"));
}

#[test]
fn data_directory_that_is_a_file_is_an_error() {
    let program = Program::new();
    std::fs::write(program.data_dir(), "in the way").expect("a file");
    let output = program.run(&["import", &fixture_argument("image.png")]);
    assert_eq!(output.status.code(), Some(2));
    let error = stderr(&output);
    assert!(
        error.starts_with("error: cannot use the data directory"),
        "{error}"
    );
    assert!(error.contains("choose another one"));
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn library_can_be_opened_twice() {
    let library = TempLibrary::new();
    let second = SqliteLibrary::open(library.library.directory()).expect("the same library");
    import(&library, fixture("image.png")).expect("an image");
    second
        .import(&LibraryName::default(), fixture("image.gif"))
        .expect("another image");
}
