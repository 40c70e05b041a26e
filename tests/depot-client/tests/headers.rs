//! Typed response headers.

#![allow(clippy::unwrap_used)]

mod support;

use depot_client::headers::{GetParcelHeaders200, GetParcelHeaders404, GetParcelHeaders429};
use support::{Server, with};

const ALL: [(&str, &str); 8] = [
    ("X-Count", "3"),
    ("X-Ratio", "0.5"),
    ("X-Fresh", "true"),
    ("X-Made", "2026-04-10T14:01:00+02:00"),
    ("X-Trace", "a1"),
    ("X-Tags", "red, green"),
    ("X-Tags", "blue"),
    ("X-Sizes", "1,2,-3"),
];

/// Reads the headers of a response with these headers.
async fn read(headers: &[(&'static str, &'static str)]) -> Result<GetParcelHeaders200, String> {
    let headers = headers.to_vec();
    let server = Server::responding(move |_, _| with(200, &headers, r#"{"id":1}"#)).await;
    let response = server.client().get_parcel().id("1").send().await.unwrap();
    GetParcelHeaders200::read(response.headers()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn headers_of_all_types_are_read() {
    let read = read(&ALL).await.unwrap();
    assert_eq!(read.x_count, 3);
    assert_eq!(read.x_ratio, Some(0.5));
    assert_eq!(read.x_fresh, Some(true));
    assert_eq!(
        read.x_made.unwrap().to_rfc3339(),
        "2026-04-10T12:01:00+00:00"
    );
    assert_eq!(read.x_trace, "a1");
    assert_eq!(read.x_tags.unwrap(), ["red", "green", "blue"]);
    assert_eq!(read.x_sizes, [1, 2, -3]);
}

#[tokio::test]
async fn missing_optional_headers_are_none() {
    let read = read(&[ALL[0], ALL[4], ALL[7]]).await.unwrap();
    assert_eq!(
        (read.x_ratio, read.x_fresh, read.x_made, read.x_tags),
        (None, None, None, None)
    );
}

#[tokio::test]
async fn errors_name_the_header() {
    for (header, expected) in [
        (None, "the response header `X-Count` is missing"),
        (
            Some(("X-Count", "many")),
            "the response header `X-Count` is not a 64-bit integer",
        ),
    ] {
        let mut headers = ALL[1..].to_vec();
        headers.extend(header);
        assert_eq!(read(&headers).await.unwrap_err(), expected);
    }
    for (header, expected) in [
        (("X-Ratio", "half"), "`X-Ratio` is not a number"),
        (("X-Fresh", "yes"), "`X-Fresh` is not `true` or `false`"),
        (("X-Made", "today"), "`X-Made` is not an RFC 3339 timestamp"),
    ] {
        let headers = [ALL[0], ALL[4], ALL[7], header];
        assert!(read(&headers).await.unwrap_err().ends_with(expected));
    }
    let headers = [ALL[0], ALL[4], ("X-Sizes", "1,,x")];
    let expected = "the response header `X-Sizes` is not a list of 32-bit integers";
    assert_eq!(read(&headers).await.unwrap_err(), expected);
}

#[tokio::test]
async fn error_responses_have_headers() {
    let server = Server::responding(|_, _| with(404, &[("X-Trace", "b2")], r#"{"message":"no"}"#));
    let error = server
        .await
        .client()
        .get_parcel()
        .id("1")
        .send()
        .await
        .unwrap_err();
    let headers = GetParcelHeaders404::read(error.headers().unwrap()).unwrap();
    assert_eq!(headers.x_trace, "b2");
    // Two statuses with the same headers have one type.
    let same: GetParcelHeaders429 = headers;
    assert_eq!(same.x_trace, "b2");
}
