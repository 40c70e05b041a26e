//! Files of every type, and the filter by type.

use std::time::Duration;

use media_client::{MediaItem, MediaQuery, MediaStatus, MediaType};
use media_server::test_support::{TempLibrary, fixture, item};

use crate::test_server::{self, client};

/// A library with a file of every format, oldest first.
fn every_format() -> TempLibrary {
    let files = TempLibrary::new();
    for file in [
        "image.jpg",
        "image.png",
        "image.gif",
        "image.webp",
        "video.mp4",
        "video.mov",
        "video.webm",
        "document.pdf",
    ] {
        files.import("default", file);
    }
    files
}

fn described(item: &MediaItem) -> String {
    let size = match (item.width, item.height) {
        (Some(width), Some(height)) => format!("{width}x{height}"),
        (width, height) => format!("{width:?} {height:?}"),
    };
    format!(
        "{} {} {} {size} {:?} {}",
        item.filename, item.type_, item.content_type, item.duration, item.status
    )
}

#[test]
fn client_lists_files_of_every_format() {
    let files = every_format();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let page = client.list_media(&MediaQuery::new()).await.unwrap();
        let found: Vec<String> = page.items.iter().map(described).collect();
        assert_eq!(
            found,
            [
                "document.pdf document application/pdf None None None ready",
                "video.webm video video/webm 64x48 Some(1.5) ready",
                "video.mov video video/quicktime 64x48 Some(1.5) ready",
                "video.mp4 video video/mp4 64x48 Some(1.5) ready",
                "image.webp image image/webp 64x48 None ready",
                "image.gif image image/gif 64x48 None ready",
                "image.png image image/png 64x48 None ready",
                "image.jpg image image/jpeg 64x48 None ready",
            ]
        );
    });
}

#[test]
fn item_describes_the_imported_file() {
    let files = TempLibrary::new();
    let imported = files.import("default", "video.mp4");
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let page = client.list_media(&MediaQuery::new()).await.unwrap();
        let [item] = &page.items[..] else {
            panic!("{:?}", page.items)
        };
        assert_eq!(item.media_id, imported.media_id);
        let size = std::fs::metadata(fixture("video.mp4")).unwrap().len();
        assert_eq!(u64::try_from(item.size), Ok(size));
        let created = item.created_at.timestamp_millis();
        assert_eq!(created, imported.created_at.unix_millis());
    });
}

#[test]
fn filter_keeps_files_of_its_type() {
    let files = every_format();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        for (media_type, count) in [
            (MediaType::Image, 4),
            (MediaType::Video, 3),
            (MediaType::Document, 1),
        ] {
            let query = MediaQuery::new().media_type(media_type);
            let page = client.list_media(&query).await.unwrap();
            assert_eq!(page.items.len(), count, "{media_type}");
            assert!(page.items.iter().all(|item| item.type_ == media_type));
        }
    });
}

#[test]
fn filter_applies_before_pagination() {
    let files = every_format();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let query = MediaQuery::new().media_type(MediaType::Image);
        let page = client.list_media(&query.limit(2).offset(1)).await.unwrap();
        let names: Vec<&str> = page.items.iter().map(|item| &*item.filename).collect();
        assert_eq!(names, ["image.gif", "image.png"]);
    });
}

#[test]
fn client_decodes_every_status_of_a_file() {
    let files = TempLibrary::new();
    files.add(
        "default",
        &item(media_server::MediaType::Image, 1, Duration::from_secs(10)),
    );
    files.import("default", "image.png");
    files.import_damaged("default", "image.jpg", 20);
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let page = client.list_media(&MediaQuery::new()).await.unwrap();
        let statuses: Vec<MediaStatus> = page.items.iter().map(|item| item.status).collect();
        assert_eq!(
            statuses,
            [
                MediaStatus::Failed,
                MediaStatus::Ready,
                MediaStatus::Processing
            ]
        );
    });
}
