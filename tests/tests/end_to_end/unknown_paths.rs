//! Responses to paths and methods outside of the contract have its envelope.

use media_client::reqwest::{self, Method};
use media_server::test_support::TempLibrary;

use crate::test_server::{self, RawResponse, send};

/// The response to a request with a valid key.
fn response_to(method: Method, path: &str) -> RawResponse {
    let files = TempLibrary::new();
    let key = files.key("default");
    let mut response = None;
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let url = url.replace("/v1", path);
        let request = reqwest::Client::new()
            .request(method, url)
            .bearer_auth(&key);
        response = Some(send(request).await);
    });
    response.expect("the test ran")
}

#[test]
fn unknown_path_is_not_found() {
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/media",
        "/v1/media/",
        "/v1/media/1",
        "/v1/Media",
    ] {
        let response = response_to(Method::GET, path);
        let code = response.json()["error"]["code"].clone();
        assert_eq!(
            (response.status, code.as_str()),
            (404, Some("not_found")),
            "{path}"
        );
    }
}

#[test]
fn unknown_method_is_rejected_with_the_allowed_ones() {
    for method in [
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ] {
        let response = response_to(method.clone(), "/v1/media");
        let code = response.json()["error"]["code"].clone();
        assert_eq!(
            (response.status, code.as_str()),
            (405, Some("method_not_allowed")),
            "{method}"
        );
        assert_eq!(response.header("allow"), Some("GET,HEAD"), "{method}");
    }
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let head = response_to(Method::HEAD, "/v1/media");
    let get = response_to(Method::GET, "/v1/media");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let names = |response: &RawResponse| {
        let names = response.headers.keys().map(ToString::to_string);
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    assert_eq!(names(&head), names(&get));
}
