//! Authentication: the response is the same for all invalid keys.

use media_server::test_support::TempLibrary;
use media_server::{App, KeyId};
use serde_json::Value;

use crate::support::client::{Response, get, send, send_bytes};
use crate::support::library::any_key;
use crate::support::server::TestServer;

fn check_unauthorized(response: &Response) {
    assert_eq!(response.status, 401);
    assert_eq!(response.header("www-authenticate"), Some("Bearer"));
    assert!(response.has_no_rate_headers());
    assert_eq!(response.header("retry-after"), None);
    let mut body = response.json();
    assert_eq!(
        body["meta"]["request_id"].as_str(),
        response.header("x-request-id")
    );
    body["meta"] = Value::Null;
    assert_eq!(
        body.to_string(),
        "{\"data\":null,\"error\":{\"code\":\"unauthorized\",\
         \"message\":\"the API key is missing or invalid\"},\"meta\":null}"
    );
}

#[test]
fn missing_malformed_and_unknown_keys_get_the_same_response() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = TestServer::start(App::new(library.library.clone()));
    check_unauthorized(&send(server.address, "GET", "/v1/media", &[]));
    let digits = key.strip_prefix("mapi_").expect("the prefix");
    for value in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        key.clone(),
        format!("Basic {key}"),
        format!("Bearer {digits}"),
        format!("Bearer napi_{digits}"),
        format!("Bearer mapi_{}", &digits[1..]),
        format!("Bearer mapi_{}", digits.replace(|_: char| true, "g")),
        format!("Bearer MAPI_{digits}"),
        format!("Bearer {key}, Bearer {key}"),
        format!("Bearer {}", any_key()),
    ] {
        let header = format!("Authorization: {value}");
        check_unauthorized(&send(server.address, "GET", "/v1/media", &[&header]));
    }
}

#[test]
fn header_that_is_not_ascii_is_rejected() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    let header: &[u8] = b"Authorization: Bearer mapi_\xff\xfe\xe9";
    check_unauthorized(&send_bytes(server.address, "GET", "/v1/media", &[header]));
}

#[test]
fn two_headers_are_rejected() {
    let library = TempLibrary::new();
    let header = format!("Authorization: Bearer {}", library.key("default"));
    let server = TestServer::start(App::new(library.library.clone()));
    check_unauthorized(&send(
        server.address,
        "GET",
        "/v1/media",
        &[&header, &header],
    ));
}

#[test]
fn scheme_is_case_insensitive() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = TestServer::start(App::new(library.library.clone()));
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let header = format!("Authorization: {scheme} {key}");
        assert_eq!(
            send(server.address, "GET", "/v1/media", &[&header]).status,
            200
        );
    }
}

#[test]
fn revoked_key_is_rejected_at_once() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = TestServer::start(App::new(library.library.clone()));
    assert_eq!(get(server.address, "/v1/media", &key).status, 200);
    let id: KeyId = library.library.keys().expect("keys")[0].id.clone();
    library.library.revoke_key(&id).expect("a known key");
    check_unauthorized(&get(server.address, "/v1/media", &key));
}

#[test]
fn unauthenticated_responses_reveal_no_paths_or_methods() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    check_unauthorized(&send(server.address, "GET", "/", &[]));
    check_unauthorized(&send(server.address, "GET", "/v1/nothing", &[]));
    check_unauthorized(&send(server.address, "DELETE", "/v1/media", &[]));
    check_unauthorized(&send(server.address, "GET", "/v1/media?limit=0", &[]));
}
