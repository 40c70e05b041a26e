//! Which requests are retried.

#![cfg(feature = "retry")]
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant, SystemTime};

use depot_client::retry::{Retry, retry_after};
use depot_client::types::Parcel;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use support::{Server, json, with};

const QUICK: Duration = Duration::from_millis(5);

/// A server that responds this many times with 503, then with 200.
async fn failing(times: usize) -> Server {
    Server::responding(move |_, number| match number <= times {
        true => json(503, "{}"),
        false => json(200, r#"{"ok":true}"#),
    })
    .await
}

#[tokio::test]
async fn requests_are_not_retried_by_default() {
    let server = failing(1).await;
    server.client().get_flaky().send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn temporary_failures_are_retried() {
    let server = failing(2).await;
    let client = server
        .client()
        .with_retry(Retry::times(3).first_wait(QUICK));
    client.get_flaky().send().await.unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn last_response_is_returned() {
    let server = failing(9).await;
    let client = server
        .client()
        .with_retry(Retry::times(2).first_wait(QUICK));
    let error = client.get_flaky().send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 503);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn other_failures_are_not_retried() {
    let server = Server::responding(|_, _| json(500, "{}")).await;
    let client = server
        .client()
        .with_retry(Retry::times(3).first_wait(QUICK));
    client.get_flaky().send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn post_is_retried_only_with_an_idempotency_key() {
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
        let received = server.requests();
        assert_eq!(received.len(), requests);
        assert!(
            received
                .iter()
                .all(|request| request.text() == r#"{"id":1}"#)
        );
    }
}

#[tokio::test]
async fn streams_are_sent_once() {
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
        assert_eq!(server.requests().len(), requests);
    }
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let server = Server::responding(|_, number| match number {
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
async fn request_is_not_retried_if_retry_after_is_too_long() {
    let server = Server::responding(|_, _| with(503, &[("Retry-After", "3600")], "{}")).await;
    let client = server
        .client()
        .with_retry(Retry::times(3).first_wait(QUICK));
    client.get_flaky().send().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn failed_connections_are_retried() {
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
fn retry_after_is_a_date_or_seconds() {
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
