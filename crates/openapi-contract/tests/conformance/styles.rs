//! Parameters: from the sent string to its value.

use openapi_contract::conformance::Request;
use serde_json::{Value, json};

const INTEGERS: &str = "{type: array, items: {type: integer}}";
const COLOR: &str = "{type: object, properties: {R: {type: integer}, name: {type: string}}}";

/// The decoded value of parameter `p`, and the violations.
fn value(location: &str, written: &str, schema: &str, sent: &str) -> (Value, Vec<String>) {
    let path = if location == "path" { "/x/{p}" } else { "/x" };
    let contract = super::contract(&format!(
        "paths:
  {path}:
    get:
      parameters: [{{name: p, in: {location}, required: {}, {written}schema: {schema}}}]
      responses: {{'204': {{description: Done.}}}}
",
        location == "path"
    ));
    let headers = match location {
        "header" => super::headers(&[("P", sent)]),
        "cookie" => super::headers(&[("Cookie", sent)]),
        _ => Vec::new(),
    };
    let path = match location {
        "path" => format!("/x/{sent}"),
        _ => "/x".to_owned(),
    };
    let request = Request {
        method: "GET",
        path: &path,
        query: (location == "query").then_some(sent),
        headers: &headers,
        body: b"",
    };
    let (message, problems) = super::received(&contract, &request);
    let message = message.expect("it is a message");
    let name = if location == "path" { "0" } else { "p" };
    (message[location][name].clone(), problems)
}

fn assert_values(location: &str, cases: &[(&str, &str, &str, Value)]) {
    for (written, schema, sent, expected) in cases {
        let (value, problems) = value(location, written, schema, sent);
        assert_eq!(value, *expected, "{location} {written} {schema} {sent}");
        assert_eq!(problems, [""; 0], "{location} {written} {schema} {sent}");
    }
}

#[test]
fn queries() {
    let strings = "{type: array, items: {type: string}}";
    let listed = "style: form, explode: false, ";
    let spaces = "style: spaceDelimited, explode: false, ";
    let pipes = "style: pipeDelimited, explode: false, ";
    let deep = "style: deepObject, explode: true, ";
    assert_values(
        "query",
        &[
            ("", "{type: integer}", "p=5", json!(5)),
            ("", "{type: number}", "p=1.50", json!(1.5)),
            ("", "{type: boolean}", "p=true", json!(true)),
            ("", "{type: string}", "p=5", json!("5")),
            ("", "{type: string}", "%70=a+b%26c%3D%2B", json!("a b&c=+")),
            ("", "{type: string}", "p=", json!("")),
            ("", "{type: string}", "&&p&", json!("")),
            ("", "{type: [integer, 'null']}", "p=", Value::Null),
            (
                "allowEmptyValue: true, ",
                "{type: integer}",
                "p=",
                Value::Null,
            ),
            ("allowEmptyValue: true, ", "{type: string}", "p=", json!("")),
            ("", INTEGERS, "p=1&p=2", json!([1, 2])),
            ("", INTEGERS, "p=1", json!([1])),
            ("", strings, "p=a,b", json!(["a,b"])),
            (listed, INTEGERS, "p=1,2", json!([1, 2])),
            (listed, INTEGERS, "p=1%2C2", json!([1, 2])),
            (listed, INTEGERS, "p=", json!([])),
            (listed, strings, "p=a%2Cb,c", json!(["a,b", "c"])),
            (
                listed,
                COLOR,
                "p=R,100,name,7",
                json!({"R": 100, "name": "7"}),
            ),
            (spaces, INTEGERS, "p=1%202+3", json!([1, 2, 3])),
            (pipes, strings, "p=a|1%7Cc", json!(["a", "1", "c"])),
            (
                deep,
                COLOR,
                "p[R]=1&p%5Bname%5D=2",
                json!({"R": 1, "name": "2"}),
            ),
        ],
    );
}

#[test]
fn objects_nest_in_brackets() {
    let deep = "style: deepObject, explode: true, ";
    let schema = "{type: object, properties: {
        range: {type: object, properties: {low: {type: integer}, high: {type: string}}},
        ids: {type: array, items: {type: integer}},
        items: {type: array, items: {type: object, properties: {n: {type: integer}}}}}}";
    assert_values(
        "query",
        &[
            (
                deep,
                schema,
                "p[range][low]=1&p[range][high]=2",
                json!({"range": {"low": 1, "high": "2"}}),
            ),
            (
                deep,
                schema,
                "p[ids][]=1&p[ids][]=2",
                json!({"ids": [1, 2]}),
            ),
            (
                deep,
                schema,
                "p[ids][0]=1&p[ids][1]=2",
                json!({"ids": [1, 2]}),
            ),
            (deep, schema, "p[ids]=1&p[ids]=2", json!({"ids": [1, 2]})),
            (
                deep,
                schema,
                "p[items][0][n]=1&p[items][1][n]=2",
                json!({"items": [{"n": 1}, {"n": 2}]}),
            ),
        ],
    );
}

#[test]
fn exploded_properties_are_separate_parameters() {
    let open =
        "{type: object, properties: {R: {type: integer}}, additionalProperties: {type: boolean}}";
    assert_values(
        "query",
        &[
            ("", COLOR, "R=1&name=2", json!({"R": 1, "name": "2"})),
            ("", open, "R=1&x=true", json!({"R": 1, "x": true})),
            ("", COLOR, "", Value::Null),
        ],
    );
}

#[test]
fn schemas_choose_between_interpretations() {
    let listed = "style: form, explode: false, ";
    for (schema, sent, expected) in [
        ("{type: [integer, string]}", "p=5", json!(5)),
        ("{type: [integer, string]}", "p=05", json!("05")),
        (
            "{anyOf: [{type: integer, maximum: 3}, {type: string}]}",
            "p=5",
            json!("5"),
        ),
        (
            "{oneOf: [{type: boolean}, {type: string, enum: [auto]}]}",
            "p=auto",
            json!("auto"),
        ),
        (
            "{oneOf: [{type: boolean}, {type: string, enum: [auto]}]}",
            "p=true",
            json!(true),
        ),
        (
            "{anyOf: [{type: integer}, {type: array, items: {type: integer}}]}",
            "p=1,2",
            json!([1, 2]),
        ),
        (
            "{anyOf: [{type: integer}, {type: array, items: {type: integer}}]}",
            "p=1",
            json!(1),
        ),
        (
            "{anyOf: [{type: array, items: {type: integer}}, {type: array, items: {type: string}}]}",
            "p=1,a",
            json!(["1", "a"]),
        ),
        (
            "{anyOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, required: [b], properties: {b: {type: integer}}}]}",
            "p=b,1",
            json!({"b": 1}),
        ),
        ("{items: {type: integer}}", "p=5", json!([5])),
        (
            "{required: [a], properties: {a: {type: string}}}",
            "p=a,1",
            json!({"a": "1"}),
        ),
        ("{minLength: 1, items: {type: integer}}", "p=5", json!(5)),
        ("{}", "p=a,1", json!("a,1")),
    ] {
        let (value, problems) = value("query", listed, schema, sent);
        assert_eq!(value, expected, "{schema} {sent}");
        assert_eq!(problems, [""; 0], "{schema} {sent}");
    }
}

#[test]
fn paths() {
    let label = "style: label, ";
    let exploded = "style: label, explode: true, ";
    let matrix = "style: matrix, ";
    let matrices = "style: matrix, explode: true, ";
    assert_values(
        "path",
        &[
            ("", "{type: integer}", "5", json!(5)),
            ("", "{type: string}", "a%2Fb+c", json!("a/b+c")),
            ("", INTEGERS, "1,2", json!([1, 2])),
            ("", COLOR, "R,1,name,2", json!({"R": 1, "name": "2"})),
            (
                "explode: true, ",
                COLOR,
                "R=1,name=2",
                json!({"R": 1, "name": "2"}),
            ),
            (label, "{type: integer}", ".5", json!(5)),
            (label, INTEGERS, ".1,2", json!([1, 2])),
            (label, INTEGERS, ".1.2", json!([1, 2])),
            (exploded, INTEGERS, ".1.2", json!([1, 2])),
            (exploded, COLOR, ".R=1.name=2", json!({"R": 1, "name": "2"})),
            (matrix, "{type: integer}", ";p=5", json!(5)),
            (matrix, INTEGERS, ";p=1,2", json!([1, 2])),
            (matrix, COLOR, ";p=R,1,name,2", json!({"R": 1, "name": "2"})),
            (matrices, "{type: integer}", ";p=5", json!(5)),
            (matrices, INTEGERS, ";p=1;p=2", json!([1, 2])),
            (matrices, INTEGERS, ";p=1", json!([1])),
            (matrices, COLOR, ";R=1;name=2", json!({"R": 1, "name": "2"})),
        ],
    );
}

#[test]
fn headers_and_cookies() {
    assert_values(
        "header",
        &[
            ("", "{type: integer}", " 5", json!(5)),
            ("", "{type: string}", "a%20b", json!("a%20b")),
            ("", INTEGERS, "1, 2", json!([1, 2])),
            ("", COLOR, "R,1,name,2", json!({"R": 1, "name": "2"})),
            (
                "explode: true, ",
                COLOR,
                "R=1,name=2",
                json!({"R": 1, "name": "2"}),
            ),
        ],
    );
    assert_values(
        "cookie",
        &[
            ("", "{type: integer}", "a=b; p=5", json!(5)),
            ("explode: false, ", INTEGERS, "p=1,2", json!([1, 2])),
            ("", "{type: string}", "p=a%20b+c; q", json!("a b+c")),
            ("", COLOR, "R=1; name=2", json!({"R": 1, "name": "2"})),
        ],
    );
}

#[test]
fn parameters_with_content() {
    let contract = super::contract(
        "paths:
  /x:
    get:
      parameters:
        - {name: p, in: query, content: {application/json: {schema: {type: object, properties: {n: {type: integer}}}}}}
      responses: {'204': {description: Done.}}
",
    );
    for (query, expected, problem) in [
        ("p=%7B%22n%22:1%7D", json!({"n": 1}), None),
        (
            "p=%7B%22n%22:%22a%22%7D",
            json!({"n": "a"}),
            Some("GET /x request /query/p/n: \"a\" is not of type \"integer\""),
        ),
        (
            "p=%7B",
            json!("{"),
            Some(
                "GET /x request /query/p: not valid JSON: EOF while parsing an object at line 1 column 1",
            ),
        ),
    ] {
        let request = Request {
            method: "GET",
            path: "/x",
            query: Some(query),
            headers: &[],
            body: b"",
        };
        let (message, problems) = super::received(&contract, &request);
        assert_eq!(message.expect("it is a message")["query"]["p"], expected);
        assert_eq!(problems, problem.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_path_segment_can_have_several_parameters() {
    let contract = super::contract(
        "paths:
  /compare/{base}...{head}:
    get:
      parameters:
        - {name: base, in: path, required: true, schema: {type: string}}
        - {name: head, in: path, required: true, schema: {type: integer}}
      responses: {'204': {description: Done.}}
",
    );
    let request = Request {
        method: "get",
        path: "/compare/v1.0...2",
        query: None,
        headers: &[],
        body: b"",
    };
    let (message, problems) = super::received(&contract, &request);
    assert_eq!(message, Ok(json!({"path": {"0": "v1.0", "1": 2}})));
    assert_eq!(problems, [""; 0]);
}

#[test]
fn a_query_in_the_path_may_also_be_declared() {
    let contract = super::contract(
        "paths:
  /x?view=all:
    get:
      parameters: [{name: view, in: query, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
",
    );
    for sent in ["view=all", "view=all&view=all"] {
        let request = Request {
            method: "GET",
            path: "/x",
            query: Some(sent),
            headers: &[],
            body: b"",
        };
        let (message, problems) = super::received(&contract, &request);
        assert_eq!(problems, [""; 0], "{sent}");
        assert_eq!(message.expect("it is a message")["query"]["view"], "all");
    }
}

#[test]
fn names_in_a_path_query_can_be_parameters() {
    let contract = super::contract(
        "paths:
  /x?{by}=1:
    get:
      parameters: [{name: by, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
",
    );
    let request = Request {
        method: "GET",
        path: "/x",
        query: Some("%C3%BCber=1"),
        headers: &[],
        body: b"",
    };
    let (message, problems) = super::received(&contract, &request);
    assert_eq!(message, Ok(json!({"path": {"0": "über"}})));
    assert_eq!(problems, [""; 0]);
}
