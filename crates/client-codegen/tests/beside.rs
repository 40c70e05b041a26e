//! What is generated beside progenitor's code, and what is said where a contract is wrong about it.
//!
//! What the code does is tested where it is compiled, in `tests/depot-client`.

mod support;

use client_codegen::GenerateError;
use serde_json::{Value, json};
use support::{answer, contract, file, generate, generate_into, get, problem};

/// A contract with one list that declares this.
fn list(pagination: Value) -> Value {
    let mut list = get("list", json!({ "$ref": "#/components/schemas/Page" }));
    list["get"]["x-pagination"] = pagination;
    list["get"]["parameters"] = json!([
        { "name": "cursor", "in": "query", "schema": { "type": "string" } },
        { "name": "page", "in": "query", "schema": { "type": "integer", "default": 0 } },
        { "name": "X-Cursor", "in": "header", "schema": { "type": "string" } },
    ]);
    contract(
        json!({ "/list": list }),
        json!({
            "Problem": problem(),
            "Page": { "type": "object", "required": ["items", "meta"], "properties": {
                "items": { "type": "array", "items": { "type": "string" } },
                "meta": { "type": "object", "properties": {
                    "a/b": { "type": "string" }, "count": { "type": "integer" } } },
            } },
        }),
    )
}

fn refusal(document: &Value) -> (String, String) {
    match generate(document) {
        Err(GenerateError::Malformed { at, message }) => (at, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_declared_wrong_has_its_place() {
    let cursor = |key: &str, value: Value| {
        let mut declared = json!({ "style": "cursor", "parameter": "cursor", "next": "/meta/a~1b",
                                   "items": "/items" });
        declared[key] = value;
        declared
    };
    for (declared, key, says) in [
        (json!("cursor"), "", "expected an object"),
        (
            json!({}),
            ".style",
            "expected one of `offset`, `page`, `cursor`, `link`",
        ),
        (
            cursor("style", json!("cursors")),
            ".style",
            "expected one of `offset`, `page`, `cursor`, `link`",
        ),
        (cursor("style", json!(1)), ".style", "expected a string"),
        (
            cursor("limit", json!("page")),
            ".limit",
            "unknown key; the keys of this style are style, items, parameter, next, more",
        ),
        (
            json!({ "style": "cursor", "parameter": "cursor", "items": "/items" }),
            ".next",
            "this style requires the key",
        ),
        (
            json!({ "style": "link" }),
            ".items",
            "this style requires the key",
        ),
        (
            json!({ "style": "offset", "items": "/items" }),
            ".parameter",
            "this style requires the key",
        ),
        (
            cursor("parameter", json!("X-Cursor")),
            ".parameter",
            "the operation has no query parameter `X-Cursor`; its query parameters: `cursor`, `page`",
        ),
        (
            cursor("next", json!("meta")),
            ".next",
            "expected a JSON pointer into the response body, such as `/data/items`",
        ),
        (
            cursor("next", json!("/meta/next")),
            ".next",
            "`PageMeta` has no property `next`; its properties: `a/b`, `count`",
        ),
        (
            cursor("next", json!("/meta")),
            ".next",
            "expected a string or an integer, but found `PageMeta`",
        ),
        (
            cursor("more", json!("/meta/count")),
            ".more",
            "expected a boolean, but found `i64`",
        ),
        (
            cursor("items", json!("/meta")),
            ".items",
            "expected an array, but found `PageMeta`",
        ),
        (
            cursor("items", json!("/items/0")),
            ".items",
            "`Vec<String>` has no properties, so there is no `0`",
        ),
        (
            json!({ "style": "page", "parameter": "page", "items": "/items", "first": -1 }),
            ".first",
            "expected a non-negative integer",
        ),
        (
            json!({ "style": "offset", "parameter": "page", "items": "/items",
                    "total": "/meta/a~1b" }),
            ".total",
            "expected an integer, but found `String`",
        ),
    ] {
        let (at, message) = refusal(&list(declared.clone()));
        assert_eq!(
            at,
            format!("paths./list.get.x-pagination{key}"),
            "{declared}"
        );
        assert_eq!(message, says, "{declared}");
    }
    let right = generate(&list(cursor("more", Value::Null)));
    assert!(matches!(right, Err(GenerateError::Malformed { .. })));
    let files = generate(&list(json!({ "style": "cursor", "parameter": "cursor",
                                       "next": "/meta/a~1b", "items": "/items" })));
    let files = files.unwrap();
    assert!(file(&files, "src/generated/pages.rs").contains("pub fn items"));
    assert!(file(&files, "Cargo.toml").contains("futures"));
}

#[test]
fn a_list_without_a_body_in_json_has_no_pages() {
    let mut document = list(json!({ "style": "link", "items": "" }));
    document["paths"]["/list"]["get"]["responses"] = json!({ "204": { "description": "" } });
    let (at, message) = refusal(&document);
    assert_eq!(at, "paths./list.get.x-pagination");
    assert_eq!(
        message,
        "the operation has no success response with a JSON body"
    );
}

#[test]
fn a_scheme_that_is_not_known_is_a_matter_of_the_connection() {
    let mut document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    document["security"] = json!([{ "key": [] }, { "undeclared": [] }]);
    document["components"]["securitySchemes"] = json!({
        "key": { "type": "apiKey", "in": "header", "name": "X-Key" } });
    let files = generate(&document).unwrap();
    let auth = file(&files, "src/generated/auth.rs");
    for line in [
        "Scheme::Key => Some(self.key.is_some()),",
        "Scheme::Undeclared => None,",
        "/// The contract does not declare this scheme, so the client sends nothing for it.",
    ] {
        assert!(auth.contains(line), "{line}\n{auth}");
    }
    assert!(!auth.contains("pub fn undeclared"), "{auth}");
    document["security"] = json!([]);
    assert_eq!(
        file(&generate(&document).unwrap(), "src/generated/auth.rs"),
        ""
    );
}

#[test]
fn only_what_a_contract_has_is_generated_and_needed() {
    let document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    let files = generate(&document).unwrap();
    for absent in ["auth", "headers", "pages", "bodies"] {
        assert_eq!(
            file(&files, &format!("src/generated/{absent}.rs")),
            "",
            "{absent}"
        );
    }
    let manifest = file(&files, "Cargo.toml");
    for absent in ["base64", "futures", "chrono", "uuid", "multipart"] {
        assert!(!manifest.contains(absent), "{absent}:\n{manifest}");
    }
    assert!(
        manifest.contains("retry = [\"dep:backon\", \"dep:httpdate\"]"),
        "{manifest}"
    );
    assert!(!manifest.contains("default ="), "{manifest}");
}

#[test]
fn a_crate_with_a_state_of_its_own_keeps_its_hooks() {
    let mut document = contract(
        json!({ "/a": get("a", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    document["security"] = json!([{ "key": [] }]);
    document["components"]["securitySchemes"] = json!({
        "key": { "type": "apiKey", "in": "header", "name": "X-Key" } });
    let manifest =
        "[package]\nname = \"x\"\n[package.metadata.openapi]\nclient-state = \"crate::S\"\n";
    let files = generate_into(&document, Some(manifest)).unwrap();
    assert_eq!(file(&files, "src/generated/hooks.rs"), "");
    assert!(file(&files, "src/generated/auth.rs").contains("pub struct Credentials"));
    let root = file(&files, "src/generated/mod.rs");
    assert!(root.contains("pub(crate) inner: crate::S,") && !root.contains("ClientState"));
}

#[test]
fn names_that_would_meet_are_told_apart() {
    let headers = json!({ "X-A": { "schema": { "type": "string" } },
                          "x_a": { "schema": { "type": "string" } } });
    let mut ok = answer(json!({ "type": "string" }));
    ok["headers"] = headers;
    let mut document = contract(
        json!({ "/a": { "get": { "operationId": "with_retry", "responses": { "200": ok } } } }),
        json!({}),
    );
    document["security"] = json!([{ "new": [] }]);
    document["components"]["securitySchemes"] = json!({
        "new": { "type": "http", "scheme": "bearer" },
        "default": { "type": "http", "scheme": "bearer" },
        "New": { "type": "http", "scheme": "bearer" } });
    let files = generate(&document).unwrap();
    let hooks = file(&files, "src/generated/hooks.rs");
    assert!(hooks.contains("pub fn with_retry_("), "{hooks}");
    let auth = file(&files, "src/generated/auth.rs");
    assert!(
        auth.contains("fn new_(") && auth.contains("fn new__(") && auth.contains("fn default_("),
        "{auth}"
    );
    let headers = file(&files, "src/generated/headers.rs");
    assert!(
        headers.contains("pub x_a: ") && headers.contains("pub x_a_: "),
        "{headers}"
    );
}

#[test]
fn schemes_that_nothing_asks_for_are_offered_everywhere() {
    let mut document = contract(
        json!({ "/list": get("list", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    document["components"]["securitySchemes"] =
        json!({ "key": { "type": "apiKey", "in": "header", "name": "X-Key" } });
    let files = generate(&document).expect("it can be generated");
    let auth = file(&files, "src/generated/auth.rs");
    assert!(auth.contains("ways: &[&[Scheme::Key], &[]]"), "{auth}");

    document["paths"]["/list"]["get"]["security"] = json!([]);
    let files = generate(&document).expect("it can be generated");
    assert!(!files.iter().any(|file| file.path.ends_with("auth.rs")));
}
