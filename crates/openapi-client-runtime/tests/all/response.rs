//! How responses are decoded. Errors have everything that arrived.

use futures::TryStreamExt as _;
use openapi_client_runtime::{ByteStream, Error, Response, StreamError};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, Reply, Server};

/// A response with this media type and body.
fn response(status: u16, media_type: Option<&str>, body: &str) -> Response {
    let mut builder = http::Response::builder().status(status).header("x-id", "7");
    if let Some(media_type) = media_type {
        builder = builder.header("content-type", media_type);
    }
    Response::from(reqwest::Response::from(
        builder.body(body.to_owned()).unwrap(),
    ))
}

#[tokio::test]
async fn json_bodies_are_decoded_with_status_and_headers() {
    for media_type in [
        None,
        Some("application/json"),
        Some("application/problem+json; a=b"),
    ] {
        let response = response(201, media_type, r#"{"a":1}"#);
        assert_eq!(response.status(), 201);
        let value = response.json::<Value, ()>(&[]).await.unwrap();
        assert_eq!(value.status(), StatusCode::CREATED);
        assert_eq!(value.headers()["x-id"], "7");
        assert_eq!(value.into_inner(), json!({ "a": 1 }));
    }
}

#[tokio::test]
async fn other_media_types_are_unexpected_with_their_body() {
    let error = response(200, Some("text/html"), "<p>1</p>")
        .json::<Value, ()>(&["text/csv"])
        .await;
    let error = error.unwrap_err();
    assert!(
        matches!(&error, Error::UnexpectedResponse(raw) if raw.text() == "<p>1</p>"),
        "{error:?}"
    );
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!(error.headers().unwrap()["x-id"], "7");
    let value = response(200, Some("text/html"), "1")
        .json::<u8, ()>(&["text/html"])
        .await;
    assert_eq!(value.unwrap().into_inner(), 1);
}

#[tokio::test]
async fn bodies_that_do_not_match_are_kept() {
    let error = response(404, None, "{\"a\":")
        .json::<Value, ()>(&[])
        .await
        .unwrap_err();
    let Error::InvalidResponsePayload(raw, _) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(&raw.body()[..], b"{\"a\":");
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.headers().unwrap()["x-id"], "7");
}

#[tokio::test]
async fn optional_bodies_may_be_empty_or_null() {
    for (media_type, body) in [(Some("text/html"), ""), (None, ""), (None, "null")] {
        let value = response(200, media_type, body)
            .optional_json::<u8, ()>(&[])
            .await
            .unwrap();
        assert_eq!(value.into_inner(), None, "{body:?}");
    }
    let value = response(200, None, "1")
        .optional_json::<u8, ()>(&[])
        .await
        .unwrap();
    assert_eq!(value.into_inner(), Some(1));
    let error = response(200, Some("text/html"), "1")
        .optional_json::<u8, ()>(&[])
        .await;
    assert!(matches!(error, Err(Error::UnexpectedResponse(_))));
    let error = response(200, None, "").json::<u8, ()>(&[]).await;
    assert!(matches!(error, Err(Error::InvalidResponsePayload(..))));
}

#[tokio::test]
async fn bodies_are_converted() {
    let value = response(200, None, "1")
        .json_into::<u8, _, ()>(&[], |number| number + 1)
        .await;
    assert_eq!(value.unwrap().into_inner(), 2);
    let error = response(400, None, "1")
        .json_error_into::<u8, (), _>(&[], |number| number + 1)
        .await;
    let Err(Error::ErrorResponse(value)) = error else {
        panic!("{error:?}");
    };
    assert_eq!((*value, value.status()), (2, StatusCode::BAD_REQUEST));
}

#[tokio::test]
async fn error_responses_are_errors_with_their_value() {
    let error = response(400, None, "1")
        .json_error::<(), u8>(&[])
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::ErrorResponse(value) if **value == 1));
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(error.headers().unwrap()["x-id"], "7");
    let error = response(400, None, "a")
        .text_error::<()>()
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::ErrorResponse(value) if **value == "a"));
    let error = response(400, None, "").empty_error::<()>().await;
    assert!(matches!(error, Err(Error::ErrorResponse(_))));
    // A body that the contract does not declare is not lost.
    let error = response(400, None, "a").empty_error::<()>().await;
    let error = error.unwrap_err();
    assert!(matches!(&error, Error::UnexpectedResponse(_)), "{error:?}");
    let raw = error.raw().unwrap();
    assert_eq!(
        (raw.text().as_ref(), &raw.headers()["x-id"]),
        ("a", &"7".parse().unwrap())
    );
    let Err(Error::ErrorResponse(value)) = response(400, None, "a").stream_error::<()>() else {
        panic!("expected an error response");
    };
    assert_eq!(whole(value.into_inner()).await.unwrap(), "a");
}

/// Reads a stream to its end.
async fn whole(stream: ByteStream) -> reqwest::Result<String> {
    let chunks: Vec<_> = stream.try_collect().await?;
    Ok(String::from_utf8(chunks.concat()).unwrap())
}

#[tokio::test]
async fn text_is_utf_8() {
    for (media_type, body) in [
        (None, "é"),
        (Some("text/plain"), "é"),
        (Some("text/plain; Charset=\"UTF-8\""), "é"),
        (Some("text/plain; charset=iso-8859-1"), "e"),
    ] {
        let value = response(200, media_type, body).text::<()>().await.unwrap();
        assert_eq!(value.into_inner(), body);
    }
    for media_type in [
        "text/plain; charset=iso-8859-1",
        "text/plain; Charset = \"UTF-16\"",
    ] {
        let error = response(200, Some(media_type), "é")
            .text::<()>()
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::InvalidResponsePayload(raw, _) if raw.text() == "é"),
            "{error:?}"
        );
    }
    let body = http::Response::new(vec![b'a', 0xff]);
    let error = Response::from(reqwest::Response::from(body))
        .text::<()>()
        .await
        .unwrap_err();
    assert_eq!(&error.raw().unwrap().body()[..], [b'a', 0xff]);
}

#[tokio::test]
async fn empty_responses_ignore_a_body() {
    response(204, None, "a").empty::<()>().unwrap();
    assert_eq!(
        response(204, None, "a")
            .none::<u8, ()>()
            .unwrap()
            .into_inner(),
        None
    );
}

#[tokio::test]
async fn undeclared_statuses_are_unexpected_with_their_body() {
    let error = response(418, Some("text/plain"), "teapot")
        .unexpected::<(), ()>()
        .await
        .unwrap_err();
    let Error::UnexpectedResponse(raw) = &error else {
        panic!("{error:?}");
    };
    assert_eq!((raw.status().as_u16(), &*raw.text()), (418, "teapot"));
    assert_eq!(error.headers().unwrap()["x-id"], "7");
}

#[tokio::test]
async fn other_statuses_are_not_upgraded() {
    let error = response(200, None, "a").upgrade::<()>().await.unwrap_err();
    assert!(matches!(error, Error::UnexpectedResponse(raw) if raw.text() == "a"));
}

#[tokio::test]
async fn upgraded_connections_carry_bytes() {
    use tokio::io::AsyncReadExt as _;
    const REPLY: Reply = Reply::Bytes(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: a\r\n\r\nhello",
    );
    let server = Server::start(&[REPLY]).await;
    let response = Client::new(&server.url).get::<()>("/").await.unwrap();
    let mut upgraded = response.upgrade::<()>().await.unwrap().into_inner();
    let mut text = String::new();
    upgraded.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "hello");
}

#[tokio::test]
async fn bodies_that_end_early_have_what_arrived() {
    const REPLY: Reply =
        Reply::Bytes("HTTP/1.1 200 OK\r\nx-id: 7\r\ncontent-length: 10\r\n\r\n[1,2");
    let server = Server::start(&[REPLY, REPLY, REPLY]).await;
    let client = Client::new(&server.url);
    let errors = [
        client
            .get::<()>("/a?key=secret")
            .await
            .unwrap()
            .json::<Value, ()>(&[])
            .await
            .unwrap_err(),
        client
            .get::<()>("/a?key=secret")
            .await
            .unwrap()
            .unexpected::<Value, ()>()
            .await
            .unwrap_err(),
    ];
    for error in errors {
        let Error::ResponseBodyError { response, source } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(&response.body()[..], b"[1,2");
        assert_eq!(error.status(), Some(StatusCode::OK));
        assert_eq!(error.headers().unwrap()["x-id"], "7");
        assert!(source.url().is_none());
        assert!(error.is_retryable());
    }
    let stream = client
        .get::<()>("/")
        .await
        .unwrap()
        .stream::<()>()
        .unwrap()
        .into_inner();
    let error = whole(stream).await.unwrap_err();
    assert!(error.url().is_none(), "{error:?}");
}

#[tokio::test]
async fn streams_have_their_media_type() {
    let response = |media_type| response(200, media_type, "data: 1\n\n");
    for media_type in [
        None,
        Some("text/event-stream"),
        Some("Text/Event-Stream; charset=utf-8"),
    ] {
        let mut events = response(media_type).events::<u8, ()>().await.unwrap();
        assert_eq!(events.next().await.unwrap().unwrap().data, 1);
    }
    let error = response(Some("application/json"))
        .events::<u8, ()>()
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::UnexpectedResponse(raw) if raw.text() == "data: 1\n\n"));
    assert_eq!(error.headers().unwrap()["x-id"], "7");
    let error = response(Some("application/json"))
        .json_lines::<u8, ()>()
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::UnexpectedResponse(raw) if raw.text() == "data: 1\n\n"));
}

#[tokio::test]
async fn json_lines_and_sequences_are_told_apart_by_media_type() {
    for media_type in [
        None,
        Some("application/x-ndjson"),
        Some("application/jsonl; a=b"),
    ] {
        let mut lines = response(200, media_type, "1\n2\n")
            .json_lines::<u8, ()>()
            .await
            .unwrap();
        assert_eq!(lines.next().await.unwrap().unwrap(), 1);
        assert_eq!(lines.next().await.unwrap().unwrap(), 2);
        assert!(lines.next().await.is_none());
    }
    for media_type in ["application/json-seq", "application/geo+json-seq"] {
        let response = response(200, Some(media_type), "\x1e[\n1]\n");
        let mut sequence = response.json_lines::<[u8; 1], ()>().await.unwrap();
        assert_eq!(sequence.next().await.unwrap().unwrap(), [1]);
    }
}

#[tokio::test]
async fn failures_of_the_connection_end_a_typed_stream() {
    const REPLY: Reply =
        Reply::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ndata: 1\n\ndata: 2");
    let server = Server::start(&[REPLY]).await;
    let response = Client::new(&server.url).get::<()>("/").await.unwrap();
    let mut events = response.events::<u8, ()>().await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap().data, 1);
    let error = events.next().await.unwrap().unwrap_err();
    let StreamError::Transport(cause) = error else {
        panic!("{error:?}");
    };
    assert!(cause.url().is_none());
    assert!(events.next().await.is_none());
}
