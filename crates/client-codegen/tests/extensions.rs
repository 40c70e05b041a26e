//! Modules that are generated next to progenitor's code, and the errors for invalid extensions.
//!
//! The behavior of the code is tested in `tests/depot-client`, where it is compiled.

mod support;

use client_codegen::{Companion, CompanionKind, GenerateError, Options};
use openapi_contract::Fidelity;
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use serde_json::{Value, json};
use support::{client_crate, contract, file, generate, generate_into, get, problem, response};

/// A contract with one operation that has this `x-pagination`.
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

/// The pointer and the message of the error for a malformed contract.
fn malformed(document: &Value) -> (String, String) {
    match generate(document) {
        Err(GenerateError::Malformed {
            pointer, message, ..
        }) => (pointer.to_string(), message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn invalid_pagination_is_an_error_with_its_pointer() {
    let cursor = |key: &str, value: Value| {
        let mut declared = json!({ "style": "cursor", "parameter": "cursor", "next": "/meta/a~1b",
                                   "items": "/items" });
        declared[key] = value;
        declared
    };
    for (declared, key, says) in [
        (
            json!({ "items": "/items" }),
            "/style",
            "expected one of `offset`, `page`, `cursor`, `link`",
        ),
        (
            cursor("style", json!("cursors")),
            "/style",
            "expected one of `offset`, `page`, `cursor`, `link`",
        ),
        (cursor("style", json!(1)), "/style", "expected a string"),
        (
            cursor("limit", json!("page")),
            "/limit",
            "unknown key; the keys of this style are style, items, parameter, next, more",
        ),
        (
            json!({ "style": "cursor", "parameter": "cursor", "items": "/items" }),
            "/next",
            "this style requires the key",
        ),
        (
            json!({ "style": "link" }),
            "/items",
            "this style requires the key",
        ),
        (
            json!({ "style": "offset", "items": "/items" }),
            "/parameter",
            "this style requires the key",
        ),
        (
            cursor("parameter", json!("X-Cursor")),
            "/parameter",
            "the operation has no query parameter `X-Cursor`; its query parameters: `cursor`, `page`",
        ),
        (
            cursor("next", json!("meta")),
            "/next",
            "expected a JSON pointer into the response body, such as `/data/items`",
        ),
        (
            cursor("next", json!("/meta/next")),
            "/next",
            "`PageMeta` has no property `next`; its properties: `a/b`, `count`",
        ),
        (
            cursor("next", json!("/meta")),
            "/next",
            "expected a string or an integer, but found `PageMeta`",
        ),
        (
            cursor("more", json!("/meta/count")),
            "/more",
            "expected a boolean, but found `i64`",
        ),
        (
            cursor("items", json!("/meta")),
            "/items",
            "expected an array, but found `PageMeta`",
        ),
        (
            cursor("items", json!("/items/0")),
            "/items",
            "`Vec<String>` has no properties, so there is no `0`",
        ),
        (
            json!({ "style": "page", "parameter": "page", "items": "/items", "first": -1 }),
            "/first",
            "expected a non-negative integer",
        ),
        (
            json!({ "style": "offset", "parameter": "page", "items": "/items",
                    "total": "/meta/a~1b" }),
            "/total",
            "expected an integer, but found `String`",
        ),
    ] {
        let (pointer, message) = malformed(&list(declared.clone()));
        assert_eq!(
            pointer,
            format!("/paths/~1list/get/x-pagination{key}"),
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
fn pagination_of_another_vendor_is_ignored() {
    for declared in [
        json!({ "limitParam": "page", "resultsPath": "items" }),
        json!("cursor"),
        json!({}),
    ] {
        let files = generate(&list(declared.clone())).unwrap();
        assert_eq!(file(&files, "src/generated/pages.rs"), "", "{declared}");
        let text = list(declared.clone()).to_string();
        let document = Document::parse("list.json", text).unwrap();
        let contract = Contract::read(document).unwrap();
        let findings = client_codegen::findings(&contract).unwrap();
        let found = findings
            .iter()
            .find(|one| one.rule.id == "foreign-extension");
        let found = found.expect("the extension is reported");
        assert_eq!(found.fidelity, Some(Fidelity::Exact), "{declared}");
        let location = found.old.as_ref().expect("it has a location");
        assert_eq!(location.pointer, "/paths/~1list/get/x-pagination");
    }
}

#[test]
fn pagination_needs_a_json_response() {
    let mut document = list(json!({ "style": "link", "items": "" }));
    document["paths"]["/list"]["get"]["responses"] = json!({ "204": { "description": "" } });
    let (pointer, message) = malformed(&document);
    assert_eq!(pointer, "/paths/~1list/get/x-pagination");
    assert_eq!(
        message,
        "the operation has no success response with a JSON body"
    );
}

#[test]
fn undeclared_security_schemes_have_no_credentials() {
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
        "kind: SchemeKind::Header(\"X-Key\"),",
        "kind: SchemeKind::External,",
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
fn modules_and_dependencies_follow_the_contract() {
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
        manifest.contains("retry = [\"openapi-client-runtime/retry\"]"),
        "{manifest}"
    );
    assert!(!manifest.contains("default ="), "{manifest}");
}

#[test]
fn client_state_replaces_the_generated_hooks() {
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
fn colliding_names_get_a_suffix() {
    let headers = json!({ "X-A": { "schema": { "type": "string" } },
                          "x_a": { "schema": { "type": "string" } } });
    let mut ok = response(json!({ "type": "string" }));
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
fn unused_security_schemes_are_optional_everywhere() {
    let mut document = contract(
        json!({ "/list": get("list", json!({ "type": "string" })) }),
        json!({ "Problem": problem() }),
    );
    document["components"]["securitySchemes"] =
        json!({ "key": { "type": "apiKey", "in": "header", "name": "X-Key" } });
    let files = generate(&document).expect("the contract can be generated from");
    let auth = file(&files, "src/generated/auth.rs");
    assert!(auth.contains("alternatives: &[&[KEY], &[]]"), "{auth}");

    document["paths"]["/list"]["get"]["security"] = json!([]);
    let files = generate(&document).expect("the contract can be generated from");
    assert!(!files.iter().any(|file| file.path.ends_with("auth.rs")));
}

#[test]
fn commands_have_the_order_of_the_contract() {
    let operation =
        |id: &str| json!({ "operationId": id, "responses": { "204": { "description": "" } } });
    let document = contract(
        json!({
            "/z": { "post": operation("third"), "get": operation("first") },
            "/a": { "delete": operation("fourth"), "put": operation("second") },
        }),
        json!({}),
    );
    let client = client_crate(&document, Some("[package]\nname = \"small-client\"\n")).unwrap();
    let cli = Companion {
        kind: CompanionKind::Cli,
        client: "small-client".to_owned(),
        module: "small_client".to_owned(),
        path: "../small-client".to_owned(),
    };
    let files = client
        .companion(&cli, &Options::new("small-cli"), None)
        .unwrap();
    let code = file(&files, "src/generated/mod.rs");
    let (_, list) = code.split_once("pub fn iter()").unwrap();
    let variants = ["Third", "First", "Fourth", "Second"];
    let positions = variants.map(|name| list.find(&format!("CliCommand::{name}")).unwrap());
    assert!(positions.is_sorted(), "{list}");
}
