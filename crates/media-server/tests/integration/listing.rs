//! Successful responses of `GET /v1/media`.

use std::net::SocketAddr;
use std::time::Duration;

use media_server::test_support::{ManualClock, TempLibrary, item, library_name};
use media_server::{App, MediaItem, MediaType};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::client::{get, send};
use crate::support::server::TestServer;

fn serve(library: &TempLibrary) -> TestServer {
    TestServer::start(App::new(library.library.clone()).clock(ManualClock::at_noon()))
}

fn listed(address: SocketAddr, query: &str, key: &str) -> Vec<String> {
    let response = get(address, &format!("/v1/media{query}"), key);
    assert_eq!(response.status, 200, "{query}: {}", response.body);
    let ids = response.json()["data"]["media_ids"].clone();
    serde_json::from_value(ids).expect("ids")
}

/// Creates an item of this age in milliseconds.
fn aged(media_type: MediaType, number: u128, age: u64) -> MediaItem {
    item(media_type, number, Duration::from_millis(age))
}

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn ids(numbers: &[u128]) -> Vec<String> {
    numbers.iter().copied().map(id).collect()
}

#[test]
fn body_has_the_envelope() {
    let library = TempLibrary::new();
    library.add("default", &aged(MediaType::Image, 1, 1500));
    let server = serve(&library);
    let response = get(server.address, "/v1/media", &library.key("default"));
    let mut body = response.json();
    assert_eq!(
        body["meta"]["request_id"].as_str(),
        response.header("x-request-id")
    );
    body["meta"]["request_id"] = Value::Null;
    assert_eq!(
        body,
        json!({
            "data": {
                "items": [{
                    "media_id": id(1),
                    "status": "processing",
                    "type": "image",
                    "filename": "1.bin",
                    "content_type": "application/octet-stream",
                    "size": 5_000_000_000_u64,
                    "width": 1,
                    "height": 2,
                    "duration": null,
                    "created_at": "2026-04-10T11:59:58.500Z"
                }],
                "media_ids": [id(1)],
                "pagination": { "limit": 20, "offset": 0 }
            },
            "error": null,
            "meta": { "request_id": null, "timestamp": "2026-04-10T12:00:00.000Z" }
        })
    );
}

#[test]
fn response_headers() {
    let library = TempLibrary::new();
    let server = serve(&library);
    let response = get(server.address, "/v1/media", &library.key("default"));
    assert_eq!(response.header("x-ratelimit-limit"), Some("60"));
    assert_eq!(response.header("x-ratelimit-remaining"), Some("59"));
    assert_eq!(response.header("x-ratelimit-reset"), Some("1775822460"));
    assert_eq!(response.header("retry-after"), None);
    assert_eq!(response.header("www-authenticate"), None);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn request_id_is_random_and_not_that_of_the_client() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = serve(&library);
    let request_id = || {
        let credentials = format!("Authorization: Bearer {key}");
        let headers = [credentials.as_str(), "X-Request-Id: mine"];
        let response = send(server.address, "GET", "/v1/media", &headers);
        response.header("x-request-id").expect("an id").to_owned()
    };
    let (first, second) = (request_id(), request_id());
    assert_ne!(first, second);
    assert_eq!(first.len(), 8);
    assert!(
        first
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
}

#[test]
fn empty_library_has_an_empty_page() {
    let library = TempLibrary::new();
    let server = serve(&library);
    assert!(listed(server.address, "", &library.key("default")).is_empty());
}

#[test]
fn files_are_ordered_by_age_and_id() {
    let library = TempLibrary::new();
    for (number, age) in [(7, 10), (3, 20), (9, 10), (1, 10), (5, 0)] {
        library.add("default", &aged(MediaType::Image, number, age));
    }
    let server = serve(&library);
    assert_eq!(
        listed(server.address, "", &library.key("default")),
        ids(&[5, 1, 7, 9, 3])
    );
}

#[test]
fn pages_neither_skip_nor_repeat_files() {
    let library = TempLibrary::new();
    for number in 0..25 {
        // Three files in a row have the same time.
        library.add(
            "default",
            &aged(MediaType::Video, number, (number as u64 / 3) * 7),
        );
    }
    let key = library.key("default");
    let server = serve(&library);
    let whole = listed(server.address, "?limit=100", &key);
    let mut pages = Vec::new();
    for offset in (0..28).step_by(4) {
        let query = format!("?limit=4&offset={offset}");
        pages.extend(listed(server.address, &query, &key));
    }
    assert_eq!(whole.len(), 25);
    assert_eq!(pages, whole);
}

#[test]
fn default_page_has_twenty_files() {
    let library = TempLibrary::new();
    for number in 0..21 {
        library.add("default", &aged(MediaType::Image, number, 0));
    }
    let server = serve(&library);
    assert_eq!(
        listed(server.address, "", &library.key("default")).len(),
        20
    );
}

#[test]
fn files_are_filtered_by_type() {
    let library = TempLibrary::new();
    library.add("default", &aged(MediaType::Image, 1, 0));
    library.add("default", &aged(MediaType::Video, 2, 0));
    library.add("default", &aged(MediaType::Document, 3, 0));
    library.add("default", &aged(MediaType::Video, 4, 5));
    let key = library.key("default");
    let server = serve(&library);
    assert_eq!(listed(server.address, "?type=video", &key), ids(&[2, 4]));
    assert_eq!(
        listed(server.address, "?type=video&offset=1", &key),
        ids(&[4])
    );
    assert_eq!(listed(server.address, "?type=document", &key), ids(&[3]));
}

#[test]
fn largest_offset_has_an_empty_page() {
    let library = TempLibrary::new();
    library.add("default", &aged(MediaType::Image, 1, 0));
    let server = serve(&library);
    let query = format!("?limit=100&offset={}", i64::MAX);
    let response = get(
        server.address,
        &format!("/v1/media{query}"),
        &library.key("default"),
    );
    let pagination = &response.json()["data"]["pagination"];
    assert_eq!(pagination, &json!({ "limit": 100, "offset": i64::MAX }));
    assert_eq!(response.json()["data"]["items"], json!([]));
}

#[test]
fn key_gives_access_to_its_library_only() {
    let library = TempLibrary::new();
    library.add("ours", &aged(MediaType::Image, 1, 0));
    library.add("theirs", &aged(MediaType::Image, 2, 0));
    let server = serve(&library);
    assert_eq!(listed(server.address, "", &library.key("ours")), ids(&[1]));
    assert_eq!(
        listed(server.address, "", &library.key("theirs")),
        ids(&[2])
    );
    assert_eq!(listed(server.address, "", &library.key("new")), ids(&[]));
}

#[test]
fn head_is_like_get_without_a_body() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = serve(&library);
    let credentials = format!("Authorization: Bearer {key}");
    let response = send(server.address, "HEAD", "/v1/media", &[&credentials]);
    assert_eq!(response.status, 200);
    assert!(response.has_rate_headers());
    assert_eq!(response.body, "");
}

#[test]
fn record_that_violates_the_contract_is_not_added() {
    let library = TempLibrary::new();
    let mut item = item(MediaType::Image, 1, Duration::ZERO);
    item.filename = String::new();
    let added = library.library.add_record(&library_name("a"), &item);
    assert!(added.is_err());
}
