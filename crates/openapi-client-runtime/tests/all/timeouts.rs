//! Time limits.

use std::time::{Duration, Instant};

use openapi_client_runtime::{Error, Timeouts, http_client};

use crate::support::{Client, Reply, Server};

fn client(server: &Server, timeouts: &Timeouts) -> Client {
    let http = http_client(timeouts).no_proxy().build().unwrap();
    Client {
        http,
        ..Client::new(&server.url)
    }
}

#[test]
fn silence_is_limited_by_default_and_the_total_time_is_not() {
    let timeouts = Timeouts::default();
    assert_eq!(timeouts.connect, Some(Duration::from_secs(15)));
    assert_eq!(timeouts.silence, Some(Duration::from_secs(60)));
    assert_eq!(timeouts.total, None);
}

#[tokio::test]
async fn silent_servers_are_communication_errors() {
    let silence = Some(Duration::from_millis(50));
    let server = Server::start(&[Reply::Hang("")]).await;
    let client = client(
        &server,
        &Timeouts {
            silence,
            ..Timeouts::default()
        },
    );
    let response = tokio::time::timeout(Duration::from_secs(10), client.get::<()>("/"));
    let error = response.await.expect("a time limit").unwrap_err();
    assert!(
        matches!(&error, Error::CommunicationError(cause) if cause.is_timeout()),
        "{error:?}"
    );
}

#[tokio::test]
async fn total_time_includes_the_body() {
    const REPLY: Reply = Reply::Hang("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n[1");
    let total = Some(Duration::from_millis(200));
    let server = Server::start(&[REPLY]).await;
    let client = client(
        &server,
        &Timeouts {
            total,
            ..Timeouts::NONE
        },
    );
    let start = Instant::now();
    let response = client.get::<()>("/").await.unwrap();
    let body = tokio::time::timeout(Duration::from_secs(10), response.json::<u8, ()>(&[]));
    let error = body.await.expect("a time limit").unwrap_err();
    assert!(
        matches!(&error, Error::ResponseBodyError { response, source }
            if source.is_timeout() && response.text() == "[1"),
        "{error:?}"
    );
    assert!(start.elapsed() >= Duration::from_millis(200));
}
