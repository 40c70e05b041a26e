//! Compares generation with plain progenitor and prettyplease on the same contract.
//!
//! `cargo bench -p client-codegen` prints time and memory of both. `max alloc` is the peak. The baseline
//! reads the document, generates, parses and prints, as the command of progenitor does.

#![allow(clippy::unwrap_used, missing_docs)]

use client_codegen::{ContractSource, Options, generate};
use divan::{AllocProfiler, Bencher, black_box};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value, json};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// The number of operations of a small and of a large contract.
const OPERATIONS: [usize; 2] = [20, 300];

fn main() {
    divan::main();
}

#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn client_codegen(bencher: Bencher<'_, '_>, operations: usize) {
    let text = contract(operations).to_string();
    let document = Document::parse("bench.json", text).unwrap();
    let contract = ContractSource {
        path: "bench.json",
        contract: &Contract::read(document).unwrap(),
    };
    let options = Options::new("bench-client");
    bencher.bench(|| generate(black_box(&contract), &options, None).unwrap());
}

#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn progenitor_and_prettyplease(bencher: Bencher<'_, '_>, operations: usize) {
    let document = contract(operations);
    bencher.bench(|| {
        let openapi = serde_json::from_value(black_box(&document).clone()).unwrap();
        let mut settings = GenerationSettings::new();
        settings.with_interface(InterfaceStyle::Builder);
        let tokens = Generator::new(&settings).generate_tokens(&openapi).unwrap();
        prettyplease::unparse(&syn::parse2(tokens).unwrap())
    });
}

/// A contract with this many operations in ten tags. Each operation has a type.
fn contract(operations: usize) -> Value {
    let problem = json!({ "type": "object", "required": ["message"],
        "properties": { "message": { "type": "string", "description": "What is wrong." } } });
    let mut schemas = Map::from_iter([("Problem".to_owned(), problem)]);
    let mut paths = Map::new();
    for number in 0..operations {
        let name = format!("Thing{number}");
        let properties = (0..12).map(|at| {
            let schema = match at % 4 {
                0 => json!({ "type": "integer", "format": "int64", "description": "A number." }),
                1 => json!({ "type": "string", "enum": ["one", "two", "three"] }),
                2 => json!({ "type": "array", "items": { "type": "string" } }),
                _ => json!({ "type": "string", "description": "Some text, on one line." }),
            };
            (format!("field_{at}"), schema)
        });
        let properties: Map<String, Value> = properties.collect();
        schemas.insert(
            name.clone(),
            json!({ "type": "object", "required": ["field_0"], "properties": properties }),
        );
        let body = |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
        paths.insert(
            format!("/things/{number}/{{id}}"),
            json!({ "put": {
            "operationId": format!("put_thing_{number}"),
            "tags": [format!("tag {}", number % 10)],
            "description": "Replaces the thing, and says what it was.",
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1 } },
            ],
            "requestBody": { "required": true, "content": body(&name) },
            "responses": {
                "200": { "description": "", "content": body(&name) },
                "4XX": { "description": "", "content": body("Problem") },
            },
        } }),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Bench", "version": "1.0.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}
