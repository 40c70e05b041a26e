//! Keeps the client in `tests/depot-client` generated from its contract.
//!
//! Its own tests send requests to a real server. Whether it is fresh can only be tested from
//! within this crate, as long as the bodies that progenitor refuses are not lowered here.

use std::path::PathBuf;

use openapi_contract::document::Document;
use serde_json::{Value, json};

use crate::beside::UploadBody;
use crate::output::plan;
use crate::{Contract, MANIFEST, Options, generate, lower, read};

#[test]
fn the_fixture_is_fresh() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/depot-client");
    let text = std::fs::read_to_string(directory.join("openapi.yaml")).unwrap();
    let document = Document::parse("tests/depot-client/openapi.yaml", &*text).unwrap();
    let document = document.to_json(document.root());
    let contract = Contract {
        path: "tests/depot-client/openapi.yaml",
        text: &text,
        document: &document,
    };
    let facts = read::facts(&document).unwrap();
    let (lowered, bodies) = without_uploads(&document);
    let mut options = Options::new("depot-client");
    options.command = "UPDATE_FIXTURE=1 cargo test -p client-codegen fixture".to_owned();
    let manifest = std::fs::read_to_string(directory.join(MANIFEST)).unwrap();
    let lowered = lower::lower(&lowered);
    let files = generate(
        &contract,
        &facts,
        &options,
        Some(&manifest),
        &lowered,
        &bodies,
    )
    .unwrap();

    let plan = plan(&directory, &files).unwrap();
    if std::env::var_os("UPDATE_FIXTURE").is_some() {
        plan.apply().unwrap();
        return;
    }
    let stale: Vec<_> = plan.stale().map(|file| &file.path).collect();
    assert!(stale.is_empty(), "{stale:?}: run {}", options.command);
}

/// The contract with streams of bytes in place of the bodies that progenitor refuses.
fn without_uploads(document: &Value) -> (Value, Vec<UploadBody>) {
    let mut lowered = document.clone();
    let mut bodies = Vec::new();
    let paths = lowered["paths"].as_object_mut().unwrap();
    for operation in paths
        .values_mut()
        .flat_map(|item| item.as_object_mut().unwrap().values_mut())
    {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        let Some(body) = operation.get_mut("requestBody") else {
            continue;
        };
        let content = body["content"].as_object().unwrap();
        let (media_type, value) = content.iter().next().unwrap();
        if media_type == "application/json" {
            continue;
        }
        bodies.push(UploadBody {
            operation_id: id,
            media_type: media_type.clone(),
            content: value.clone(),
            required: body["required"] == json!(true),
        });
        body["content"] = json!({ "application/octet-stream": {
            "schema": { "type": "string", "format": "binary" } } });
    }
    (lowered, bodies)
}
