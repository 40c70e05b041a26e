//! Everything else that is not a page: bad parameters, unknown paths and methods, failures inside.

use media_server::App;
use serde_json::json;

use crate::support::client::{Answer, get, send};
use crate::support::library::{Behaviour, FakeLibrary, TempLibrary, any_key};
use crate::support::server::TestServer;

fn check_envelope(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.code(), code);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let body = answer.json();
    assert_eq!(body["data"], json!(null));
    assert_eq!(
        body["meta"]["request_id"].as_str(),
        answer.header("x-request-id")
    );
}

#[test]
fn a_bad_parameter_is_named_with_value_and_range() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    let answer = get(
        server.address,
        "/v1/media?limit=500",
        &library.key("default"),
    );
    check_envelope(&answer, 400, "bad_request");
    assert_eq!(
        answer.message(),
        "limit: 500 is not allowed, expected an integer from 1 to 100"
    );
    assert_eq!(
        answer.json()["error"]["details"],
        json!({ "parameters": [
            { "parameter": "limit", "value": "500", "allowed": "an integer from 1 to 100" }
        ]})
    );
    assert!(answer.has_rate_headers());
}

#[test]
fn every_kind_of_bad_query_is_a_400() {
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
        let answer = get(server.address, &format!("/v1/media?{query}"), &key);
        check_envelope(&answer, 400, "bad_request");
    }
}

#[test]
fn unknown_parameters_are_ignored() {
    let library = TempLibrary::new();
    let server = TestServer::start(App::new(library.library.clone()));
    let answer = get(
        server.address,
        "/v1/media?colour=red",
        &library.key("default"),
    );
    assert_eq!(answer.status, 200);
}

#[test]
fn an_unknown_path_is_a_counted_404() {
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
        let answer = get(server.address, path, &key);
        check_envelope(&answer, 404, "not_found");
        assert!(answer.has_rate_headers());
    }
}

#[test]
fn another_method_is_a_counted_405_that_names_the_allowed_ones() {
    let library = TempLibrary::new();
    let credentials = format!("Authorization: Bearer {}", library.key("default"));
    let server = TestServer::start(App::new(library.library.clone()));
    for method in ["POST", "DELETE", "OPTIONS", "BREW"] {
        let answer = send(server.address, method, "/v1/media", &[&credentials]);
        check_envelope(&answer, 405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some("GET,HEAD"));
        assert!(answer.has_rate_headers());
    }
}

#[test]
fn a_failing_storage_is_a_500_that_tells_nothing() {
    let server = TestServer::start(App::new(FakeLibrary::listing(Behaviour::Fail)));
    let answer = get(server.address, "/v1/media", &any_key());
    check_envelope(&answer, 500, "internal_error");
    assert!(answer.has_rate_headers());
    assert!(!answer.body.contains("secret"));
}

#[test]
fn a_panic_is_a_500_and_the_server_goes_on() {
    let server = TestServer::start(App::new(FakeLibrary::listing(Behaviour::Panic)));
    for remaining in ["59", "58"] {
        let answer = get(server.address, "/v1/media", &any_key());
        check_envelope(&answer, 500, "internal_error");
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(remaining));
        assert!(!answer.body.contains("secret"));
    }
}

#[test]
fn a_failure_before_the_key_is_known_is_not_counted() {
    for on_key in [Behaviour::Fail, Behaviour::Panic] {
        let server = TestServer::start(App::new(FakeLibrary {
            on_key,
            on_list: Behaviour::Answer,
        }));
        let answer = get(server.address, "/v1/media", &any_key());
        check_envelope(&answer, 500, "internal_error");
        assert!(answer.has_no_rate_headers());
    }
}

#[test]
fn bad_parameters_are_found_before_the_storage_is_asked() {
    let server = TestServer::start(App::new(FakeLibrary::listing(Behaviour::Fail)));
    let answer = get(server.address, "/v1/media?limit=0", &any_key());
    check_envelope(&answer, 400, "bad_request");
}
