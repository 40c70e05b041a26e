//! Who may ask: every kind of bad key gets the same answer.

use media_server::{App, KeyId};
use serde_json::Value;

use crate::support::client::{Answer, get, send, send_bytes};
use crate::support::library::{TempLibrary, any_key};
use crate::support::server::TestServer;

fn check_refused(answer: &Answer) {
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    assert!(answer.has_no_rate_headers());
    assert_eq!(answer.header("retry-after"), None);
    let mut body = answer.json();
    assert_eq!(
        body["meta"]["request_id"].as_str(),
        answer.header("x-request-id")
    );
    body["meta"] = Value::Null;
    assert_eq!(
        body.to_string(),
        "{\"data\":null,\"error\":{\"code\":\"unauthorized\",\
         \"message\":\"the API key is missing or invalid\"},\"meta\":null}"
    );
}

#[test]
fn missing_malformed_and_unknown_keys_get_the_same_answer() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = TestServer::start(App::new(library.library.clone()));
    check_refused(&send(server.address, "GET", "/v1/media", &[]));
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
        check_refused(&send(server.address, "GET", "/v1/media", &[&header]));
    }
}

#[test]
fn a_header_that_is_not_ascii_is_refused() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    let header: &[u8] = b"Authorization: Bearer mapi_\xff\xfe\xe9";
    check_refused(&send_bytes(server.address, "GET", "/v1/media", &[header]));
}

#[test]
fn two_headers_are_refused() {
    let library = TempLibrary::new();
    let header = format!("Authorization: Bearer {}", library.key("default"));
    let server = TestServer::start(App::new(library.library.clone()));
    check_refused(&send(
        server.address,
        "GET",
        "/v1/media",
        &[&header, &header],
    ));
}

#[test]
fn the_scheme_is_read_in_any_case() {
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
fn a_revoked_key_stops_working_at_once() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = TestServer::start(App::new(library.library.clone()));
    assert_eq!(get(server.address, "/v1/media", &key).status, 200);
    let id: KeyId = library.library.keys().expect("keys")[0].id.clone();
    library.library.revoke_key(&id).expect("a known key");
    check_refused(&get(server.address, "/v1/media", &key));
}

#[test]
fn without_a_key_nothing_can_be_learned_about_paths_and_methods() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    check_refused(&send(server.address, "GET", "/", &[]));
    check_refused(&send(server.address, "GET", "/v1/nothing", &[]));
    check_refused(&send(server.address, "DELETE", "/v1/media", &[]));
    check_refused(&send(server.address, "GET", "/v1/media?limit=0", &[]));
}
