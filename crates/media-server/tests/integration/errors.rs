//! Error responses: invalid parameters, unknown paths and methods, internal failures.

use media_server::App;
use media_server::test_support::TempLibrary;
use serde_json::json;

use crate::support::client::{Response, get, send};
use crate::support::library::{Behaviour, FakeLibrary, any_key};
use crate::support::server::TestServer;

fn check_envelope(response: &Response, status: u16, code: &str) {
    assert_eq!(response.status, status, "{}", response.body);
    assert_eq!(response.code(), code);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let body = response.json();
    assert_eq!(body["data"], json!(null));
    assert_eq!(
        body["meta"]["request_id"].as_str(),
        response.header("x-request-id")
    );
}

#[test]
fn error_names_the_parameter_its_value_and_its_range() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    let response = get(
        server.address,
        "/v1/media?limit=500",
        &library.key("default"),
    );
    check_envelope(&response, 400, "bad_request");
    assert_eq!(
        response.message(),
        "limit: 500 is not allowed, expected an integer from 1 to 100"
    );
    assert_eq!(
        response.json()["error"]["details"],
        json!({ "parameters": [
            { "parameter": "limit", "value": "500", "allowed": "an integer from 1 to 100" }
        ]})
    );
    assert!(response.has_rate_headers());
}

#[test]
fn every_invalid_query_is_a_400() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = TestServer::start(App::new(library.library.clone()));
    for query in [
        "limit=0",
        "limit=101",
        "limit=",
        "limit=ten",
        "limit=1&limit=1",
        "limit=%zz",
        "limit=%ff",
        "limit=%00",
        "offset=-1",
        "offset=9223372036854775808",
        "type=audio",
        "type=",
        "type=image&type=video",
        "%ff=1",
    ] {
        let response = get(server.address, &format!("/v1/media?{query}"), &key);
        check_envelope(&response, 400, "bad_request");
    }
}

#[test]
fn unknown_parameters_are_ignored() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    let response = get(
        server.address,
        "/v1/media?colour=red",
        &library.key("default"),
    );
    assert_eq!(response.status, 200);
}

#[test]
fn unknown_path_is_a_404_and_counted() {
    let library = TempLibrary::new();
    let key = library.key("default");
    let server = TestServer::start(App::new(library.library.clone()));
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/v1/media/",
        "/media",
        "/v1/media/x",
        "/v1/%ff",
    ] {
        let response = get(server.address, path, &key);
        check_envelope(&response, 404, "not_found");
        assert!(response.has_rate_headers());
    }
}

#[test]
fn other_method_is_a_405_and_counted() {
    let library = TempLibrary::new();
    let credentials = format!("Authorization: Bearer {}", library.key("default"));
    let server = TestServer::start(App::new(library.library.clone()));
    for method in ["POST", "DELETE", "OPTIONS", "BREW"] {
        let response = send(server.address, method, "/v1/media", &[&credentials]);
        check_envelope(&response, 405, "method_not_allowed");
        assert_eq!(response.header("allow"), Some("GET,HEAD"));
        assert!(response.has_rate_headers());
    }
}

#[test]
fn storage_failure_is_a_500_without_details() {
    let server = TestServer::start(App::new(FakeLibrary::listing(Behaviour::Fail)));
    let response = get(server.address, "/v1/media", &any_key());
    check_envelope(&response, 500, "internal_error");
    assert!(response.has_rate_headers());
    assert!(!response.body.contains("secret"));
}

#[test]
fn panic_is_a_500_and_the_server_continues() {
    let server = TestServer::start(App::new(FakeLibrary::listing(Behaviour::Panic)));
    for remaining in ["59", "58"] {
        let response = get(server.address, "/v1/media", &any_key());
        check_envelope(&response, 500, "internal_error");
        assert_eq!(response.header("x-ratelimit-remaining"), Some(remaining));
        assert!(!response.body.contains("secret"));
    }
}

#[test]
fn failure_before_authentication_is_not_counted() {
    for on_key in [Behaviour::Fail, Behaviour::Panic] {
        let server = TestServer::start(App::new(FakeLibrary {
            on_key,
            on_list: Behaviour::Succeed,
        }));
        let response = get(server.address, "/v1/media", &any_key());
        check_envelope(&response, 500, "internal_error");
        assert!(response.has_no_rate_headers());
    }
}

#[test]
fn parameters_are_validated_before_the_storage_is_called() {
    let server = TestServer::start(App::new(FakeLibrary::listing(Behaviour::Fail)));
    let response = get(server.address, "/v1/media?limit=0", &any_key());
    check_envelope(&response, 400, "bad_request");
}
