//! Every kind of error, and that none shows the key.

mod support;

use std::error::Error as _;
use std::time::Duration;

use media_client::{Error, MediaClient, MediaQuery};
use serde_json::json;
use support::{Answer, KEY, Server, key, meta};

/// The error that a call ends in when the server gives this answer.
async fn error(answer: Answer) -> Error {
    let server = Server::start(vec![answer]);
    let error = server
        .client()
        .list_media(&MediaQuery::new())
        .await
        .expect_err("every answer of these tests is an error");
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
async fn a_refused_parameter() {
    let body = json!({
        "data": null,
        "error": { "code": "bad_request", "message": "limit: no", "details": { "name": "limit" } },
        "meta": meta(),
    });
    let error = error(Answer::json(400, &body).counted()).await;
    assert!(matches!(error, Error::BadRequest(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the request was refused: limit: no (status 400, request a1b2c3d4)"
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
async fn a_refused_key() {
    let answer = Answer::error(401, "unauthorized").header("WWW-Authenticate", "Bearer");
    let error = error(answer).await;
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with("the API key was refused: about unauthorized")
    );
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
}

#[tokio::test]
async fn too_many_requests() {
    let answer = Answer::error(429, "rate_limited")
        .counted()
        .header("Retry-After", "17");
    let error = error(answer).await;
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
async fn a_failure_of_the_server() {
    let error = error(Answer::error(500, "internal_error")).await;
    assert!(matches!(error, Error::Server(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the server failed: about internal_error (status 500, request a1b2c3d4)"
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_failure_of_a_proxy() {
    for status in [500, 502, 503] {
        let answer = Answer::text(status, "<h1>Sorry</h1>").header("X-Request-Id", "p1");
        let error = error(answer).await;
        assert!(matches!(error, Error::Server(_)), "{error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.request_id(), Some("p1"));
    }
    let limited = error(Answer::text(429, "slow down").header("Retry-After", "3")).await;
    assert!(
        matches!(limited, Error::RateLimited { retry_after, .. } if retry_after.as_secs() == 3)
    );
}

#[tokio::test]
async fn a_status_that_is_not_declared() {
    for status in [201, 204, 304, 403, 404] {
        let error = error(Answer::text(status, "").header("X-Request-Id", "r2")).await;
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
async fn a_body_that_is_not_what_the_contract_says() {
    for (status, body) in [
        (200, "{}"),
        (200, "<html>"),
        (200, ""),
        (400, "{}"),
        (401, "no"),
    ] {
        let error = error(Answer::text(status, body).header("X-Request-Id", "r3")).await;
        assert!(matches!(error, Error::InvalidResponse { .. }), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("the answer cannot be read (status {status}, request r3)")
        );
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn no_whole_answer() {
    let cut = error(Answer::text(200, "{").cut()).await;
    assert!(matches!(cut, Error::Transport(_)), "{cut:?}");
    assert!(cut.source().is_some());
    assert!(cut.is_retryable() && !cut.is_timeout());
    assert_eq!((cut.status(), cut.request_id()), (None, None));

    let gone = MediaClient::new("http://127.0.0.1:1/v1", key()).unwrap();
    let gone = gone.list_media(&MediaQuery::new()).await.unwrap_err();
    assert!(
        matches!(&gone, Error::Transport(error) if error.is_connect()),
        "{gone:?}"
    );
}

#[tokio::test]
async fn a_timeout() {
    let late = Answer::text(200, "{}").late(Duration::from_secs(5));
    let server = Server::start(vec![late]);
    let client = MediaClient::builder(server.url(), key())
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let error = client.list_media(&MediaQuery::new()).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}
