//! The recorder finds violations of the contract, even if the client accepts the response.

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use axum::routing::any;
use media_client::reqwest;
use serde_json::{Value, json};

use crate::test_server::{self, send};

/// A conformant page.
fn page() -> Value {
    json!({
        "data": {"items": [], "media_ids": [], "pagination": {"limit": 20, "offset": 0}},
        "error": null,
        "meta": {"request_id": "a1b2c3d4", "timestamp": "2026-04-10T12:00:00.000Z"}
    })
}

const HEADERS: [(&str, &str); 5] = [
    ("content-type", "application/json"),
    ("x-request-id", "a1b2c3d4"),
    ("x-ratelimit-limit", "60"),
    ("x-ratelimit-remaining", "59"),
    ("x-ratelimit-reset", "1775822460"),
];

/// The violations of a server that returns this response to `GET` at this path.
fn violations(
    path: &str,
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: Value,
) -> Vec<String> {
    let headers = headers.to_vec();
    let respond = move || async move {
        let response = Response::builder().status(status);
        let response = headers
            .into_iter()
            .fold(response, |response, (name, value)| {
                response.header(name, value)
            });
        response
            .body(Body::from(body.to_string()))
            .expect("a response")
    };
    let recorder = test_server::run_unchecked(async |server| {
        let router = Router::new().fallback(any(respond));
        let url = server.start_router(router).await;
        send(reqwest::Client::new().get(url.replace("/v1", path))).await;
    });
    recorder.violations()
}

#[test]
fn conformant_response_has_no_violations() {
    assert_eq!(violations("/v1/media", 200, &HEADERS, page()), [""; 0]);
}

#[test]
fn missing_property_is_found() {
    let mut body = page();
    body["meta"].as_object_mut().unwrap().remove("timestamp");
    let found = violations("/v1/media", 200, &HEADERS, body);
    assert_eq!(
        found,
        ["GET /v1/media 200 /body/meta: \"timestamp\" is a required property"]
    );
}

#[test]
fn missing_header_is_found() {
    let found = violations("/v1/media", 200, &HEADERS[..4], page());
    assert_eq!(
        found,
        ["GET /v1/media 200 /headers: \"x-ratelimit-reset\" is a required property"]
    );
}

#[test]
fn header_that_is_not_a_number_is_found() {
    let mut headers = HEADERS;
    headers[2].1 = "sixty";
    let found = violations("/v1/media", 200, &headers, page());
    assert_eq!(
        found,
        ["GET /v1/media 200 /headers/x-ratelimit-limit: \"sixty\" is not of type \"integer\""]
    );
}

#[test]
fn wrong_content_type_is_found() {
    let mut headers = HEADERS;
    headers[0].1 = "text/plain";
    assert_eq!(violations("/v1/media", 200, &headers, page()).len(), 1);
}

#[test]
fn undeclared_status_is_found() {
    assert_eq!(violations("/v1/media", 503, &HEADERS, page()).len(), 1);
}

#[test]
fn response_to_unknown_path_without_envelope_is_found() {
    let found = violations("/v1/nowhere", 404, &HEADERS, json!({"error": "not found"}));
    assert_eq!(
        found,
        ["GET /v1/nowhere 404: not the envelope: {\"error\":\"not found\"}"]
    );
}

#[test]
fn statuses_without_a_response_are_listed() {
    let recorder = test_server::run_unchecked(async |_| {});
    let unseen = recorder.unseen();
    assert!(
        unseen.contains(&"GET /v1/media 200".to_owned()),
        "{unseen:?}"
    );
}
