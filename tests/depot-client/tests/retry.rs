//! Requests that are sent again, and those that are not.

#![cfg(feature = "retry")]
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant, SystemTime};

use depot_client::retry::{Retry, retry_after};
use depot_client::types::Parcel;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use support::{Server, json, with};

const QUICK: Duration = Duration::from_millis(5);

/// A server that answers this often with 503 before it is well again.
async fn failing(times: usize) -> Server {
    Server::answering(move |_, number| match number <= times {
        true => json(503, "{}"),
        false => json(200, r#"{"ok":true}"#),
    })
    .await
}

#[tokio::test]
async fn without_a_policy_nothing_is_sent_again() {
    let server = failing(1).await;
    server.client().get_flaky().send().await.unwrap_err();
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn a_failure_passes() {
    let server = failing(2).await;
    let client = server
        .client()
        .with_retry(Retry::times(3).first_wait(QUICK));
    client.get_flaky().send().await.unwrap();
    assert_eq!(server.got().len(), 3);
}

#[tokio::test]
async fn it_ends_with_the_last_answer() {
    let server = failing(9).await;
    let client = server
        .client()
        .with_retry(Retry::times(2).first_wait(QUICK));
    let error = client.get_flaky().send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 503);
    assert_eq!(server.got().len(), 3);
}

#[tokio::test]
async fn other_failures_do_not_pass() {
    let server = Server::answering(|_, _| json(500, "{}")).await;
    let client = server
        .client()
        .with_retry(Retry::times(3).first_wait(QUICK));
    client.get_flaky().send().await.unwrap_err();
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn a_post_is_sent_again_only_with_a_key() {
    for (key, requests) in [(None, 1), (Some("k1"), 2)] {
        let server = failing(1).await;
        let client = server
            .client()
            .with_retry(Retry::times(3).first_wait(QUICK));
        let mut request = client.post_flaky().body(Parcel { id: 1 });
        if let Some(key) = key {
            request = request.idempotency_key(key);
        }
        assert_eq!(request.send().await.is_ok(), key.is_some());
        let got = server.got();
        assert_eq!(got.len(), requests);
        assert!(got.iter().all(|one| one.text() == r#"{"id":1}"#));
    }
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    for (streams, requests) in [(true, 1), (false, 2)] {
        let server = failing(1).await;
        let client = server
            .client()
            .with_retry(Retry::times(3).first_wait(QUICK));
        let chunks = futures::stream::iter([Ok::<_, std::io::Error>("x")]);
        let body = match streams {
            true => reqwest::Body::wrap_stream(chunks),
            false => reqwest::Body::from("x"),
        };
        let result = client.put_photo().id("1").body(body).send().await;
        assert_eq!(result.is_ok(), !streams);
        assert_eq!(server.got().len(), requests);
    }
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    let server = Server::answering(|_, number| match number {
        1 => with(429, &[("Retry-After", "1")], "{}"),
        _ => json(200, r#"{"ok":true}"#),
    })
    .await;
    let client = server
        .client()
        .with_retry(Retry::times(1).first_wait(QUICK));
    let before = Instant::now();
    client.get_flaky().send().await.unwrap();
    assert!(before.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_not_waited_for() {
    let server = Server::answering(|_, _| with(503, &[("Retry-After", "3600")], "{}")).await;
    let client = server
        .client()
        .with_retry(Retry::times(3).first_wait(QUICK));
    client.get_flaky().send().await.unwrap_err();
    assert_eq!(server.got().len(), 1);
}

#[tokio::test]
async fn a_connection_that_is_refused_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = depot_client::Client::new(&format!("http://{address}"));
    let wait = Duration::from_millis(100);
    let client = client.with_retry(Retry::times(2).first_wait(wait));
    let before = Instant::now();
    client.get_flaky().send().await.unwrap_err();
    // The second wait is twice the first.
    assert!(before.elapsed() >= wait * 3);
}

#[test]
fn a_date_is_understood() {
    let at = |text: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
        retry_after(
            &headers,
            SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770),
        )
    };
    assert_eq!(
        at("Sun, 06 Nov 1994 08:49:37 GMT"),
        Some(Duration::from_secs(7))
    );
    assert_eq!(at("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
    assert_eq!(at("17"), Some(Duration::from_secs(17)));
    assert_eq!(at("soon"), None);
    assert_eq!(at("-1"), None);
}
