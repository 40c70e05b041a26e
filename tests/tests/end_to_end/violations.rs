//! The guard barks: a server that breaks the contract is noticed, whatever the client makes of it.

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use axum::routing::any;
use media_client::reqwest;
use serde_json::{Value, json};

use crate::test_server::{self, send};

/// A page as the contract has it.
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

/// What the recorder notices of a server that answers `GET` at this path in this way.
fn noticed(
    path: &str,
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: Value,
) -> Vec<String> {
    let headers = headers.to_vec();
    let answer = move || async move {
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
        let router = Router::new().fallback(any(answer));
        let url = server.start_router(router).await;
        send(reqwest::Client::new().get(url.replace("/v1", path))).await;
    });
    recorder.problems()
}

#[test]
fn an_answer_as_the_contract_has_it_is_fine() {
    assert_eq!(noticed("/v1/media", 200, &HEADERS, page()), [""; 0]);
}

#[test]
fn a_missing_member_is_noticed() {
    let mut body = page();
    body["meta"].as_object_mut().unwrap().remove("timestamp");
    let problems = noticed("/v1/media", 200, &HEADERS, body);
    assert_eq!(
        problems,
        ["GET /v1/media 200 /body/meta: \"timestamp\" is a required property"]
    );
}

#[test]
fn a_missing_header_is_noticed() {
    let problems = noticed("/v1/media", 200, &HEADERS[..4], page());
    assert_eq!(
        problems,
        ["GET /v1/media 200 /headers: \"x-ratelimit-reset\" is a required property"]
    );
}

#[test]
fn a_header_that_is_no_number_is_noticed() {
    let mut headers = HEADERS;
    headers[2].1 = "sixty";
    let problems = noticed("/v1/media", 200, &headers, page());
    assert_eq!(
        problems,
        ["GET /v1/media 200 /headers/x-ratelimit-limit: \"sixty\" is not of type \"integer\""]
    );
}

#[test]
fn another_content_type_is_noticed() {
    let mut headers = HEADERS;
    headers[0].1 = "text/plain";
    assert_eq!(noticed("/v1/media", 200, &headers, page()).len(), 1);
}

#[test]
fn a_status_that_is_not_declared_is_noticed() {
    assert_eq!(noticed("/v1/media", 503, &HEADERS, page()).len(), 1);
}

#[test]
fn an_unknown_path_without_the_envelope_is_noticed() {
    let problems = noticed("/v1/nowhere", 404, &HEADERS, json!({"error": "not found"}));
    assert_eq!(
        problems,
        ["GET /v1/nowhere 404: not the envelope: {\"error\":\"not found\"}"]
    );
}

#[test]
fn what_was_not_answered_is_told() {
    let recorder = test_server::run_unchecked(async |_| {});
    let statuses = ["200", "400", "401", "429", "500"];
    assert_eq!(
        recorder.unseen(),
        statuses.map(|status| format!("GET /v1/media {status}"))
    );
}
