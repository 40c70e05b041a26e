//! Multipart forms.

use openapi_client_runtime::multipart::{File, FormError, Part, PartProblem, Parts};
use openapi_client_runtime::{Error, Request, Style};
use reqwest::{Body, Method};

use crate::support::{Client, Reply, Server};

const OK: Reply = Reply::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");

/// Sends a form, and returns the request.
async fn sent(parts: Parts) -> String {
    let server = Server::start(&[OK]).await;
    let client = Client::new(&server.url);
    let request = Request::new(Method::POST, &client.base_url)
        .path("/")
        .header("Content-Type", Style::Simple, Ok("multipart/form-data"))
        .multipart(Ok(Some(parts)));
    request.send::<(), _, ()>(&client, "post").await.unwrap();
    server.requests()[0].replace("\r\n", "\n")
}

#[tokio::test]
async fn parts_have_their_media_types_headers_and_file_names() {
    let mut parts = Parts::requiring(&["text", "file"]);
    parts
        .add("text", Part::text("a").header("X-Part", "1"))
        .add("number", Part::scalar(&1.5))
        .add("word", Part::scalar("b"))
        .add(
            "json",
            Part::json(&[1]).media_type("application/vnd.a+json"),
        )
        .add("file", Part::file("c"))
        .add(
            "file",
            Part::file_or(File::new(vec![b'd']).name("d.png"), "image/png"),
        )
        .add(
            "file",
            Part::file_or(File::new("e").media_type("text/csv"), "image/png"),
        );
    let request = sent(parts).await;
    assert_eq!(
        request.matches("content-type: multipart/form-data").count(),
        1,
        "{request}"
    );
    assert!(
        request.contains("content-type: multipart/form-data; boundary="),
        "{request}"
    );
    for part in [
        "name=\"text\"\nx-part: 1\n\na\n",
        "name=\"number\"\n\n1.5\n",
        "name=\"word\"\n\nb\n",
        "name=\"json\"\nContent-Type: application/vnd.a+json\n\n[1]\n",
        "name=\"file\"\nContent-Type: application/octet-stream\n\nc\n",
        "name=\"file\"; filename=\"d.png\"\nContent-Type: image/png\n\nd\n",
        "name=\"file\"\nContent-Type: text/csv\n\ne\n",
    ] {
        assert!(request.contains(part), "{part}\n--- in\n{request}");
    }
}

#[tokio::test]
async fn forms_of_known_length_have_a_content_length() {
    let mut parts = Parts::new();
    parts.add("text", Part::text("a"));
    assert!(sent(parts).await.contains("content-length: "));
    let stream = || Body::wrap_stream(futures::stream::iter([Ok::<_, std::io::Error>("a")]));
    let mut parts = Parts::new();
    parts.add("file", Part::file(stream()));
    assert!(sent(parts).await.contains("transfer-encoding: chunked"));
    let mut parts = Parts::new();
    parts.add("file", Part::file(File::new(stream()).length(1)));
    assert!(sent(parts).await.contains("content-length: "));
}

#[tokio::test]
async fn setting_a_part_replaces_all_with_its_name() {
    let mut parts = Parts::new();
    parts
        .add("a", Part::text("1"))
        .add("b", Part::text("2"))
        .add("a", Part::text("3"));
    parts.set("a", Part::text("4"));
    let request = sent(parts).await;
    assert_eq!(request.matches("name=\"a\"\n\n4\n").count(), 1, "{request}");
    assert_eq!(request.matches("name=\"a\"").count(), 1, "{request}");
}

#[test]
fn missing_and_invalid_parts_are_errors() {
    let error = Parts::requiring(&["a"]).into_form().unwrap_err();
    assert_eq!(error, FormError::Missing { name: "a" });
    assert_eq!(
        error.to_string(),
        "the required part `a` of the request body is missing"
    );
    let invalid = |part: Part| {
        let mut parts = Parts::new();
        parts.add("a", part);
        match parts.into_form().unwrap_err() {
            FormError::InvalidPart { problem, .. } => problem,
            other => panic!("{other}"),
        }
    };
    assert_eq!(
        invalid(Part::text("b").media_type("?")),
        PartProblem::MediaType("?".to_owned())
    );
    assert_eq!(
        invalid(Part::text("b").header("x", "c\nd")),
        PartProblem::Header("x".to_owned())
    );
    let no_json = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert!(matches!(
        invalid(Part::json(&no_json)),
        PartProblem::Value(_)
    ));
}

#[tokio::test]
async fn invalid_forms_are_not_sent() {
    let client = Client::new("http://127.0.0.1:9");
    let request = Request::new(Method::POST, &client.base_url).path("/");
    let request = request.multipart(Ok(Some(Parts::requiring(&["a"]))));
    let error = request
        .send::<(), _, ()>(&client, "post")
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::InvalidRequest(message)
        if message == "the required part `a` of the request body is missing"),
        "{error:?}"
    );
}
