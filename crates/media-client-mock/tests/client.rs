//! `media-client` against typed mocks.

// A test whose set-up fails may panic.
#![allow(clippy::unwrap_used)]

use media_client::types::{ApiError, ErrorResponse, MediaListResponse, MediaType};
use media_client::{ApiKey, Error, MediaClient, MediaQuery};
use media_client_mock::{MockServer, MockServerExt};
use serde_json::{Value, json};

fn client(server: &MockServer) -> MediaClient {
    MediaClient::new(server.base_url(), ApiKey::new("mapi_0").unwrap()).unwrap()
}

fn envelope(error: Value, data: Value) -> Value {
    json!({
        "data": data,
        "error": error,
        "meta": { "request_id": "r-1", "timestamp": "2026-04-10T12:00:00.000Z" },
    })
}

fn page() -> MediaListResponse {
    let data = json!({
        "items": [], "media_ids": [], "pagination": { "limit": 7, "offset": 0 },
    });
    serde_json::from_value(envelope(Value::Null, data)).unwrap()
}

#[tokio::test]
async fn mock_responds_to_the_expected_request() {
    let server = MockServer::start_async().await;
    let mock = server.list_media(|when, then| {
        when.limit(7).type_(MediaType::Video).offset(None);
        then.ok(&page());
    });
    let query = MediaQuery::new().limit(7).media_type(MediaType::Video);
    let found = client(&server).list_media(&query).await.unwrap();
    assert!(found.items.is_empty());
    mock.assert_async().await;

    // Any other request is not expected.
    let other = client(&server).list_media(&MediaQuery::new()).await;
    assert!(other.is_err());
    assert_eq!(mock.calls_async().await, 1);
}

#[tokio::test]
async fn mocked_error_is_an_error_of_the_client() {
    let server = MockServer::start_async().await;
    let error = ApiError {
        code: "unauthorized".to_owned(),
        details: None,
        message: "no such key".to_owned(),
    };
    let response: ErrorResponse =
        serde_json::from_value(envelope(serde_json::to_value(error).unwrap(), Value::Null))
            .unwrap();
    server.list_media(|_, then| {
        then.unauthorized(&response);
    });
    let error = client(&server)
        .list_media(&MediaQuery::new())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
}
