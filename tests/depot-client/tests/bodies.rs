//! Form bodies and streams, as the server receives them.

#![allow(clippy::unwrap_used)]

mod support;

use depot_client::Error;
use depot_client::bodies::{Content, File, PrintDraftForm, PrintLabelForm};
use depot_client::types::{Parcel, Size};
use support::{Received, Server};

/// The parts of a form: their headers in lower case, and their content.
fn parts(request: &Received) -> Vec<(String, String)> {
    let boundary = request
        .header("content-type")
        .strip_prefix("multipart/form-data; boundary=");
    let delimiter = format!("--{}", boundary.unwrap());
    let text = request.text();
    let mut parts = text.split(&delimiter).skip(1);
    let mut found = Vec::new();
    for part in parts.by_ref().take_while(|part| !part.starts_with("--")) {
        let (head, content) = part.trim_start().split_once("\r\n\r\n").unwrap();
        let head = head.to_lowercase().replace("\r\n", " | ");
        found.push((head, content.strip_suffix("\r\n").unwrap().to_owned()));
    }
    found
}

#[tokio::test]
async fn parts_of_every_type() {
    let server = Server::ok().await;
    let chunks = futures::stream::iter(["one ", "two"].map(Ok::<_, std::io::Error>));
    let form = PrintLabelForm::new()
        .parcel(&Parcel { id: 7 })
        .picture(File::new(reqwest::Body::wrap_stream(chunks)).name("label.png"))
        .memo("*fragile*")
        .size(Size::VeryLarge)
        .copies(2)
        .printed("2026-04-10T12:00:00Z".parse().unwrap())
        .tags(["red", "green"])
        .extras([
            File::new("x")
                .name("x.txt")
                .media_type("text/plain")
                .length(1),
            "y".into(),
        ])
        .contents(&[Parcel { id: 8 }, Parcel { id: 9 }]);
    server
        .client()
        .print_label()
        .dry(true)
        .body(form)
        .send()
        .await
        .unwrap();
    let request = server.only();
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/labels?dry=true")
    );
    let data = |rest: &str| format!("content-disposition: form-data; name={rest}");
    let expected = [
        (
            data("\"parcel\" | content-type: application/json"),
            r#"{"id":7}"#,
        ),
        (
            data("\"picture\"; filename=\"label.png\" | content-type: image/png"),
            "one two",
        ),
        (data("\"memo\" | content-type: text/markdown"), "*fragile*"),
        (data("\"size\""), "very-large"),
        (data("\"copies\""), "2"),
        (data("\"printed\""), "2026-04-10T12:00:00+00:00"),
        (data("\"tags\""), "red"),
        (data("\"tags\""), "green"),
        (
            data("\"extras\"; filename=\"x.txt\" | content-type: text/plain"),
            "x",
        ),
        (
            data("\"extras\" | content-type: application/octet-stream"),
            "y",
        ),
        (
            data("\"contents\" | content-type: application/json"),
            r#"{"id":8}"#,
        ),
        (
            data("\"contents\" | content-type: application/json"),
            r#"{"id":9}"#,
        ),
    ];
    assert_eq!(
        parts(&request),
        expected.map(|(head, content)| (head, content.to_owned()))
    );
}

#[tokio::test]
async fn file_with_a_length_has_a_content_length() {
    let server = Server::ok().await;
    let path = std::env::temp_dir().join(format!("depot-client-{}", std::process::id()));
    tokio::fs::write(&path, "from disk").await.unwrap();
    let file = tokio::fs::File::open(&path).await.unwrap();
    let length = file.metadata().await.unwrap().len();
    let form = PrintLabelForm::new()
        .parcel(&Parcel { id: 1 })
        .picture(File::new(file).length(length).name("a.png"));
    server
        .client()
        .print_label()
        .body(form)
        .send()
        .await
        .unwrap();
    tokio::fs::remove_file(&path).await.unwrap();
    let request = server.only();
    assert_eq!(parts(&request)[1].1, "from disk");
    assert_eq!(
        request.header("content-length"),
        request.body.len().to_string()
    );
}

#[tokio::test]
async fn missing_and_invalid_parts_are_rejected() {
    let server = Server::ok().await;
    let form = PrintLabelForm::new().parcel(&Parcel { id: 1 });
    let error = server
        .client()
        .print_label()
        .body(form)
        .send()
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::InvalidRequest(_)), "{error:?}");
    assert!(
        error
            .to_string()
            .ends_with("the required part `picture` of the request body is missing"),
        "{error}"
    );
    let wrong = PrintLabelForm::new()
        .parcel(&Parcel { id: 1 })
        .picture(File::new("x").media_type("no type"));
    let error = server
        .client()
        .print_label()
        .body(wrong)
        .send()
        .await
        .unwrap_err();
    let expected = "part `picture` of the request body: `no type` is not a valid media type";
    assert!(error.to_string().ends_with(expected), "{error}");
    let error = server.client().print_label().send().await.unwrap_err();
    assert!(
        error.to_string().ends_with("body was not initialized"),
        "{error}"
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn part_that_is_set_twice_is_sent_once() {
    let server = Server::ok().await;
    let form = PrintDraftForm::new().memo("a").memo("b");
    server
        .client()
        .print_draft()
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(parts(&server.only()).len(), 1);
    assert!(server.only().text().contains("\r\nb\r\n"));
}

#[tokio::test]
async fn optional_body_is_not_sent() {
    let server = Server::ok().await;
    server.client().print_draft().send().await.unwrap();
    server.client().post_table().send().await.unwrap();
    server
        .client()
        .post_table()
        .body("a,b\n")
        .send()
        .await
        .unwrap();
    let requests = server.requests();
    assert_eq!(
        (requests[0].header("content-type"), requests[0].body.len()),
        ("", 0)
    );
    assert_eq!(
        (requests[1].header("content-type"), requests[1].body.len()),
        ("", 0)
    );
    assert_eq!(
        (
            requests[2].header("content-type"),
            requests[2].text().as_str()
        ),
        ("text/csv", "a,b\n")
    );
}

#[tokio::test]
async fn streams_are_sent_in_chunks() {
    let (send, receive) = futures::channel::mpsc::channel::<Result<String, std::io::Error>>(0);
    let server = Server::ok().await;
    let client = server.client();
    let body = reqwest::Body::wrap_stream(receive);
    let request = client.put_photo().id("7").body(body).send();
    let feeding = async {
        let mut send = send;
        for chunk in ["first ", "second"] {
            futures::SinkExt::send(&mut send, Ok(chunk.to_owned()))
                .await
                .unwrap();
        }
    };
    let (response, ()) = tokio::join!(request, feeding);
    response.unwrap();
    let request = server.only();
    assert_eq!(request.header("content-type"), "image/png");
    assert_eq!(request.header("transfer-encoding"), "chunked");
    assert_eq!(request.text(), "first second");
}

#[tokio::test]
async fn content_of_any_type_has_its_own_media_type() {
    let server = Server::ok().await;
    let body = Content::new("image/webp", "pixels");
    server
        .client()
        .post_anything()
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(server.only().header("content-type"), "image/webp");
    let wrong = Content::new("image/\n", "pixels");
    server
        .client()
        .post_anything()
        .body(wrong)
        .send()
        .await
        .unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn debug_output_has_only_the_names_of_parts() {
    let form = PrintLabelForm::new().memo("private");
    assert_eq!(format!("{form:?}"), "PrintLabelForm { parts: [\"memo\"] }");
    assert!(!format!("{:?}", File::new("private")).contains("private"));
}
