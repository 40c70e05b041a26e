//! Small contracts, and the files that are generated from them.

// Each test file uses what it needs, and a test that cannot be prepared fails.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::Path;

use client_codegen::{Contract, GenerateError, GeneratedFile, Options, client};
use openapi_contract::document::Document;
use serde_json::{Value, json};

/// A contract with these paths and component schemas.
pub(crate) fn contract(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Small API", "version": "0.3.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// An operation that answers 200 with this schema and 4XX with the component `Problem`.
pub(crate) fn get(id: &str, schema: Value) -> Value {
    json!({ "get": {
        "operationId": id,
        "responses": {
            "200": answer(schema),
            "4XX": answer(json!({ "$ref": "#/components/schemas/Problem" })),
        },
    } })
}

pub(crate) fn answer(schema: Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

pub(crate) fn problem() -> Value {
    json!({ "type": "object", "required": ["message"], "properties": {
        "message": { "type": "string", "minLength": 1 } } })
}

pub(crate) fn generate(document: &Value) -> Result<Vec<GeneratedFile>, GenerateError> {
    generate_into(document, Some("[package]\nname = \"small-client\"\n"))
}

pub(crate) fn generate_into(
    document: &Value,
    manifest: Option<&str>,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let text = document.to_string();
    let contract = Contract {
        path: "openapi/small.yaml",
        text: &text,
        document,
    };
    client(&contract, &Options::new("small-client"), manifest)
}

/// The text of a generated file, or nothing if it was not generated.
pub(crate) fn file<'a>(files: &'a [GeneratedFile], path: &str) -> &'a str {
    let found = files.iter().find(|file| file.path == Path::new(path));
    found.map_or("", |file| file.contents.as_str())
}

/// The contract of this workspace.
pub(crate) fn media() -> (String, Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/media.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let document = Document::parse("openapi/media.yaml", &*text).unwrap();
    (text, document.to_json(document.root()))
}
