//! The OpenAPI document of the server. `cargo xtask check` compares it with the contract.

use media_server::App;
use serde_json::Value;

use crate::support::client::send;
use crate::support::library::{Behaviour, FakeLibrary};
use crate::support::server::TestServer;

fn document() -> Value {
    serde_json::from_str(&media_server::document_json(&media_server::openapi()))
        .expect("a JSON document")
}

#[test]
fn document_is_openapi_3_1() {
    assert_eq!(document()["openapi"], "3.1.0");
}

#[test]
fn every_reference_resolves() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(properties) => {
                found.extend(
                    properties
                        .get("$ref")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
                properties
                    .values()
                    .for_each(|property| references(property, found));
            }
            Value::Array(elements) => elements
                .iter()
                .for_each(|element| references(element, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

#[test]
fn document_is_served_without_a_key_and_not_counted() {
    let app = App::new(FakeLibrary::listing(Behaviour::Succeed));
    let server = TestServer::start(app);
    let response = send(server.address, "GET", "/v1/openapi.json", &[]);
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.json(), document());
    assert!(response.has_no_rate_headers());
    assert!(response.header("x-request-id").is_some());
}

#[test]
fn only_reading_the_document_is_public() {
    let app = App::new(FakeLibrary::listing(Behaviour::Succeed));
    let server = TestServer::start(app);
    let status = |method| send(server.address, method, "/v1/openapi.json", &[]).status;
    assert_eq!(status("HEAD"), 200);
    assert_eq!(status("POST"), 401);
}
