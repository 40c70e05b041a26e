//! Paths and methods that the contract does not know are answered in its envelope.

use media_client::reqwest::{self, Method};

use crate::test_server::{self, Files, RawResponse, send};

/// The answer to a request with a valid key.
fn answer_to(method: Method, path: &str) -> RawResponse {
    let files = Files::new();
    let key = files.key("default");
    let mut answer = None;
    test_server::run(async |server| {
        let url = server.start(files.library.clone()).await;
        let url = url.replace("/v1", path);
        let request = reqwest::Client::new()
            .request(method, url)
            .bearer_auth(&key);
        answer = Some(send(request).await);
    });
    answer.expect("it was played")
}

#[test]
fn there_is_nothing_at_another_path() {
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/media",
        "/v1/media/",
        "/v1/media/1",
        "/v1/Media",
    ] {
        let answer = answer_to(Method::GET, path);
        let code = answer.json()["error"]["code"].clone();
        assert_eq!(
            (answer.status, code.as_str()),
            (404, Some("not_found")),
            "{path}"
        );
    }
}

#[test]
fn another_method_is_refused_with_those_that_are_not() {
    for method in [
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ] {
        let answer = answer_to(method.clone(), "/v1/media");
        let code = answer.json()["error"]["code"].clone();
        assert_eq!(
            (answer.status, code.as_str()),
            (405, Some("method_not_allowed")),
            "{method}"
        );
        assert_eq!(answer.header("allow"), Some("GET,HEAD"), "{method}");
    }
}

#[test]
fn head_has_the_head_of_get_and_no_body() {
    let head = answer_to(Method::HEAD, "/v1/media");
    let get = answer_to(Method::GET, "/v1/media");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let names = |answer: &RawResponse| {
        let names = answer.headers.keys().map(ToString::to_string);
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    assert_eq!(names(&head), names(&get));
}
