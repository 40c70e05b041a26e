//! Bodies: from the sent bytes to their value.

use openapi_contract::conformance::Request;
use openapi_contract::model::Contract;
use serde_json::{Value, json};

fn contract() -> Contract {
    super::contract(
        "paths:
  /x:
    post:
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {n: {type: integer}}}}
          application/merge-patch+json: {schema: {type: object}}
          text/plain: {schema: {type: string, maxLength: 5}}
          image/*: {schema: {type: string}}
          text/csv;header=present: {schema: {type: string}}
          application/x-www-form-urlencoded:
            schema: &form
              type: object
              required: [n]
              properties:
                n: {type: integer}
                text: {type: string}
                flags: {type: array, items: {type: boolean}}
                listed: {type: array, items: {type: integer}}
                point: {type: object, properties: {x: {type: integer}, y: {type: string}}}
                document: {type: object, properties: {n: {type: integer}}}
              additionalProperties: {type: string}
            encoding: &encoding
              listed: {style: form, explode: false}
              document: {contentType: application/json}
          multipart/form-data:
            schema:
              type: object
              required: [n]
              properties:
                n: {type: integer}
                text: {type: string}
                document: {type: object, properties: {n: {type: integer}}}
                flags: {type: array, items: {type: boolean}}
                file: {type: string, format: binary}
                files: {type: array, items: {type: string, format: binary}}
      responses: {'204': {description: Done.}}
",
    )
}

fn body(content_type: &str, body: &[u8]) -> (Result<Value, String>, Vec<String>) {
    let headers = super::headers(&[("Content-Type", content_type)]);
    let request = Request {
        method: "POST",
        path: "/x",
        query: None,
        headers: &headers,
        body,
    };
    let (message, problems) = super::received(&contract(), &request);
    (message.map(|message| message["body"].clone()), problems)
}

#[test]
fn bodies_are_decoded_by_content_type() {
    for (content_type, sent, name, value) in [
        (
            "application/json",
            "{\"n\": 1}",
            "application/json",
            json!({"n": 1}),
        ),
        (
            "Application/JSON; charset=utf-8",
            "{}",
            "application/json",
            json!({}),
        ),
        (
            "application/merge-patch+json",
            "{\"n\": null}",
            "application/merge-patch+json",
            json!({"n": null}),
        ),
        (
            "text/plain; charset=utf-8",
            "123",
            "text/plain",
            json!("123"),
        ),
        ("image/png", "x", "image/png", json!("x")),
        (
            "text/csv; Header=present",
            "a",
            "text/csv;header=present",
            json!("a"),
        ),
    ] {
        let (body, problems) = body(content_type, sent.as_bytes());
        assert_eq!(
            body,
            Ok(json!({"content_type": name, "value": value})),
            "{content_type}"
        );
        assert_eq!(problems, [""; 0], "{content_type}");
    }
}

#[test]
fn an_empty_body_counts_as_missing() {
    let (body, problems) = body("application/json", b"");
    assert_eq!((body, problems), (Ok(Value::Null), vec![]));
    let request = Request {
        method: "POST",
        path: "/x",
        query: None,
        headers: &[],
        body: b"",
    };
    let (message, problems) = super::received(&contract(), &request);
    assert_eq!((message, problems), (Ok(json!({})), vec![]));
}

#[test]
fn forms_are_decoded_to_objects() {
    for (sent, expected) in [
        ("n=1", json!({"n": 1})),
        ("n=1&text=a+b%26c", json!({"n": 1, "text": "a b&c"})),
        (
            "n=1&text=5&other=7",
            json!({"n": 1, "text": "5", "other": "7"}),
        ),
        (
            "n=1&flags=true&flags=false",
            json!({"n": 1, "flags": [true, false]}),
        ),
        ("n=1&flags=true", json!({"n": 1, "flags": [true]})),
        (
            "n=1&flags[]=true&flags[]=false",
            json!({"n": 1, "flags": [true, false]}),
        ),
        ("n=1&listed=1,2", json!({"n": 1, "listed": [1, 2]})),
        (
            "n=1&point[x]=1&point[y]=2",
            json!({"n": 1, "point": {"x": 1, "y": "2"}}),
        ),
        (
            "n=1&point=%7B%22x%22:1%7D",
            json!({"n": 1, "point": {"x": 1}}),
        ),
        (
            "n=1&document=%7B%22n%22:1%7D",
            json!({"n": 1, "document": {"n": 1}}),
        ),
    ] {
        let (body, problems) = body("application/x-www-form-urlencoded", sent.as_bytes());
        assert_eq!(body.expect("it is a form")["value"], expected, "{sent}");
        assert_eq!(problems, [""; 0], "{sent}");
    }
}

/// Parts with their headers and content, as browsers send them.
#[test]
fn a_form_without_fields_is_an_empty_object() {
    let contract = super::contract(
        "paths:
  /x:
    post:
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {}}}
      responses: {'204': {description: Done.}}
",
    );
    let headers = super::headers(&[("Content-Type", "application/x-www-form-urlencoded")]);
    for (sent, expected) in [("", json!({})), ("0=a&1=b", json!(["a", "b"]))] {
        let request = Request {
            method: "POST",
            path: "/x",
            query: None,
            headers: &headers,
            body: sent.as_bytes(),
        };
        let (message, problems) = super::received(&contract, &request);
        let message = message.expect("it is a form");
        assert_eq!(message["body"]["value"], expected, "{sent}");
        assert_eq!(problems, [""; 0], "{sent}");
    }
}

fn parts(parts: &[(&str, &str)]) -> String {
    let parts = parts.iter().map(|(headers, content)| {
        format!("--b\r\nContent-Disposition: form-data; {headers}\r\n\r\n{content}\r\n")
    });
    format!("{}--b--\r\n", parts.collect::<String>())
}

#[test]
fn parts_are_decoded_to_objects() {
    let json_type = "name=document\r\nContent-Type: application/json; charset=utf-8";
    let file_type = "name=\"files\"; filename=\"1\"\r\nContent-Type: image/png";
    for (sent, expected) in [
        (vec![("name=\"n\"", "1")], json!({"n": 1})),
        (
            vec![("name=n", "1"), ("name=text", "5")],
            json!({"n": 1, "text": "5"}),
        ),
        (
            vec![("name=n", "1"), ("name=text", "a\r\n--by\r\n-")],
            json!({"n": 1, "text": "a\r\n--by\r\n-"}),
        ),
        (
            vec![("name=n", "1"), ("name=text", "")],
            json!({"n": 1, "text": ""}),
        ),
        (
            vec![("name=n", "1"), ("name=flags", "true")],
            json!({"n": 1, "flags": [true]}),
        ),
        (
            vec![
                ("name=n", "1"),
                ("name=flags", "true"),
                ("name=flags", "false"),
            ],
            json!({"n": 1, "flags": [true, false]}),
        ),
        (
            vec![("name=n", "1"), (json_type, "{\"n\": 1}")],
            json!({"n": 1, "document": {"n": 1}}),
        ),
        (
            vec![("name=n", "1"), ("name=document", "{\"n\": 1}")],
            json!({"n": 1, "document": {"n": 1}}),
        ),
        (
            vec![("name=n", "1"), (file_type, "1")],
            json!({"n": 1, "files": ["1"]}),
        ),
        (
            vec![("name=n", "1"), (file_type, "1"), (file_type, "2")],
            json!({"n": 1, "files": ["1", "2"]}),
        ),
    ] {
        let sent = parts(&sent);
        let (body, problems) = body("multipart/form-data; boundary=\"b\"", sent.as_bytes());
        assert_eq!(body.expect("it is a form")["value"], expected, "{sent}");
        assert_eq!(problems, [""; 0], "{sent}");
    }
}

#[test]
fn files_can_be_binary() {
    let mut sent = b"--b\r\nContent-Disposition: form-data; name=n\r\n\r\n1\r\n--b\r\n\
        Content-Disposition: form-data; name=file\r\nContent-Type: image/png\r\n\r\n"
        .to_vec();
    sent.extend([0xff, 0, b'1']);
    sent.extend(b"\r\n--b--");
    let (body, problems) = body("multipart/form-data; boundary=b", &sent);
    let body = body.expect("it is a form");
    assert_eq!(body["value"], json!({"n": 1, "file": "\u{fffd}\u{0}1"}));
    assert_eq!(problems, [""; 0]);
}

#[test]
fn malformed_bodies_are_rejected() {
    let json_part = parts(&[("name=document\r\nContent-Type: application/json", "{")]);
    for (content_type, sent, expected) in [
        (
            "application/json",
            "{",
            "the body is not valid JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            "application/x-www-form-urlencoded",
            "document=%7B",
            "field `document`: not valid JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            "multipart/form-data",
            "",
            "the content-type has no boundary",
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\n\r\nx",
            "the form has no closing boundary",
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "a part of the form has no name",
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nx\r\n--b--",
            "a part of the form has no headers",
        ),
        (
            "multipart/form-data; boundary=b",
            &json_part,
            "part `document`: the body is not valid JSON: EOF while parsing an object at line 1 column 1",
        ),
    ] {
        let sent = if sent.is_empty() { "x" } else { sent };
        let (body, problems) = body(content_type, sent.as_bytes());
        let expected = format!("POST /x request /body: {expected}");
        assert_eq!(problems, [expected.as_str()]);
        assert_eq!(body, Err(expected));
    }
}
