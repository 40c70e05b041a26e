//! Pages: size, offset and order; all pages together are the whole library.

use std::time::Duration;

use futures::TryStreamExt;
use media_client::{MediaQuery, Page};
use media_server::MediaType;
use media_server::test_support::{TempLibrary, item};
use uuid::Uuid;

use crate::test_server::{self, client};

/// A library of `count` files, ten of each time. Returns their ids in the order of listing: newest
/// first, then by id.
fn many(count: u64) -> (TempLibrary, Vec<Uuid>) {
    let files = TempLibrary::new();
    let mut listed = Vec::new();
    for index in 0..count {
        // Neither ids nor times are in the order of listing.
        let number = (index * 7919) % count + 1;
        let age = Duration::from_secs((index * 31) % count / 10);
        let item = item(MediaType::Image, number.into(), age);
        listed.push((age, item.media_id));
        files.add("default", &item);
    }
    listed.sort_unstable();
    (files, listed.into_iter().map(|(_, id)| id).collect())
}

fn ids(page: &Page) -> Vec<Uuid> {
    page.items.iter().map(|item| item.media_id).collect()
}

#[test]
fn page_has_twenty_files_by_default() {
    let (files, listed) = many(30);
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let page = client.list_media(&MediaQuery::new()).await.unwrap();
        assert_eq!(ids(&page), listed[..20]);
        assert_eq!((page.pagination.limit, page.pagination.offset), (20, 0));
    });
}

#[test]
fn limit_and_offset_select_the_page() {
    let (files, listed) = many(130);
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        for (limit, offset) in [(1, 0), (1, 129), (7, 3), (100, 0), (100, 30), (100, 100)] {
            let query = MediaQuery::new().limit(limit).offset(offset);
            let page = client.list_media(&query).await.unwrap();
            let start = usize::try_from(offset).unwrap();
            let end = listed.len().min(start + usize::try_from(limit).unwrap());
            assert_eq!(ids(&page), listed[start..end], "{limit} {offset}");
            assert_eq!(page.pagination.limit, u64::from(limit));
            assert_eq!(u64::try_from(page.pagination.offset), Ok(offset));
        }
    });
}

#[test]
fn pages_after_the_last_file_are_empty() {
    let (files, _) = many(3);
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        for offset in [3, 4, u64::try_from(i64::MAX).unwrap()] {
            let query = MediaQuery::new().offset(offset);
            let page = client.list_media(&query).await.unwrap();
            assert!(
                page.items.is_empty() && page.media_ids.is_empty(),
                "{offset}"
            );
            assert_eq!(u64::try_from(page.pagination.offset), Ok(offset));
        }
    });
}

#[test]
fn media_ids_are_those_of_the_items() {
    let (files, _) = many(50);
    let recorder = test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        for query in [MediaQuery::new(), MediaQuery::new().limit(9).offset(45)] {
            let page = client.list_media(&query).await.unwrap();
            assert_eq!(page.media_ids, ids(&page));
        }
    });
    assert_eq!(recorder.exchanges().len(), 2);
}

#[test]
fn stream_has_every_file_once() {
    let (files, listed) = many(250);
    let recorder = test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let items = client.media(MediaQuery::new().limit(7));
        let items: Vec<_> = items.try_collect().await.unwrap();
        let ids: Vec<Uuid> = items.iter().map(|item| item.media_id).collect();
        assert_eq!(ids, listed);
    });
    // 35 full pages, and the last one.
    assert_eq!(recorder.exchanges().len(), 36);
}

#[test]
fn stream_over_full_pages_ends() {
    let (files, listed) = many(20);
    let recorder = test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let items = client.media(MediaQuery::new().limit(10));
        let items: Vec<_> = items.try_collect().await.unwrap();
        assert_eq!(items.len(), listed.len());
    });
    let queries: Vec<String> = recorder
        .exchanges()
        .into_iter()
        .map(|sent| sent.query)
        .collect();
    assert_eq!(
        queries,
        ["limit=10", "limit=10&offset=10", "limit=10&offset=20"]
    );
}

#[test]
fn new_library_is_empty() {
    let files = TempLibrary::new();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let page = client.list_media(&MediaQuery::new()).await.unwrap();
        assert!(page.items.is_empty() && !page.is_full());
    });
}

#[test]
fn generated_client_returns_the_same() {
    let (files, listed) = many(5);
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let request = client.generated().list_media().limit(2_u64);
        let response = request.offset(1).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let body = response.into_inner();
        assert_eq!(body.data.media_ids, listed[1..3]);
        assert_eq!(body.data.pagination.offset, 1);
    });
}

#[test]
fn page_has_the_id_and_time_of_its_response() {
    let files = TempLibrary::new();
    let recorder = test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, &files.key("default"));
        let first = client.list_media(&MediaQuery::new()).await.unwrap();
        let second = client.list_media(&MediaQuery::new()).await.unwrap();
        assert_ne!(first.request_id, second.request_id);
        assert!(first.timestamp <= second.timestamp);
    });
    for exchange in recorder.exchanges() {
        let body = exchange.json();
        assert_eq!(
            body["meta"]["request_id"].as_str(),
            exchange.header("x-request-id")
        );
    }
}
