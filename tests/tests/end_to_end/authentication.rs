//! 401: the response does not reveal why a key was rejected.

use media_client::reqwest::{self, Method, header::AUTHORIZATION};
use media_client::{Error, MediaQuery};
use media_server::test_support::{TempLibrary, library_name};
use serde_json::Value;

use crate::test_server::{self, client, limit, send};

/// A well-formed key that was never created.
const UNKNOWN: &str = "mapi_00000000000000000000000000000000000000000000000000000000000000ff";

/// A body without the metadata that differs in every response.
fn without_meta(mut body: Value) -> Value {
    body.as_object_mut().expect("an object").remove("meta");
    body
}

fn revoked_key(files: &TempLibrary) -> String {
    let created = files
        .library
        .create_key(&library_name("default"), "")
        .expect("a key");
    files
        .library
        .revoke_key(&created.id)
        .expect("an existing key");
    created.key.reveal().to_owned()
}

#[test]
fn all_rejected_keys_get_the_same_response() {
    let files = TempLibrary::new();
    let key = files.key("default");
    let recorder = test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let url = format!("{url}/media");
        let http = reqwest::Client::new();
        send(http.get(&url)).await;
        for credentials in [
            "".to_owned(),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            "Bearer mapi_short".to_owned(),
            format!("Basic {key}"),
            key.clone(),
            format!("Bearer {}", key.to_uppercase()),
            format!("Bearer {key}0"),
            format!("Bearer {UNKNOWN}"),
            format!("Bearer {}", revoked_key(&files)),
        ] {
            send(http.get(&url).header(AUTHORIZATION, credentials)).await;
        }
    });
    let exchanges = recorder.exchanges();
    assert_eq!(exchanges.len(), 11);
    let first = &exchanges[0];
    let names = |exchange: &test_server::Recorded| {
        let names = exchange.headers.iter().map(|(name, _)| name.clone());
        names.collect::<Vec<_>>()
    };
    for exchange in &exchanges {
        assert_eq!(exchange.status, 401);
        assert_eq!(without_meta(exchange.json()), without_meta(first.json()));
        assert_eq!(exchange.header("www-authenticate"), Some("Bearer"));
        assert_eq!(names(exchange), names(first));
    }
}

#[test]
fn two_credentials_are_rejected() {
    let files = TempLibrary::new();
    let key = files.key("default");
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let request = reqwest::Client::new()
            .get(format!("{url}/media"))
            .header(AUTHORIZATION, format!("Bearer {UNKNOWN}"))
            .header(AUTHORIZATION, format!("Bearer {key}"));
        assert_eq!(send(request).await.status, 401);
    });
}

#[test]
fn client_distinguishes_rejected_keys_from_other_failures() {
    let files = TempLibrary::new();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, UNKNOWN);
        let error = client.list_media(&MediaQuery::new()).await.unwrap_err();
        let Error::Unauthorized(failure) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(failure.code, "unauthorized");
        assert_eq!(failure.message, "the API key is missing or invalid");
        assert!(failure.request_id.is_some() && !error.is_retryable());
    });
}

#[test]
fn revoked_key_stops_working() {
    let files = TempLibrary::new();
    let created = files
        .library
        .create_key(&library_name("default"), "")
        .unwrap();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let client = client(&url, created.key.reveal());
        client.list_media(&MediaQuery::new()).await.unwrap();
        files.library.revoke_key(&created.id).unwrap();
        let error = client.list_media(&MediaQuery::new()).await.unwrap_err();
        assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    });
}

#[test]
fn rejected_request_is_not_counted() {
    let files = TempLibrary::new();
    let key = files.key("default");
    let app = media_server::App::new(files.library.clone()).rate_limit(limit(1));
    let recorder = test_server::run(async |server| {
        let url = server.start_app(app).await;
        for _ in 0..3 {
            let error = client(&url, UNKNOWN).list_media(&MediaQuery::new()).await;
            assert!(matches!(error, Err(Error::Unauthorized(_))), "{error:?}");
        }
        let page = client(&url, &key).list_media(&MediaQuery::new()).await;
        assert_eq!(page.unwrap().rate_limit.unwrap().remaining, 0);
    });
    let rejected = &recorder.exchanges()[0];
    assert_eq!(rejected.header("x-ratelimit-limit"), None);
}

#[test]
fn credentials_are_required_for_all_paths() {
    let files = TempLibrary::new();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let http = reqwest::Client::new();
        for (method, path) in [
            (Method::GET, "media?limit=0"),
            (Method::POST, "media"),
            (Method::GET, "nowhere"),
        ] {
            let response = send(http.request(method.clone(), format!("{url}/{path}"))).await;
            assert_eq!(response.status, 401, "{method} {path}");
        }
    });
}
