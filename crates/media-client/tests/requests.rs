//! The requests that the client sends, and the pages that it reads.

mod support;

use media_client::{Error, MediaClient, MediaQuery, MediaStatus, MediaType};
use serde_json::json;
use support::{Canned, KEY, Server, key, page};

#[tokio::test]
async fn page_has_everything_in_the_response() {
    let server = Server::start(vec![Canned::json(200, &page(0..1, 20)).with_rate_limit()]);
    let page = server
        .client()
        .list_media(&MediaQuery::new())
        .await
        .unwrap();

    let item = &page.items[0];
    assert_eq!(item.filename, "0.jpg");
    assert_eq!(item.content_type, "image/jpeg");
    assert_eq!(
        (item.status, item.type_),
        (MediaStatus::Ready, MediaType::Image)
    );
    assert_eq!(item.width, Some(1920));
    assert_eq!(item.duration, None);
    assert_eq!(item.created_at.to_rfc3339(), "2026-04-10T12:00:00+00:00");
    assert_eq!(page.media_ids, [item.media_id]);
    assert_eq!((page.pagination.limit, page.pagination.offset), (20, 0));
    assert_eq!(page.request_id, "a1b2c3d4");
    let rate_limit = page.rate_limit.unwrap();
    assert_eq!((rate_limit.limit, rate_limit.remaining), (60, 41));
    assert_eq!(rate_limit.reset.timestamp(), 1_775_822_460);
    assert!(!page.is_full());
}

#[tokio::test]
async fn request_has_key_user_agent_and_the_parameters_that_are_set() {
    let response = || Canned::json(200, &page(0..0, 20));
    let server = Server::start(vec![response(), response()]);
    let client = server.client();
    client.list_media(&MediaQuery::new()).await.unwrap();
    let query = MediaQuery::new()
        .media_type(MediaType::Video)
        .limit(100)
        .offset(7);
    client.list_media(&query).await.unwrap();

    assert_eq!(
        server.targets(),
        ["/v1/media", "/v1/media?type=video&limit=100&offset=7"]
    );
    let request = server.requests()[0].to_lowercase();
    assert!(
        request.contains(&format!("authorization: bearer {KEY}")),
        "{request}"
    );
    let agent = concat!("user-agent: media-client/", env!("CARGO_PKG_VERSION"));
    assert!(request.contains(agent), "{request}");
    assert!(request.contains("accept: application/json"), "{request}");
}

#[tokio::test]
async fn generated_client_and_custom_http_client_send_the_key() {
    let response = || Canned::json(200, &page(0..0, 20));
    let server = Server::start(vec![response(), response()]);
    server
        .client()
        .generated()
        .list_media()
        .limit(1_u64)
        .send()
        .await
        .unwrap();
    let custom = media_client::reqwest::Client::builder()
        .user_agent("custom/1")
        .build()
        .unwrap();
    let client = MediaClient::builder(server.url(), key())
        .http_client(custom)
        .build()
        .unwrap();
    client.list_media(&MediaQuery::new()).await.unwrap();

    for request in server.requests() {
        assert!(request.contains(KEY), "{request}");
    }
    assert!(server.requests()[1].contains("custom/1"));
}

#[tokio::test]
async fn arguments_out_of_range_are_not_sent() {
    let server = Server::start(Vec::new());
    let client = server.client();
    for (query, expected) in [
        (
            MediaQuery::new().limit(0),
            "limit: 0 is not allowed, expected 1 to 100",
        ),
        (
            MediaQuery::new().limit(101),
            "limit: 101 is not allowed, expected 1 to 100",
        ),
        (
            MediaQuery::new().offset(u64::MAX),
            "offset: 18446744073709551615 is not allowed, expected 0 to 9223372036854775807",
        ),
    ] {
        let error = client.list_media(&query).await.unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error:?}");
        assert_eq!(error.to_string(), expected);
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn unknown_properties_are_ignored() {
    let mut body = page(0..1, 20);
    body["more"] = json!([1, 2]);
    body["data"]["total"] = json!(3);
    body["data"]["items"][0]["checksum"] = json!("abc");
    body["data"]["items"][0]["filename"] = json!("x".repeat(1000));
    let server = Server::start(vec![Canned::json(200, &body)]);
    let page = server
        .client()
        .list_media(&MediaQuery::new())
        .await
        .unwrap();
    assert_eq!(page.items[0].filename.len(), 1000);
    assert_eq!(page.rate_limit, None);
}

#[tokio::test]
async fn wrong_and_missing_values_are_rejected() {
    let with = |change: fn(&mut serde_json::Value)| {
        let mut body = page(0..1, 20);
        change(&mut body);
        Canned::json(200, &body)
    };
    let wrong = [
        with(|body| body["error"] = json!({})),
        with(|body| body["error"] = json!(false)),
        with(|body| drop(body.as_object_mut().unwrap().remove("error"))),
        with(|body| body["data"] = json!(null)),
        with(|body| {
            drop(
                body["data"]["items"][0]
                    .as_object_mut()
                    .unwrap()
                    .remove("width"),
            )
        }),
        with(|body| body["data"]["items"][0]["filename"] = json!(null)),
        with(|body| body["data"]["items"][0]["width"] = json!(0.5)),
        with(|body| body["data"]["items"][0]["type"] = json!("audio")),
    ];
    let count = wrong.len();
    let server = Server::start(wrong.into());
    for _ in 0..count {
        let error = server
            .client()
            .list_media(&MediaQuery::new())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::InvalidResponse { .. }), "{error:?}");
    }
}

#[cfg(feature = "retry")]
#[tokio::test]
async fn requests_are_retried_only_if_enabled() {
    use media_client::generated::retry::Retry;

    let responses = || {
        vec![
            Canned::error(429, "rate_limited").header("Retry-After", "0"),
            Canned::json(200, &page(0..1, 20)),
        ]
    };
    let server = Server::start(responses());
    let error = server.client().list_media(&MediaQuery::new()).await;
    assert!(error.is_err());
    assert_eq!(server.targets().len(), 1);

    let server = Server::start(responses());
    let client = MediaClient::builder(server.url(), key())
        .retry(Retry::times(1))
        .build()
        .expect("a valid base URL");
    let page = client.list_media(&MediaQuery::new()).await;
    assert_eq!(page.expect("the second response").items.len(), 1);
    assert_eq!(server.targets().len(), 2);
}
