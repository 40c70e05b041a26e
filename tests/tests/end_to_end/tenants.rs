//! A key gives access to one library only.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::TryStreamExt;
use media_client::{MediaQuery, MediaType};
use media_server::test_support::{TempLibrary, item};

use crate::test_server::{self, client};

#[test]
fn tenants_never_see_each_other() {
    let files = TempLibrary::new();
    for number in 0..60 {
        // Files of both have the same times, so that mixing libraries would change the order.
        let library = if number % 2 == 0 { "red" } else { "blue" };
        let age = Duration::from_secs(number / 6);
        let item = item(media_server::MediaType::Image, number.into(), age);
        files.add(library, &item);
    }
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let mut seen = BTreeSet::new();
        for (library, rest) in [("red", 0), ("blue", 1)] {
            let client = client(&url, &files.key(library));
            let items = client.media(MediaQuery::new().limit(4));
            let items: Vec<_> = items.try_collect().await.unwrap();
            assert_eq!(items.len(), 30, "{library}");
            assert!(items.iter().all(|item| item.media_id.as_u128() % 2 == rest));
            seen.extend(items.into_iter().map(|item| item.media_id));
        }
        assert_eq!(seen.len(), 60);
    });
}

#[test]
fn filters_and_offsets_stay_in_the_library() {
    let files = TempLibrary::new();
    files.import("red", "video.mp4");
    files.import("blue", "image.png");
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("red"));
        let images = MediaQuery::new().media_type(MediaType::Image);
        for query in [images, MediaQuery::new().offset(1)] {
            let page = client.list_media(&query).await.unwrap();
            assert!(page.items.is_empty(), "{query:?}: {:?}", page.items);
        }
    });
}

#[test]
fn all_keys_of_a_library_see_the_same() {
    let files = TempLibrary::new();
    files.import("red", "image.png");
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        for key in [files.key("red"), files.key("red")] {
            let client = client(&url, &key);
            let page = client.list_media(&MediaQuery::new()).await.unwrap();
            assert_eq!(page.items.len(), 1);
        }
    });
}
