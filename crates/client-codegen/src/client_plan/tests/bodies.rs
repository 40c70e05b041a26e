//! The rules of request bodies.

use openapi_contract::Fidelity;

use super::super::{BodyKind, FieldPlan, PartHeaderPlan, PartKind, Style};
use super::{facts, losses, only, plan, source};

/// An operation with a request body.
fn with_content(method: &str, content: &str) -> String {
    format!(
        "  /:
    {method}:
      operationId: send
      requestBody:
        description: The body.
        required: true
        content: {{ {content} }}
      responses: {{ '204': {{ description: '' }} }}"
    )
}

#[test]
fn media_types_with_one_schema_are_one_content() {
    use BodyKind::{Bytes, Content, Form, Json, Multipart, Text};
    const A: &str = "{ schema: { $ref: '#/components/schemas/A' } }";
    const B: &str = "{ schema: { $ref: '#/components/schemas/B' } }";
    const STRING: &str = "{ schema: { type: string } }";
    const BINARY: &str = "{ schema: { type: string, format: binary } }";
    type Expected<'e> = &'e [(&'e str, BodyKind, &'e str, &'e [&'e str])];
    let cases: &[(String, Expected<'_>)] = &[
        (
            format!("application/json: {A}"),
            &[("application/json", Json, "body", &[])],
        ),
        (
            format!("application/xml: {A}, application/json: {A}"),
            &[("application/json", Json, "body", &["application/xml"])],
        ),
        (
            format!(
                "text/plain: {STRING}, application/merge-patch+json: {B}, application/json: {A}, application/x-www-form-urlencoded: {A}"
            ),
            &[
                (
                    "application/json",
                    Json,
                    "body",
                    &["application/x-www-form-urlencoded"],
                ),
                (
                    "application/merge-patch+json",
                    Json,
                    "body_json_merge_patch",
                    &[],
                ),
                ("text/plain", Text, "body_text", &[]),
            ],
        ),
        (
            format!("multipart/form-data: {B}, application/x-www-form-urlencoded: {A}"),
            &[
                ("application/x-www-form-urlencoded", Form, "body", &[]),
                ("multipart/form-data", Multipart, "body_multipart", &[]),
            ],
        ),
        (
            format!(
                "application/json; v=1: {A}, application/json; v=2: {B}, application/vnd.x+json: {STRING}, Application/JSON: {BINARY}"
            ),
            &[
                ("application/json; v=1", Json, "body", &[]),
                ("application/json; v=2", Json, "body_json", &[]),
                ("Application/JSON", Json, "body_json_2", &[]),
                ("application/vnd.x+json", Json, "body_json_vnd_x", &[]),
            ],
        ),
        (
            format!("image/*: {BINARY}"),
            &[("image/*", Content, "body", &[])],
        ),
        (
            format!("image/png: {BINARY}"),
            &[("image/png", Bytes, "body", &[])],
        ),
        // The bytes of one media type are not those of another.
        (
            format!("image/png: {BINARY}, image/gif: {BINARY}"),
            &[("image/png", Content, "body", &["image/gif"])],
        ),
        (
            format!(
                "text/csv: {STRING}, application/octet-stream: {BINARY}, multipart/mixed: {{}}"
            ),
            &[
                ("application/octet-stream", Bytes, "body", &[]),
                ("text/csv", Bytes, "body_text_csv", &[]),
                ("multipart/mixed", Content, "body_multipart_mixed", &[]),
            ],
        ),
        ("'*/*': {}".to_owned(), &[("*/*", Content, "body", &[])]),
    ];
    for (content, expected) in cases {
        let plan = plan(&with_content("post", content));
        let body = only(&plan).body.as_ref().unwrap();
        assert!(body.required && body.doc == "The body.");
        let found: Vec<_> = body
            .contents
            .iter()
            .map(|one| {
                let also: Vec<&str> = one.also.iter().map(String::as_str).collect();
                (one.media_type.as_str(), one.kind, one.setter.as_str(), also)
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(media_type, kind, setter, also)| (*media_type, *kind, *setter, also.to_vec()))
            .collect();
        assert_eq!(found, expected, "{content}");
    }
}

#[test]
fn json_and_forms_have_types() {
    for (content, ty) in [
        (
            "application/json: { schema: { $ref: '#/components/schemas/A' } }",
            Some("A"),
        ),
        ("application/json: {}", Some("::serde_json::Value")),
        (
            "application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/A' } }",
            Some("A"),
        ),
        (
            "application/x-www-form-urlencoded: {}",
            Some("::std::collections::BTreeMap<String, String>"),
        ),
        ("text/plain: { schema: { type: string } }", None),
        ("application/octet-stream: {}", None),
    ] {
        let plan = plan(&with_content("post", content));
        let content = only(&plan).body.as_ref().unwrap().preferred().unwrap();
        let found = content.ty.as_ref().map(|ty| source(&plan, ty));
        assert_eq!(found.as_deref(), ty);
        assert_eq!(losses(&plan), [""; 0]);
    }
}

#[test]
fn lost_schemas_of_strings_and_bytes_are_reported() {
    for (content, lost) in [
        (
            "text/plain: { schema: { type: string, pattern: a, maxLength: 3 } }",
            "`text/plain` is sent as a string; `pattern`, `maxLength` of its schema is dropped",
        ),
        (
            "text/plain: { schema: { type: integer } }",
            "`text/plain` is sent as a string; `type` of its schema is dropped",
        ),
        (
            "application/xml: { schema: { $ref: '#/components/schemas/A' } }",
            "`application/xml` is sent as bytes; `type` of its schema is dropped",
        ),
        (
            "image/png: { schema: { type: string, format: binary } }",
            "",
        ),
        (
            "multipart/form-data: { schema: { $ref: '#/components/schemas/A' } }",
            "",
        ),
    ] {
        let plan = plan(&with_content("post", content));
        let expected: &[&str] = if lost.is_empty() { &[] } else { &[lost] };
        assert_eq!(losses(&plan), expected, "{content}");
    }
}

#[test]
fn bodies_without_a_meaning_in_http_are_reported() {
    let json = "application/json: {}";
    for method in ["get", "head", "delete"] {
        let plan = plan(&with_content(method, json));
        assert!(only(&plan).body.is_some(), "{method}");
        let expected = format!(
            "the body of a {} request has no defined meaning in HTTP; it is sent as declared",
            method.to_ascii_uppercase()
        );
        assert_eq!(facts(&plan, Fidelity::Exact), [expected]);
    }
    let plan = plan(&with_content("trace", json));
    assert!(only(&plan).body.is_none());
    assert_eq!(
        losses(&plan),
        ["a TRACE request cannot have a body; the body is removed"]
    );
}

#[test]
fn invalid_media_types_are_ignored() {
    let plan = plan(&with_content("post", "\"text/\\u00e4\": {}"));
    assert!(only(&plan).body.is_none());
    assert_eq!(
        losses(&plan),
        ["`text/ä` is not a valid media type; it is ignored"]
    );
}

#[test]
fn form_fields_have_their_encoding() {
    let plan = plan(
        "  /:
    post:
      operationId: send
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: { type: object, properties: { a: {}, b: {}, c: {}, d: {} } }
            encoding:
              d: { contentType: application/json }
              a: { style: spaceDelimited }
              b: { explode: false }
              c: { style: commas }
      responses: {}",
    );
    let body = only(&plan).body.as_ref().unwrap();
    assert!(!body.required);
    let field = |name: &str, style, content_type: Option<&str>| FieldPlan {
        name: name.to_owned(),
        style,
        content_type: content_type.map(str::to_owned),
    };
    assert_eq!(
        body.contents[0].fields,
        [
            field("d", Style::FormExploded, Some("application/json")),
            field("a", Style::SpaceDelimited, None),
            field("b", Style::Form, None),
            field("c", Style::FormExploded, None),
        ]
    );
    assert_eq!(
        losses(&plan),
        ["`commas` is not a style of form fields; `c` is sent in the style `form`"]
    );
}

#[test]
fn multipart_forms_have_parts() {
    let plan = plan(
        "  /:
    post:
      operationId: send
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file, about]
              properties:
                z-word: { type: string, description: A word. }
                file: { type: string, format: binary }
                image: { type: string, contentMediaType: image/png }
                about: { $ref: '#/components/schemas/A' }
                count: { type: [integer, 'null'], format: int32 }
                day: { type: string, format: date }
                files: { type: array, items: { type: string, format: binary } }
                table: { type: array, items: { type: array, items: { type: integer } } }
                xml: { $ref: '#/components/schemas/A' }
                other: { type: boolean }
            encoding:
              file: { contentType: 'image/png', headers: { X-Size: { required: true, description: Bytes., schema: { type: integer } }, Content-Type: {} } }
              about: { contentType: application/merge-patch+json }
              files: { contentType: 'image/*' }
              xml: { contentType: application/xml }
      responses: {}",
    );
    let content = &only(&plan).body.as_ref().unwrap().contents[0];
    let parts: Vec<String> = content
        .parts
        .iter()
        .map(|one| {
            let kind = match &one.kind {
                PartKind::Text(ty) => format!("Text {}", source(&plan, ty)),
                PartKind::Json(ty) => format!("Json {}", source(&plan, ty)),
                other => format!("{other:?}"),
            };
            let marks = [(one.is_list, " list"), (one.required, " required")];
            let marks = marks
                .iter()
                .filter(|(is_set, _)| *is_set)
                .map(|(_, mark)| *mark);
            let marks: String = marks.collect();
            let content_type = one.content_type.as_deref().unwrap_or_default();
            format!("{} {} {kind}{marks} {content_type}", one.name, one.setter)
        })
        .collect();
    assert_eq!(
        parts,
        [
            "z-word z_word Word ",
            "file file File required image/png",
            "image image File ",
            "about about Json A required application/merge-patch+json",
            "count count Text i32 ",
            "day day Text ::chrono::NaiveDate ",
            "files files File list ",
            "table table Json Vec<i64> list ",
            "xml xml Content application/xml",
            "other other_ Text bool ",
        ]
    );
    assert_eq!(content.parts[0].doc, "A word.");
    assert_eq!(
        content.parts[1].headers,
        [PartHeaderPlan {
            name: "X-Size".to_owned(),
            required: true,
            doc: "Bytes.".to_owned()
        }]
    );
}
