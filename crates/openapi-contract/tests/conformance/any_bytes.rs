//! Any bytes are received or rejected as a request without a panic.

use std::sync::LazyLock;

use openapi_contract::conformance::{Conformance, Request};
use openapi_contract::model::Contract;
use proptest::prelude::*;

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    super::contract(
        "
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}, token: {type: http, scheme: bearer}}
  schemas:
    Tree:
      type: object
      properties:
        n: {type: [integer, string]}
        left: {anyOf: [{$ref: '#/components/schemas/Tree'}, {type: array, items: {$ref: '#/components/schemas/Tree'}}, {type: string}]}
        right: {oneOf: [{$ref: '#/components/schemas/Tree'}, {type: boolean}]}
paths:
  /x/{a}...{b}/{c}/{d}:
    post:
      security: [{key: []}, {token: [read]}]
      parameters:
        - {name: a, in: path, required: true, style: label, schema: {type: integer}}
        - {name: b, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: integer}}}
        - {name: c, in: path, required: true, style: matrix, schema: {$ref: '#/components/schemas/Tree'}}
        - {name: d, in: path, required: true, explode: true, schema: {type: object}}
        - {name: deep, in: query, style: deepObject, explode: true, schema: {$ref: '#/components/schemas/Tree'}}
        - {name: list, in: query, explode: false, schema: {type: array, items: {type: [number, 'null']}}}
        - {name: tree, in: query, schema: {$ref: '#/components/schemas/Tree'}}
        - {name: json, in: query, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
        - {name: h, in: header, schema: {type: array, items: {type: integer}}}
        - {name: c, in: cookie, schema: {type: object, additionalProperties: true}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Tree'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Tree'}}
          multipart/form-data: {schema: {$ref: '#/components/schemas/Tree'}}
          text/*: {}
      responses: {'204': {description: Done.}}
",
    )
});

/// Text made of typical parts of requests.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "deep",
        "tree",
        "list",
        "json",
        "left",
        "right",
        "n",
        "[",
        "]",
        "[left]",
        "[]",
        "[0]",
        "=",
        "&",
        ";",
        ",",
        ".",
        "%",
        "%2",
        "%5B",
        "%ff",
        "+",
        "1",
        "-1e9",
        "true",
        "null",
        "\"",
        "{",
        "}",
        ":",
        "\r\n",
        "--b",
        "--",
        "\\",
        "ä",
        "key",
        "name",
        "Content-Disposition: form-data; name=",
        "Content-Type: application/json",
        " ",
        "\0",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![pieces(), any::<String>()]
}

fn content_type() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "text/plain",
    ]);
    prop_oneof![known.prop_map(str::to_owned), text()]
}

proptest! {
    #[test]
    fn a_request_is_received_or_rejected(
        values in prop::collection::vec(text(), 4),
        query in prop::option::of(text()),
        content_type in content_type(),
        header in text(),
        cookie in text(),
        authorization in text(),
        body in prop_oneof![text().prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..200)],
    ) {
        let mut conformance = Conformance::on_demand(&CONTRACT);
        let path = format!("/x/.{}...;b={}/;c={}/{}", values[0], values[1], values[2], values[3]);
        let headers = [("h", header), ("Cookie", cookie), ("authorization", authorization), ("content-type", content_type)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value));
        for path in [path.as_str(), values[0].as_str(), "/x/.1...;b=1/;c=n,1/n=1"] {
            let request = Request { method: "POST", path, query: query.as_deref(), headers: &headers, body: &body };
            let is_received = conformance.receive(&request).is_ok();
            let problems = conformance.check_request(&request);
            prop_assert!(is_received || !problems.is_empty());
        }
    }
}

#[test]
fn deep_and_long_requests_are_fast() {
    let conformance = Conformance::on_demand(&CONTRACT);
    let deep = format!("deep{}=1", "[left]".repeat(100_000));
    let wide: String = (0..20_000)
        .map(|at| format!("deep[left][{at}][left][right][left]=1&"))
        .collect();
    let body = format!(
        "left{}=1&{}",
        "[left]".repeat(5_000),
        "left[]=1&".repeat(20_000)
    );
    let headers = super::headers(&[("content-type", "application/x-www-form-urlencoded")]);
    for query in [deep.as_str(), wide.as_str()] {
        let request = Request {
            method: "POST",
            path: "/x/.1...;b=1/;c=n,1/n=1",
            query: Some(query),
            headers: &headers,
            body: body.as_bytes(),
        };
        assert!(conformance.receive(&request).is_ok());
    }
}

#[test]
fn conformance_is_shared_between_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    is_shared(&Conformance::on_demand(&CONTRACT));
}
