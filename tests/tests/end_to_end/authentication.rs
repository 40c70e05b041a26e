//! 401: which of the ways to be refused it was, the answer does not tell.

use media_client::reqwest::{self, Method, header::AUTHORIZATION};
use media_client::{Error, MediaQuery};
use serde_json::Value;

use crate::test_server::{self, Files, client, limit, name, send};

/// A well-formed key that nobody was given.
const UNKNOWN: &str = "mapi_00000000000000000000000000000000000000000000000000000000000000ff";

/// An answer without what is fresh in each.
fn without_meta(mut body: Value) -> Value {
    body.as_object_mut().expect("an object").remove("meta");
    body
}

fn revoked_key(files: &Files) -> String {
    let created = files
        .library
        .create_key(&name("default"), "")
        .expect("a key");
    files.library.revoke_key(&created.id).expect("it is there");
    created.key.reveal().to_owned()
}

#[test]
fn every_refused_key_gets_the_same_answer() {
    let files = Files::new();
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
fn two_credentials_are_refused() {
    let files = Files::new();
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
fn the_client_tells_a_refused_key_from_other_failures() {
    let files = Files::new();
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
fn a_key_stops_working_when_it_is_revoked() {
    let files = Files::new();
    let created = files.library.create_key(&name("default"), "").unwrap();
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
fn a_refused_request_is_not_counted() {
    let files = Files::new();
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
    let refused = &recorder.exchanges()[0];
    assert_eq!(refused.header("x-ratelimit-limit"), None);
}

#[test]
fn credentials_are_asked_for_whatever_is_asked() {
    let files = Files::new();
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let http = reqwest::Client::new();
        for (method, path) in [
            (Method::GET, "media?limit=0"),
            (Method::POST, "media"),
            (Method::GET, "nowhere"),
        ] {
            let answer = send(http.request(method.clone(), format!("{url}/{path}"))).await;
            assert_eq!(answer.status, 401, "{method} {path}");
        }
    });
}
