//! The credentials of a request.

use openapi_contract::conformance::Request;
use serde_json::{Value, json};

const CONTRACT: &str = "
components:
  securitySchemes:
    token: {type: http, scheme: Bearer}
    login: {type: http, scheme: basic}
    key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: api_key}
    cookie: {type: apiKey, in: cookie, name: sid}
    oauth: {type: oauth2, flows: {}}
    tls: {type: mutualTLS}
paths:
  /token: {get: {security: [{token: []}], responses: {'204': {description: D}}}}
  /login: {get: {security: [{login: []}], responses: {'204': {description: D}}}}
  /key: {get: {security: [{key: []}], responses: {'204': {description: D}}}}
  /query: {get: {security: [{query: []}], responses: {'204': {description: D}}}}
  /cookie: {get: {security: [{cookie: []}], responses: {'204': {description: D}}}}
  /oauth: {get: {security: [{oauth: [read, write]}], responses: {'204': {description: D}}}}
  /tls: {get: {security: [{tls: []}], responses: {'204': {description: D}}}}
  /both: {get: {security: [{key: [], login: []}, {token: []}], responses: {'204': {description: D}}}}
  /any: {get: {security: [{}, {token: []}], responses: {'204': {description: D}}}}
  /open: {get: {responses: {'204': {description: D}}}}
";

fn received(path: &str, query: Option<&str>, headers: &[(&str, &str)]) -> (Value, Vec<String>) {
    let contract = super::contract(CONTRACT);
    let headers = super::headers(headers);
    let request = Request {
        method: "GET",
        path,
        query,
        headers: &headers,
        body: b"",
    };
    let (message, problems) = super::received(&contract, &request);
    (
        message.expect("it is a message")["credentials"].clone(),
        problems,
    )
}

#[test]
fn credentials_are_found_where_schemes_put_them() {
    for (path, query, headers, expected) in [
        (
            "/token",
            None,
            vec![("authorization", "bearer abc")],
            json!(["http bearer"]),
        ),
        (
            "/login",
            None,
            vec![("Authorization", "Basic YTpi")],
            json!(["http basic"]),
        ),
        (
            "/key",
            None,
            vec![("x-key", "1")],
            json!(["apiKey header X-Key"]),
        ),
        (
            "/query",
            Some("api_key=1"),
            vec![],
            json!(["apiKey query api_key"]),
        ),
        (
            "/cookie",
            None,
            vec![("cookie", "a=b; sid=1")],
            json!(["apiKey cookie sid"]),
        ),
        (
            "/oauth",
            None,
            vec![("authorization", "Bearer abc")],
            json!(["oauth2", "oauth2 read", "oauth2 write"]),
        ),
        ("/tls", None, vec![], json!(["mutualTLS"])),
        (
            "/both",
            None,
            vec![("authorization", "Bearer abc")],
            json!(["http bearer"]),
        ),
        (
            "/both",
            None,
            vec![("x-key", "1"), ("authorization", "Basic YTpi")],
            json!(["apiKey header X-Key", "http basic"]),
        ),
        ("/any", None, vec![], json!([])),
        // A key that the operation does not require is still a declared parameter.
        ("/open", Some("api_key=1"), vec![], Value::Null),
    ] {
        let (credentials, problems) = received(path, query, &headers);
        assert_eq!(credentials, expected, "{path}");
        assert_eq!(problems, [""; 0], "{path}");
    }
}

#[test]
fn missing_credentials_are_reported() {
    for (path, headers, expected) in [
        ("/token", vec![], "`http bearer`"),
        (
            "/token",
            vec![("authorization", "Bearer ")],
            "`http bearer`",
        ),
        (
            "/token",
            vec![("authorization", "Basic YTpi")],
            "`http bearer`",
        ),
        ("/oauth", vec![], "`oauth2`"),
        (
            "/both",
            vec![("x-key", "1")],
            "`apiKey header X-Key` and `http basic`, or `http bearer`",
        ),
    ] {
        let (_, problems) = received(path, None, &headers);
        let expected = format!(
            "GET {path} request /credentials: missing credentials: the contract requires {expected}"
        );
        assert_eq!(problems, [expected], "{path}");
    }
}
