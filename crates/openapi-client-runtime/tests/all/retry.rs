//! Which requests are sent again, and when.

use std::time::{Duration, SystemTime};

use openapi_client_runtime::retry::{Retry, retry_after};
use openapi_client_runtime::{Error, Request, Style};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Body, Method};

use crate::support::{Client, Reply, Server};

const OK: Reply = Reply::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
const BUSY: Reply = Reply::Bytes("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
const FAILED: Reply = Reply::Bytes("HTTP/1.1 500 Failed\r\ncontent-length: 0\r\n\r\n");

async fn client(replies: &'static [Reply]) -> (Server, Client) {
    let server = Server::start(replies).await;
    let mut client = Client::new(&server.url);
    let retry = Retry::times(2).first_wait(Duration::from_millis(1));
    client
        .state
        .set_retry(retry.longest_wait(Duration::from_secs(2)));
    (server, client)
}

#[tokio::test]
async fn transient_failures_are_retried() {
    let (server, client) = client(&[BUSY, Reply::Bytes(""), OK]).await;
    assert_eq!(client.get::<()>("/").await.unwrap().status(), 200);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn last_response_is_returned() {
    let (server, client) = client(&[BUSY, BUSY, BUSY]).await;
    assert_eq!(client.get::<()>("/").await.unwrap().status(), 503);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn other_failures_are_not_retried() {
    let (server, client) = client(&[FAILED, OK]).await;
    assert_eq!(client.get::<()>("/").await.unwrap().status(), 500);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn only_idempotent_requests_are_retried() {
    let (server, client) = client(&[BUSY, BUSY, OK]).await;
    let post = || Request::new(Method::POST, &client.base_url).path("/");
    let response = post().send::<(), _, ()>(&client, "post").await.unwrap();
    assert_eq!(response.status(), 503);
    let post = post().header("Idempotency-Key", Style::Simple, Ok("1"));
    let response = post.send::<(), _, ()>(&client, "post").await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn streams_are_not_retried() {
    let (server, client) = client(&[BUSY, OK]).await;
    let chunks = futures::stream::iter([Ok::<_, std::io::Error>("a")]);
    let put = Request::new(Method::PUT, &client.base_url).path("/");
    let put = put.body("text/plain", Ok(Some(Body::wrap_stream(chunks))));
    let response = put.send::<(), _, ()>(&client, "put").await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn delay_of_the_server_is_kept_up_to_the_limit() {
    const SOON: Reply =
        Reply::Bytes("HTTP/1.1 429 Slow\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n");
    const LATER: Reply =
        Reply::Bytes("HTTP/1.1 429 Slow\r\nretry-after: 3\r\ncontent-length: 0\r\n\r\n");
    let (server, client) = client(&[SOON, LATER, OK]).await;
    let start = std::time::Instant::now();
    assert_eq!(client.get::<()>("/").await.unwrap().status(), 429);
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn last_error_is_returned() {
    let (server, client) = client(&[Reply::Bytes(""), Reply::Bytes(""), Reply::Bytes("")]).await;
    let error = client.get::<()>("/").await.unwrap_err();
    assert!(matches!(error, Error::CommunicationError(_)));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn too_many_redirects_are_not_retried() {
    const LOOP: Reply =
        Reply::Bytes("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n");
    let (server, mut client) = client(&[LOOP, OK]).await;
    let http = reqwest::Client::builder().no_proxy();
    let http = http.redirect(reqwest::redirect::Policy::limited(0));
    client.http = http.build().unwrap();
    let error = client.get::<()>("/").await.unwrap_err();
    assert!(
        matches!(&error, Error::CommunicationError(cause) if cause.is_redirect()),
        "{error:?}"
    );
    assert!(!error.is_retryable());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn retry_after_is_a_number_or_a_date() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770);
    for (text, expected) in [
        ("5", Some(5)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
        ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
        ("soon", None),
        ("-1", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static(text));
        assert_eq!(
            retry_after(&headers, now),
            expected.map(Duration::from_secs),
            "{text}"
        );
    }
    assert_eq!(retry_after(&HeaderMap::new(), now), None);
}
