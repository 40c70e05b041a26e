//! Small contracts, and the files that are generated from them.

// Each test file uses what it needs, and a test that cannot be prepared fails.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::Path;

use client_codegen::{ClientCrate, ContractSource, GenerateError, GeneratedFile, Options};
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
    Ok(made(document, manifest)?.files)
}

/// The crate with what was changed in the contract for it.
pub(crate) fn made(document: &Value, manifest: Option<&str>) -> Result<ClientCrate, GenerateError> {
    let document = Document::parse("openapi/small.yaml", document.to_string()).unwrap();
    let contract = ContractSource {
        path: "openapi/small.yaml",
        document: &document,
    };
    client_codegen::generate(&contract, &Options::new("small-client"), manifest)
}

/// The text of a generated file, or nothing if it was not generated.
pub(crate) fn file<'a>(files: &'a [GeneratedFile], path: &str) -> &'a str {
    let found = files.iter().find(|file| file.path == Path::new(path));
    found.map_or("", |file| file.contents.as_str())
}

/// The contract of this workspace.
pub(crate) fn media() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/media.yaml");
    std::fs::read_to_string(path).unwrap()
}

/// The files of a client crate of a text of that contract.
pub(crate) fn generate_media(text: &str) -> Vec<GeneratedFile> {
    let document = Document::parse("openapi/media.yaml", text).unwrap();
    let contract = ContractSource {
        path: "openapi/media.yaml",
        document: &document,
    };
    client_codegen::generate(&contract, &Options::new("media-client"), None)
        .unwrap()
        .files
}
