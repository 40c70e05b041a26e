//! The rules of responses.

use openapi_contract::Fidelity;

use super::super::{ClientPlan, StreamKind};
use super::{facts, losses, only, plan, read, reading, result, source};

/// An operation with these responses.
fn with_responses(method: &str, responses: &str) -> String {
    let responses = responses
        .replace("<A>", "{ schema: { $ref: '#/components/schemas/A' } }")
        .replace("<B>", "{ schema: { $ref: '#/components/schemas/B' } }");
    format!(
        "  /:
    {method}:
      operationId: get
      responses:
{responses}"
    )
}

fn response(status: &str, content: &str) -> String {
    let content = match content {
        "" => String::new(),
        content => format!(", content: {{ {content} }}"),
    };
    format!("        '{status}': {{ description: ''{content} }}\n")
}

/// Responses by status with their content; the types; how some statuses are read; `Accept`; what is lost.
struct Case<'c> {
    responses: &'c [(&'c str, &'c str)],
    types: [&'c str; 2],
    read: &'c [(u16, &'c str)],
    accept: Option<&'c str>,
    lost: &'c [&'c str],
}

#[test]
fn operations_have_one_success_type_and_one_error_type() {
    let json = Some("application/json");
    let cases = [
        Case {
            responses: &[("200", "application/json: <A>"), ("404", "")],
            types: ["A", "Empty"],
            read: &[
                (200, "ok A"),
                (204, "unexpected"),
                (404, "err Empty"),
                (500, "unexpected"),
            ],
            accept: json,
            lost: &[],
        },
        // `default` is an error, unless it is the only response, or has the body of all successes.
        Case {
            responses: &[
                ("200", "application/json: <A>"),
                ("default", "application/json: <B>"),
            ],
            types: ["A", "B"],
            read: &[
                (200, "ok A"),
                (202, "err B"),
                (304, "err B"),
                (404, "err B"),
            ],
            accept: json,
            lost: &[],
        },
        Case {
            responses: &[("default", "application/json: <A>")],
            types: ["A", "A"],
            read: &[(200, "ok A"), (299, "ok A"), (300, "err A"), (404, "err A")],
            accept: json,
            lost: &[],
        },
        Case {
            responses: &[
                ("404", "application/json: <B>"),
                ("default", "application/json: <A>"),
            ],
            types: ["A", "GetError"],
            read: &[(200, "ok A"), (404, "err ::B"), (500, "err ::A")],
            accept: json,
            lost: &[],
        },
        Case {
            responses: &[("200", "application/json: <A>"), ("default", "")],
            types: ["A", "Empty"],
            read: &[(200, "ok A"), (404, "unexpected")],
            accept: json,
            lost: &[],
        },
        Case {
            responses: &[("204", ""), ("default", "")],
            types: ["Empty", "Empty"],
            read: &[(204, "ok Empty"), (202, "ok Empty"), (404, "err Empty")],
            accept: None,
            lost: &[],
        },
        // Without a success, whatever arrives is one.
        Case {
            responses: &[("404", "application/json: <A>")],
            types: ["Bytes", "A"],
            read: &[(200, "ok Stream"), (404, "err A"), (500, "unexpected")],
            accept: json,
            lost: &[],
        },
        // Different types of several statuses are a union.
        Case {
            responses: &[
                ("200", "application/json: <A>"),
                ("201", "application/json: <B>"),
                ("204", ""),
                ("4XX", "application/json: <A>"),
                ("404", "application/problem+json: <B>"),
                ("409", ""),
            ],
            types: ["Option<GetResponse>", "GetError"],
            read: &[
                (200, "ok ::A"),
                (201, "ok ::B"),
                (204, "ok Absent"),
                (400, "err ::A"),
                (404, "err ::B"),
                (409, "unexpected"),
            ],
            accept: Some("application/json, application/problem+json"),
            lost: &[],
        },
        // The same inline schema is one type.
        Case {
            responses: &[
                (
                    "200",
                    "application/json: { schema: { type: array, items: { type: string } } }",
                ),
                (
                    "201",
                    "application/json: { schema: { type: array, items: { type: string } } }",
                ),
            ],
            types: ["Vec<String>", "Empty"],
            read: &[(200, "ok Vec<String>"), (201, "ok Vec<String>")],
            accept: json,
            lost: &[],
        },
        // Two JSON types of one response are told apart by the media type.
        Case {
            responses: &[(
                "200",
                "application/json: <A>, application/vnd.b+json: <B>, text/json: <A>, application/xml: <B>",
            )],
            types: ["GetResponse", "Empty"],
            read: &[(
                200,
                "ok application/json|text/json=::A application/vnd.b+json=::B",
            )],
            accept: Some("application/json, text/json, application/vnd.b+json"),
            lost: &[],
        },
        // Other media types contain the same, or are not read.
        Case {
            responses: &[("200", "text/plain: <A>, application/json: <A>")],
            types: ["A", "Empty"],
            read: &[(200, "ok A text/plain")],
            accept: json,
            lost: &[],
        },
        Case {
            responses: &[("200", "application/yaml: <A>, application/json: <A>")],
            types: ["A", "Empty"],
            read: &[(200, "ok A")],
            accept: json,
            lost: &[],
        },
        Case {
            responses: &[("200", "application/xml: <B>, application/hal+json: <A>")],
            types: ["A", "Empty"],
            read: &[(200, "ok A")],
            accept: Some("application/hal+json"),
            lost: &[
                "the response has several media types; the client only reads `application/hal+json`",
            ],
        },
        Case {
            responses: &[("200", "'*/*': <A>")],
            types: ["A", "Empty"],
            read: &[(200, "ok A")],
            accept: json,
            lost: &["the media type of the response is `*/*`; the client expects JSON"],
        },
        Case {
            responses: &[("200", "'*/*': { schema: { type: string } }")],
            types: ["Bytes", "Empty"],
            read: &[(200, "ok Stream")],
            accept: Some("*/*"),
            lost: &[],
        },
        // Strings and bytes.
        Case {
            responses: &[
                ("200", "text/plain: { schema: { type: integer } }"),
                ("204", ""),
                ("400", "text/plain: {}"),
                ("404", ""),
            ],
            types: ["Text", "Text"],
            read: &[
                (200, "ok Text"),
                (204, "ok Text"),
                (400, "err Text"),
                (404, "unexpected"),
            ],
            accept: Some("text/plain"),
            lost: &[],
        },
        Case {
            responses: &[
                ("200", "text/plain: {}"),
                ("201", "image/png: {}"),
                ("400", "text/plain: {}, application/pdf: {}"),
            ],
            types: ["Bytes", "Bytes"],
            read: &[(200, "ok Stream"), (201, "ok Stream"), (400, "err Stream")],
            accept: Some("text/plain, image/png, application/pdf"),
            lost: &[],
        },
        Case {
            responses: &[
                ("200", "application/json: <A>"),
                ("201", "image/png: {}"),
                ("400", "application/json: <A>"),
                ("401", "text/plain: {}"),
            ],
            types: ["A", "A"],
            read: &[
                (200, "ok A"),
                (201, "unexpected"),
                (400, "err A"),
                (401, "unexpected"),
            ],
            accept: json,
            lost: &[
                "a response 201 is not JSON, unlike others; it is returned as `Error::UnexpectedResponse`",
                "a response 401 is not JSON, unlike others; it is returned as `Error::UnexpectedResponse`",
            ],
        },
        // Neither success nor error.
        Case {
            responses: &[
                ("200", ""),
                ("302", "text/html: {}"),
                ("default", "application/json: <A>"),
            ],
            types: ["Empty", "A"],
            read: &[(200, "ok Empty"), (302, "unexpected"), (303, "err A")],
            accept: json,
            lost: &["a response 302 is returned as `Error::UnexpectedResponse`"],
        },
        // Another protocol.
        Case {
            responses: &[("101", ""), ("default", "application/json: <A>")],
            types: ["Upgraded", "A"],
            read: &[(101, "ok Upgrade"), (200, "err A")],
            accept: json,
            lost: &[],
        },
        Case {
            responses: &[("101", ""), ("200", "")],
            types: ["Empty", "Empty"],
            read: &[(101, "unexpected"), (200, "ok Empty")],
            accept: None,
            lost: &[
                "a response 101 is returned as `Error::UnexpectedResponse`, because other successes do not upgrade",
            ],
        },
        // No body in HTTP.
        Case {
            responses: &[("204", "application/json: <A>")],
            types: ["Empty", "Empty"],
            read: &[(204, "ok Empty")],
            accept: None,
            lost: &["a response 204 has no body in HTTP; its content is ignored"],
        },
        // Streams of items.
        Case {
            responses: &[
                ("200", "text/event-stream: <A>"),
                ("400", "text/event-stream: <A>"),
            ],
            types: ["Events<A>", "Bytes"],
            read: &[(200, "ok Events<A>"), (400, "err Stream")],
            accept: Some("text/event-stream"),
            lost: &[],
        },
        Case {
            responses: &[
                ("200", "application/json-seq: <A>, text/plain: {}"),
                ("202", ""),
            ],
            types: ["JsonLines<A>", "Empty"],
            read: &[(200, "ok JsonLines<A>"), (202, "unexpected")],
            accept: Some("application/json-seq"),
            lost: &[
                "the response has several media types; the client only reads `application/json-seq`",
                "a response 202 is not the stream that others are; it is returned as `Error::UnexpectedResponse`",
            ],
        },
        Case {
            responses: &[("200", "text/event-stream: { schema: { type: string } }")],
            types: ["Bytes", "Empty"],
            read: &[(200, "ok Stream")],
            accept: Some("text/event-stream"),
            lost: &[],
        },
    ];
    for case in cases {
        let responses = case.responses.iter();
        let yaml: String = responses
            .map(|(status, content)| response(status, content))
            .collect();
        let plan = plan(&with_responses("get", &yaml));
        let operation = only(&plan);
        let types = [&operation.success, &operation.error].map(|of| result(&plan, of));
        assert_eq!(types, case.types, "{yaml}");
        for (status, expected) in case.read {
            assert_eq!(
                reading(&plan, operation, *status),
                *expected,
                "{status} of\n{yaml}"
            );
        }
        assert_eq!(operation.accept.as_deref(), case.accept, "{yaml}");
        assert_eq!(losses(&plan), case.lost, "{yaml}");
        let statuses = operation.statuses.iter().map(ToString::to_string);
        let expected = case
            .responses
            .iter()
            .map(|(status, _)| (*status).to_owned());
        assert!(statuses.eq(expected), "{yaml}");
    }
}

#[test]
fn responses_to_head_have_no_body() {
    let yaml = response("200", "application/json: <A>") + &response("404", "application/json: <A>");
    let plan = plan(&with_responses("head", &yaml));
    let operation = only(&plan);
    assert_eq!(reading(&plan, operation, 200), "ok Empty");
    assert_eq!(reading(&plan, operation, 404), "err Empty");
    let fact = "a response to `HEAD` has no body in HTTP; its content is ignored";
    assert_eq!(losses(&plan), [fact, fact]);
}

#[test]
fn streams_next_to_json_have_a_plan() {
    let yaml = response("200", "text/event-stream: <B>, application/json: <A>");
    let plan = plan(&with_responses("get", &yaml));
    let operation = only(&plan);
    assert_eq!(reading(&plan, operation, 200), "ok A");
    let stream = operation.stream.as_ref().unwrap();
    assert_eq!(stream.items.media_type, "text/event-stream");
    assert_eq!(stream.items.kind, StreamKind::Events);
    assert_eq!(source(&plan, &stream.items.ty), "B");
    assert!(stream.statuses.contain(200) && !stream.statuses.contain(201));
    assert_eq!(operation.accept.as_deref(), Some("application/json"));
    assert_eq!(losses(&plan), [""; 0]);
}

#[test]
fn item_schemas_of_openapi_3_2_are_items() {
    let yaml = "openapi: 3.2.0
info: { title: T, version: 1.0.0 }
paths:
  /:
    get:
      operationId: get
      requestBody: { content: { application/jsonl: { itemSchema: { type: integer } } } }
      responses:
        '200':
          description: ''
          content: { application/jsonl: { itemSchema: { type: integer } } }";
    let plan = ClientPlan::read(&read(yaml)).unwrap();
    assert_eq!(result(&plan, &only(&plan).success), "JsonLines<i64>");
    // The client does not write streams of items.
    let [lost] = losses(&plan)[..] else {
        panic!("{:?}", plan.findings);
    };
    assert!(lost.starts_with("`itemSchema` is"), "{lost}");
}

#[test]
fn variants_are_marked_as_boxed_if_they_are() {
    let yaml = response("400", "application/json: <A>") + &response("404", "application/json: <B>");
    let plan = plan(&with_responses("get", &yaml));
    let operation = only(&plan);
    for status in [400, 404] {
        let super::Reading::Error(super::ResponseBody::Variant(variant)) =
            operation.reading(status)
        else {
            panic!("{status}");
        };
        let crate::types::TypeKind::Union(union) = &plan.types.get(variant.union).kind else {
            panic!("{status}");
        };
        let declared = union
            .variants
            .iter()
            .find(|one| one.name == variant.variant)
            .unwrap();
        let is_boxed = matches!(declared.ty, crate::types::TypeRef::Boxed(_));
        assert_eq!(variant.is_boxed, is_boxed);
    }
    assert_eq!(
        facts(&plan, Fidelity::Exact),
        ["the bodies of 400, 404 become one union type; each status has its own alternative"]
    );
}

#[test]
fn web_sockets_expect_status_101() {
    let plan = plan(
        "  /:
    get:
      operationId: get
      x-dropshot-websocket: {}
      responses: { default: { description: '', content: { '*/*': { schema: {} } } } }",
    );
    let operation = only(&plan);
    assert!(operation.is_websocket);
    assert_eq!(result(&plan, &operation.success), "Upgraded");
    assert_eq!(reading(&plan, operation, 101), "ok Upgrade");
}

#[test]
fn headers_of_responses_are_scalars_or_lists() {
    let plan = plan(
        "  /:
    get:
      operationId: get
      responses:
        '200':
          description: ''
          headers:
            X-Text: { schema: { type: string, maxLength: 3 } }
            X-Sizes: { required: true, description: Sizes., schema: { type: array, items: { type: integer, format: int32 } } }
            X-Time: { deprecated: true, schema: { type: string, format: date-time } }
            X-Object: { schema: { $ref: '#/components/schemas/A' } }
            X-Number: { schema: { type: [number, 'null'] } }
            Content-Type: { schema: { type: string } }
        '404': { description: '' }",
    );
    let [of_success] = only(&plan).response_headers.as_slice() else {
        panic!("one response has headers");
    };
    assert_eq!(of_success.status.to_string(), "200");
    let found: Vec<(&str, bool, String)> = of_success
        .headers
        .iter()
        .map(|one| (one.name.as_str(), one.required, source(&plan, &one.ty)))
        .collect();
    let expected = [
        ("X-Text", false, "String"),
        ("X-Sizes", true, "Vec<i32>"),
        ("X-Time", false, "::chrono::DateTime<::chrono::Utc>"),
        ("X-Object", false, "String"),
        ("X-Number", false, "f64"),
    ];
    assert_eq!(
        found,
        expected.map(|(name, required, ty)| (name, required, ty.to_owned()))
    );
    assert_eq!(of_success.headers[1].doc, "Sizes.");
    assert!(of_success.headers[2].deprecated);
}
