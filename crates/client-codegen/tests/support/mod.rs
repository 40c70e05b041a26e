//! Small contracts, and what is generated from them.

// Each test file uses some of these functions. Panicking is how a test fails.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::Path;

use client_codegen::{ClientCrate, ContractSource, GenerateError, GeneratedFile, Options};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
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

/// An operation whose response has this schema for 200, and the component `Problem` for 4XX.
pub(crate) fn get(id: &str, schema: Value) -> Value {
    json!({ "get": {
        "operationId": id,
        "responses": {
            "200": response(schema),
            "4XX": response(json!({ "$ref": "#/components/schemas/Problem" })),
        },
    } })
}

pub(crate) fn response(schema: Value) -> Value {
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
    Ok(client_crate(document, manifest)?.files)
}

/// The client crate with its rewrites.
pub(crate) fn client_crate(
    document: &Value,
    manifest: Option<&str>,
) -> Result<ClientCrate, GenerateError> {
    let document = Document::parse("openapi/small.yaml", document.to_string()).unwrap();
    let contract = ContractSource {
        path: "openapi/small.yaml",
        contract: &Contract::read(document).unwrap(),
    };
    client_codegen::generate(&contract, &Options::new("small-client"), manifest)
}

/// The contents of a generated file; empty if there is no such file.
pub(crate) fn file<'a>(files: &'a [GeneratedFile], path: &str) -> &'a str {
    let found = files.iter().find(|file| file.path == Path::new(path));
    found.map_or("", |file| file.contents.as_str())
}

/// The contract of this workspace.
pub(crate) fn media() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/media.yaml");
    std::fs::read_to_string(path).unwrap()
}

/// The files of a client crate, generated from this text of the contract.
pub(crate) fn generate_media(text: &str) -> Vec<GeneratedFile> {
    let document = Document::parse("openapi/media.yaml", text).unwrap();
    let contract = ContractSource {
        path: "openapi/media.yaml",
        contract: &Contract::read(document).unwrap(),
    };
    client_codegen::generate(&contract, &Options::new("media-client"), None)
        .unwrap()
        .files
}
