//! Messages of errors.

use std::error::Error as _;

use openapi_client_runtime::{Error, RawResponse, ResponseValue};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use crate::support::{Client, Reply, Server};

fn raw(status: u16, body: String) -> RawResponse {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("text/html"));
    headers.insert("set-cookie", HeaderValue::from_static("session=secret"));
    RawResponse::new(StatusCode::from_u16(status).unwrap(), headers, body)
}

fn json_error() -> serde_json::Error {
    serde_json::from_str::<u8>("\"a\nb\"").unwrap_err()
}

#[test]
fn messages_are_short_and_have_one_line() {
    let long = "a\r\n".repeat(1_000);
    let value = ResponseValue::new(long.clone(), StatusCode::NOT_FOUND, HeaderMap::new());
    let errors: [(Error<String>, &str); 5] = [
        (
            Error::ErrorResponse(value),
            "the server responded with status 404 Not Found",
        ),
        (
            Error::UnexpectedResponse(raw(502, long.clone())),
            "unexpected response with status 502 Bad Gateway and media type `text/html`",
        ),
        (
            Error::InvalidResponsePayload(raw(200, long.clone()), json_error()),
            "the body of the response with status 200 OK does not match the contract",
        ),
        (
            Error::InvalidRequest("a\nb".to_owned()),
            "the request is invalid: a b",
        ),
        (Error::Custom("a\nb".to_owned()), "a b"),
    ];
    for (error, expected) in errors {
        assert_eq!(error.to_string(), expected);
        assert!(!format!("{error:#}").contains('\n'));
    }
    let error = Error::<()>::Custom(long);
    assert_eq!(error.to_string().chars().count(), 301);
}

#[test]
fn causes_are_sources_and_part_of_the_alternate_form() {
    let error = Error::<()>::InvalidResponsePayload(raw(200, String::new()), json_error());
    let cause = error.source().unwrap().to_string();
    assert!(!error.to_string().contains(&cause));
    assert_eq!(format!("{error:#}"), format!("{error}: {cause}"));
    assert!(
        Error::<()>::UnexpectedResponse(raw(200, String::new()))
            .source()
            .is_none()
    );
}

#[test]
fn debug_output_shortens_bodies_and_has_no_cookies() {
    let error = Error::<()>::UnexpectedResponse(raw(500, "é".repeat(10_000)));
    let shown = format!("{error:?}");
    assert!(shown.len() < 1_000 && shown.contains("20000"), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
    let shown = format!("{:?}", raw(200, "é".to_owned()));
    assert!(shown.contains("\"é\""), "{shown}");
}

#[tokio::test]
async fn requests_without_a_response_are_communication_errors() {
    let server = Server::start(&[Reply::Bytes("")]).await;
    let error = Client::new(&server.url).get::<()>("/").await.unwrap_err();
    assert!(matches!(&error, Error::CommunicationError(_)), "{error:?}");
    assert_eq!(error.to_string(), "no response was received");
    assert!(error.is_retryable() && error.status().is_none() && error.headers().is_none());
}

#[test]
fn transient_statuses_are_retryable() {
    for status in [408, 429, 502, 503, 504] {
        assert!(Error::<()>::UnexpectedResponse(raw(status, String::new())).is_retryable());
        let status = StatusCode::from_u16(status).unwrap();
        let value = ResponseValue::new((), status, HeaderMap::new());
        assert!(Error::ErrorResponse(value).is_retryable());
    }
    for status in [400, 404, 500, 501] {
        assert!(!Error::<()>::UnexpectedResponse(raw(status, String::new())).is_retryable());
    }
    assert!(!Error::<()>::InvalidRequest(String::new()).is_retryable());
}

#[test]
fn untyped_errors_keep_status_and_headers() {
    let headers = raw(200, String::new()).headers().clone();
    let value = ResponseValue::new(1_u8, StatusCode::BAD_REQUEST, headers.clone());
    let error = Error::ErrorResponse(value).into_untyped();
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(error.headers(), Some(&headers));
    let error = Error::<u8>::UnexpectedResponse(raw(200, "a".to_owned())).into_untyped();
    assert_eq!(error.raw().unwrap().text(), "a");
}

#[test]
fn errors_are_small_and_shareable() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<Error>();
    fn spawnable<T: Send>(_: T) {}
    let client = Client::new("http://127.0.0.1:9");
    spawnable(async move { client.get::<()>("/").await?.json::<u8, ()>(&[]).await });
    assert!(size_of::<Error>() <= 64, "{}", size_of::<Error>());
}
