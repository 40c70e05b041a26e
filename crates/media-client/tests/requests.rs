//! What is sent, and what a page tells.

mod support;

use media_client::{Error, MediaClient, MediaQuery, MediaStatus, MediaType};
use serde_json::json;
use support::{Answer, KEY, Server, key, page};

#[tokio::test]
async fn a_page_tells_all_that_the_answer_says() {
    let server = Server::start(vec![Answer::json(200, &page(0..1, 20)).counted()]);
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
    assert_eq!(item.width.map(|width| width.get()), Some(1920));
    assert_eq!(item.duration, None);
    assert_eq!(item.created_at.to_rfc3339(), "2026-04-10T12:00:00+00:00");
    assert_eq!(page.media_ids, [item.media_id]);
    assert_eq!(
        (page.pagination.limit.get(), page.pagination.offset),
        (20, 0)
    );
    assert_eq!(page.request_id, "a1b2c3d4");
    let rate_limit = page.rate_limit.unwrap();
    assert_eq!((rate_limit.limit, rate_limit.remaining), (60, 41));
    assert_eq!(rate_limit.reset.timestamp(), 1_775_822_460);
    assert!(!page.is_full());
}

#[tokio::test]
async fn a_request_carries_key_name_and_only_the_given_parameters() {
    let answers = || Answer::json(200, &page(0..0, 20));
    let server = Server::start(vec![answers(), answers()]);
    let client = server.client();
    client.list_media(&MediaQuery::new()).await.unwrap();
    let query = MediaQuery::new()
        .media_type(MediaType::Video)
        .limit(100)
        .offset(7);
    client.list_media(&query).await.unwrap();

    assert_eq!(
        server.targets(),
        ["/v1/media", "/v1/media?limit=100&offset=7&type=video"]
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
async fn the_generated_client_and_an_own_http_client_authenticate_too() {
    let answers = || Answer::json(200, &page(0..0, 20));
    let server = Server::start(vec![answers(), answers()]);
    server
        .client()
        .generated()
        .list_media()
        .limit(std::num::NonZeroU64::MIN)
        .send()
        .await
        .unwrap();
    let own = media_client::reqwest::Client::builder()
        .user_agent("own/1")
        .build()
        .unwrap();
    let client = MediaClient::builder(server.url(), key())
        .http_client(own)
        .build()
        .unwrap();
    client.list_media(&MediaQuery::new()).await.unwrap();

    for request in server.requests() {
        assert!(request.contains(KEY), "{request}");
    }
    assert!(server.requests()[1].contains("own/1"));
}

#[tokio::test]
async fn what_the_contract_does_not_allow_is_not_sent() {
    let server = Server::start(Vec::new());
    let client = server.client();
    for (query, says) in [
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
        assert_eq!(error.to_string(), says);
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn what_the_server_adds_is_ignored() {
    let mut body = page(0..1, 20);
    body["more"] = json!([1, 2]);
    body["data"]["total"] = json!(3);
    body["data"]["items"][0]["checksum"] = json!("abc");
    body["data"]["items"][0]["filename"] = json!("x".repeat(1000));
    let server = Server::start(vec![Answer::json(200, &body)]);
    let page = server
        .client()
        .list_media(&MediaQuery::new())
        .await
        .unwrap();
    assert_eq!(page.items[0].filename.len(), 1000);
    assert_eq!(page.rate_limit, None);
}

#[tokio::test]
async fn null_is_null_and_must_be_there() {
    let with = |change: fn(&mut serde_json::Value)| {
        let mut body = page(0..1, 20);
        change(&mut body);
        Answer::json(200, &body)
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
        with(|body| body["data"]["items"][0]["width"] = json!(0)),
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
async fn a_request_is_sent_again_only_on_demand() {
    use media_client::generated::retry::Retry;

    let answers = || {
        vec![
            Answer::error(429, "rate_limited").header("Retry-After", "0"),
            Answer::json(200, &page(0..1, 20)),
        ]
    };
    let server = Server::start(answers());
    let refused = server.client().list_media(&MediaQuery::new()).await;
    assert!(refused.is_err());
    assert_eq!(server.targets().len(), 1);

    let server = Server::start(answers());
    let client = MediaClient::builder(server.url(), key())
        .retry(Retry::times(1))
        .build()
        .expect("the address is one");
    let page = client.list_media(&MediaQuery::new()).await;
    assert_eq!(page.expect("the second answer").items.len(), 1);
    assert_eq!(server.targets().len(), 2);
}
