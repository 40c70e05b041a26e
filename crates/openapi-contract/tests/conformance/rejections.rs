//! Everything that a contract can reject about a request, with its location.

use openapi_contract::conformance::{Conformance, Request};

const CONTRACT: &str = "
paths:
  /x/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: limit, in: query, required: true, schema: {type: integer, maximum: 10}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, minLength: 2}}
        - {name: sid, in: cookie, schema: {type: integer}}
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [n], properties: {n: {type: integer}}}}
      responses: {'204': {description: Done.}}
  /label/{p}:
    get:
      parameters: [{name: p, in: path, required: true, style: label, schema: {type: string}}]
      responses: {'204': {description: Done.}}
";

/// The violations of a valid request after an edit.
fn problems(edit: impl Fn(&mut Sent)) -> Vec<String> {
    let mut sent = Sent {
        method: "POST",
        path: "/x/1",
        query: "limit=1",
        headers: vec![
            ("x-trace", "ab"),
            ("content-type", "application/json"),
            ("accept", "*/*"),
        ],
        body: "{\"n\": 1}",
    };
    edit(&mut sent);
    let contract = super::contract(CONTRACT);
    let headers = super::headers(&sent.headers);
    let request = Request {
        method: sent.method,
        path: sent.path,
        query: Some(sent.query),
        headers: &headers,
        body: sent.body.as_bytes(),
    };
    super::received(&contract, &request).1
}

/// An edit of a request.
type Edit = fn(&mut Sent);

struct Sent {
    method: &'static str,
    path: &'static str,
    query: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static str,
}

#[test]
fn each_kind_of_violation_is_reported_alone() {
    let site = "POST /x/{} request";
    assert_eq!(problems(|_| {}), [""; 0]);
    let cases: Vec<(Edit, String)> = vec![
        (
            |sent| sent.method = "PUT",
            "PUT /x/1: the contract does not declare this operation".to_owned(),
        ),
        (
            |sent| sent.path = "/y",
            "POST /y: the contract does not declare this operation".to_owned(),
        ),
        (
            |sent| sent.path = "/x/a%2F",
            format!("{site} /path/id: \"a/\" is not of type \"integer\""),
        ),
        (
            |sent| sent.query = "",
            format!("{site} /query: \"limit\" is a required property"),
        ),
        (
            |sent| sent.query = "limit=a",
            format!("{site} /query/limit: \"a\" is not of type \"integer\""),
        ),
        (
            |sent| sent.query = "limit=+1",
            format!("{site} /query/limit: \" 1\" is not of type \"integer\""),
        ),
        (
            |sent| sent.query = "limit=11",
            format!("{site} /query/limit: 11 is greater than the maximum of 10"),
        ),
        (
            |sent| sent.query = "limit=1&limit=2",
            format!("{site} /query/limit: [\"1\",\"2\"] is not of type \"integer\""),
        ),
        (
            |sent| sent.query = "limit=1&ids=1&ids=2",
            format!("{site} /query/ids: sent 2 times, but it can have only one value"),
        ),
        (
            |sent| sent.query = "limit=1&a%2Fb=1",
            format!("{site} /query/a~1b: the contract does not declare this query parameter"),
        ),
        (
            |sent| {
                sent.headers.remove(0);
            },
            format!("{site} /header: \"x-trace\" is a required property"),
        ),
        (
            |sent| sent.headers[0].1 = "a",
            format!("{site} /header/x-trace: \"a\" is shorter than 2 characters"),
        ),
        (
            |sent| sent.headers.push(("cookie", "sid=a")),
            format!("{site} /cookie/sid: \"a\" is not of type \"integer\""),
        ),
        (
            |sent| sent.body = "",
            format!("{site}: \"body\" is a required property"),
        ),
        (
            |sent| sent.body = "{\"n\": \"1\"}",
            format!("{site} /body/n: \"1\" is not of type \"integer\""),
        ),
        (
            |sent| sent.body = "{\"n\"",
            format!(
                "{site} /body: the body is not valid JSON: EOF while parsing an object at line 1 column 4"
            ),
        ),
        (
            |sent| sent.headers[1].1 = "text/plain",
            format!(
                "{site} /body/content_type: the content type is `text/plain`, but the contract \
                 declares `application/json`"
            ),
        ),
        (
            |sent| {
                sent.headers.remove(1);
            },
            format!("{site} /body: the request has a body but no content-type"),
        ),
    ];
    for (edit, expected) in cases {
        assert_eq!(problems(edit), [expected]);
    }
}

#[test]
fn all_violations_are_reported() {
    let found = problems(|sent| {
        sent.path = "/x/a";
        sent.query = "limit=11&x=1";
        sent.body = "{";
    });
    let places: Vec<&str> = found
        .iter()
        .filter_map(|line| line.split(' ').nth(3))
        .collect();
    assert_eq!(
        places,
        ["/query/x:", "/body:", "/path/id:", "/query/limit:"]
    );
}

#[test]
fn a_parameter_without_a_schema_claims_no_other_names() {
    let contract = super::contract(
        "paths:
  /x:
    get:
      parameters: [{name: p, in: query}]
      responses: {'204': {description: Done.}}
",
    );
    for (query, expected) in [
        ("p=1,2", None),
        (
            "q=1",
            Some("GET /x request /query/q: the contract does not declare this query parameter"),
        ),
    ] {
        let request = Request {
            method: "GET",
            path: "/x",
            query: Some(query),
            headers: &[],
            body: b"",
        };
        let (_, problems) = super::received(&contract, &request);
        assert_eq!(problems, expected.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn styles_are_enforced() {
    let label = |path| {
        problems(move |sent| {
            *sent = Sent {
                method: "GET",
                path,
                query: "",
                headers: vec![],
                body: "",
            };
        })
    };
    assert_eq!(label("/label/.a"), [""; 0]);
    assert_eq!(
        label("/label/a"),
        ["GET /label/{} request /path/p: a value of style `label` must start with `.`"]
    );
}

#[test]
fn an_operation_without_a_body_rejects_one() {
    let found = problems(|sent| {
        sent.method = "GET";
        sent.path = "/label/.a";
        sent.query = "";
    });
    assert_eq!(
        found,
        ["GET /label/{} request /body: the contract does not declare a request body"]
    );
}

#[test]
fn an_unsupported_pattern_rejects_nothing() {
    let contract = super::contract(
        "paths:
  /x:
    get:
      parameters: [{name: p, in: query, schema: {not: {type: string, pattern: '(?<=a)(?R)'}}}]
      responses: {'204': {description: Done.}}
",
    );
    let mut conformance = Conformance::on_demand(&contract);
    let request = Request {
        method: "GET",
        path: "/x",
        query: Some("p=1"),
        headers: &[],
        body: b"",
    };
    assert_eq!(conformance.check_request(&request), []);
}

#[test]
fn headers_that_openapi_ignores_are_not_required() {
    let contract = super::contract(
        "paths:
  /x:
    get:
      parameters:
        - {name: Content-Type, in: header, required: true, schema: {type: string, enum: [a/b]}}
        - {name: Accept, in: header, required: true, schema: {type: integer}}
        - {name: authorization, in: header, required: true, schema: {type: string}}
      responses: {'204': {description: Done.}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
",
    );
    let mut conformance = Conformance::on_demand(&contract);
    let headers = super::headers(&[("accept", "*/*")]);
    let request = Request {
        method: "GET",
        path: "/x",
        query: None,
        headers: &headers,
        body: b"",
    };
    assert_eq!(conformance.check_request(&request), []);
}

#[test]
fn authorization_is_a_parameter_if_no_security_scheme_declares_it() {
    let contract = super::contract(
        "paths:
  /x:
    get:
      parameters: [{name: authorization, in: header, required: true, schema: {type: string, minLength: 2}}]
      responses: {'204': {description: Done.}}
components: {securitySchemes: {}}
",
    );
    for (sent, expected) in [
        (&[("Authorization", "ab")][..], None),
        (
            &[("Authorization", "a")],
            Some("GET /x request /header/authorization: "),
        ),
        (&[], Some("GET /x request /header")),
    ] {
        let headers = super::headers(sent);
        let request = Request {
            method: "GET",
            path: "/x",
            query: None,
            headers: &headers,
            body: b"",
        };
        let (received, problems) = super::received(&contract, &request);
        let message = received.expect("the request is decoded");
        let value = sent.first().map(|(_, value)| (*value).into());
        assert_eq!(message["header"].get("authorization"), value.as_ref());
        let first = problems.first().map(String::as_str).unwrap_or_default();
        assert_eq!(!first.is_empty(), expected.is_some(), "{problems:?}");
        assert!(first.starts_with(expected.unwrap_or_default()), "{first}");
    }
}
