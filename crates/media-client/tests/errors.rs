//! Every variant of `Error`, and that none shows the API key.

mod support;

use std::error::Error as _;
use std::time::Duration;

use media_client::{Error, MediaClient, MediaQuery};
use serde_json::json;
use support::{Canned, KEY, Server, key, meta};

/// The error of a call to a server that sends this response.
async fn error(response: Canned) -> Error {
    let server = Server::start(vec![response]);
    let error = server
        .client()
        .list_media(&MediaQuery::new())
        .await
        .expect_err("every response of these tests is an error");
    let mut shown = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(inner) = source {
        shown.push_str(&format!("{inner} {inner:?}"));
        source = inner.source();
    }
    assert!(!shown.contains(KEY), "{shown}");
    error
}

#[tokio::test]
async fn rejected_parameter() {
    let body = json!({
        "data": null,
        "error": { "code": "bad_request", "message": "limit: no", "details": { "name": "limit" } },
        "meta": meta(),
    });
    let error = error(Canned::json(400, &body).with_rate_limit()).await;
    assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the server rejected the request: limit: no (status 400, request a1b2c3d4)"
    );
    let failure = error.failure().unwrap();
    assert_eq!(
        (failure.code.as_str(), &failure.details["name"]),
        ("bad_request", &json!("limit"))
    );
    assert_eq!(error.request_id(), Some("a1b2c3d4"));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn rejected_key() {
    let response = Canned::error(401, "unauthorized").header("WWW-Authenticate", "Bearer");
    let error = error(response).await;
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with("the server rejected the API key: about unauthorized")
    );
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
}

#[tokio::test]
async fn too_many_requests() {
    let response = Canned::error(429, "rate_limited")
        .with_rate_limit()
        .header("Retry-After", "17");
    let error = error(response).await;
    assert!(
        error
            .to_string()
            .starts_with("too many requests, retry in 17 s: about"),
        "{error}"
    );
    assert!(error.is_retryable());
    let Error::RateLimited {
        retry_after,
        rate_limit,
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(retry_after, Duration::from_secs(17));
    assert_eq!(rate_limit.unwrap().remaining, 41);
}

#[tokio::test]
async fn server_failure() {
    let error = error(Canned::error(500, "internal_error")).await;
    assert!(matches!(error, Error::Server(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the server failed: about internal_error (status 500, request a1b2c3d4)"
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn proxy_failure() {
    for status in [500, 502, 503] {
        let response = Canned::text(status, "<h1>Sorry</h1>").header("X-Request-Id", "p1");
        let error = error(response).await;
        assert!(matches!(error, Error::Server(_)), "{error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.request_id(), Some("p1"));
    }
    let limited = error(Canned::text(429, "slow down").header("Retry-After", "3")).await;
    assert!(
        matches!(limited, Error::RateLimited { retry_after, .. } if retry_after.as_secs() == 3)
    );
}

#[tokio::test]
async fn undeclared_status() {
    for status in [201, 204, 304, 403, 404] {
        let error = error(Canned::text(status, "").header("X-Request-Id", "r2")).await;
        assert!(matches!(error, Error::UnexpectedStatus(_)), "{error:?}");
        assert!(
            error
                .to_string()
                .ends_with(&format!("(status {status}, request r2)")),
            "{error}"
        );
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn body_that_does_not_match_the_contract() {
    for (status, body) in [
        (200, "{}"),
        (200, "<html>"),
        (200, ""),
        (400, "{}"),
        (401, "no"),
    ] {
        let error = error(Canned::text(status, body).header("X-Request-Id", "r3")).await;
        assert!(matches!(error, Error::InvalidResponse { .. }), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("the response does not match the contract (status {status}, request r3)")
        );
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn incomplete_response() {
    let truncated = error(Canned::text(200, "{").truncated()).await;
    assert!(matches!(truncated, Error::Transport(_)), "{truncated:?}");
    assert!(truncated.source().is_some());
    assert!(truncated.is_retryable() && !truncated.is_timeout());
    assert_eq!((truncated.status(), truncated.request_id()), (None, None));

    let unreachable = MediaClient::new("http://127.0.0.1:1/v1", key()).unwrap();
    let unreachable = unreachable
        .list_media(&MediaQuery::new())
        .await
        .unwrap_err();
    assert!(
        matches!(&unreachable, Error::Transport(error) if error.is_connect()),
        "{unreachable:?}"
    );
}

#[tokio::test]
async fn timeout() {
    let delayed = Canned::text(200, "{}").delayed(Duration::from_secs(5));
    let server = Server::start(vec![delayed]);
    let client = MediaClient::builder(server.url(), key())
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.list_media(&MediaQuery::new()).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}
