//! `GET /v1/media` when all is well: the page, its order, and whose files are in it.

use std::net::SocketAddr;

use media_server::{App, MediaType};
use serde_json::{Value, json};

use crate::support::client::{get, send};
use crate::support::library::{StandingClock, TempLibrary, id};
use crate::support::server::TestServer;

fn serve(library: &TempLibrary) -> TestServer {
    TestServer::start(App::new(library.library.clone()).clock(StandingClock::at_noon()))
}

fn listed(address: SocketAddr, query: &str, key: &str) -> Vec<String> {
    let answer = get(address, &format!("/v1/media{query}"), key);
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    let ids = answer.json()["data"]["media_ids"].clone();
    serde_json::from_value(ids).expect("ids")
}

fn ids(numbers: &[u128]) -> Vec<String> {
    numbers.iter().copied().map(id).collect()
}

#[test]
fn the_body_is_the_envelope_of_the_contract() {
    let library = TempLibrary::new();
    library.add("default", MediaType::Image, 1, 1500);
    let server = serve(&library);
    let answer = get(server.address, "/v1/media", &library.key("default"));
    let mut body = answer.json();
    assert_eq!(
        body["meta"]["request_id"].as_str(),
        answer.header("x-request-id")
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
fn the_headers_are_those_of_the_contract() {
    let library = TempLibrary::new();
    let server = serve(&library);
    let answer = get(server.address, "/v1/media", &library.key("default"));
    assert_eq!(answer.header("x-ratelimit-limit"), Some("60"));
    assert_eq!(answer.header("x-ratelimit-remaining"), Some("59"));
    assert_eq!(answer.header("x-ratelimit-reset"), Some("1775822460"));
    assert_eq!(answer.header("retry-after"), None);
    assert_eq!(answer.header("www-authenticate"), None);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn the_request_id_is_fresh_and_not_the_clients() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = serve(&library);
    let request_id = || {
        let credentials = format!("Authorization: Bearer {key}");
        let headers = [credentials.as_str(), "X-Request-Id: mine"];
        let answer = send(server.address, "GET", "/v1/media", &headers);
        answer.header("x-request-id").expect("an id").to_owned()
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
fn an_empty_library_has_an_empty_page() {
    let library = TempLibrary::new();
    let server = serve(&library);
    assert!(listed(server.address, "", &library.key("default")).is_empty());
}

#[test]
fn the_newest_comes_first_and_ties_are_in_order_of_their_ids() {
    let library = TempLibrary::new();
    for (number, age) in [(7, 10), (3, 20), (9, 10), (1, 10), (5, 0)] {
        library.add("default", MediaType::Image, number, age);
    }
    let server = serve(&library);
    assert_eq!(
        listed(server.address, "", &library.key("default")),
        ids(&[5, 1, 7, 9, 3])
    );
}

#[test]
fn pages_neither_skip_nor_repeat() {
    let library = TempLibrary::new();
    for number in 0..25 {
        // Three of every five share their time.
        library.add("default", MediaType::Video, number, (number as i64 / 3) * 7);
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
fn the_default_page_has_twenty() {
    let library = TempLibrary::new();
    for number in 0..21 {
        library.add("default", MediaType::Image, number, 0);
    }
    let server = serve(&library);
    assert_eq!(
        listed(server.address, "", &library.key("default")).len(),
        20
    );
}

#[test]
fn only_the_asked_type_is_listed() {
    let library = TempLibrary::new();
    library.add("default", MediaType::Image, 1, 0);
    library.add("default", MediaType::Video, 2, 0);
    library.add("default", MediaType::Document, 3, 0);
    library.add("default", MediaType::Video, 4, 5);
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
fn the_largest_offset_has_an_empty_page() {
    let library = TempLibrary::new();
    library.add("default", MediaType::Image, 1, 0);
    let server = serve(&library);
    let query = format!("?limit=100&offset={}", i64::MAX);
    let answer = get(
        server.address,
        &format!("/v1/media{query}"),
        &library.key("default"),
    );
    let pagination = &answer.json()["data"]["pagination"];
    assert_eq!(pagination, &json!({ "limit": 100, "offset": i64::MAX }));
    assert_eq!(answer.json()["data"]["items"], json!([]));
}

#[test]
fn a_key_sees_its_own_library_only() {
    let library = TempLibrary::new();
    library.add("ours", MediaType::Image, 1, 0);
    library.add("theirs", MediaType::Image, 2, 0);
    let server = serve(&library);
    assert_eq!(listed(server.address, "", &library.key("ours")), ids(&[1]));
    assert_eq!(
        listed(server.address, "", &library.key("theirs")),
        ids(&[2])
    );
    assert_eq!(listed(server.address, "", &library.key("new")), ids(&[]));
}

#[test]
fn head_answers_like_get_without_a_body() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = serve(&library);
    let credentials = format!("Authorization: Bearer {key}");
    let answer = send(server.address, "HEAD", "/v1/media", &[&credentials]);
    assert_eq!(answer.status, 200);
    assert!(answer.has_rate_headers());
    assert_eq!(answer.body, "");
}

#[test]
fn a_record_that_breaks_the_contract_is_not_added() {
    let library = TempLibrary::new();
    let mut item = crate::support::library::item(MediaType::Image, 1, 0);
    item.filename = String::new();
    let added = library
        .library
        .add_record(&crate::support::library::name("a"), &item);
    assert!(added.is_err());
}
