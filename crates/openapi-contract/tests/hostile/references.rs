//! Cycles and long chains of references, and deeply nested schemas.

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::{Contract, InvalidContract};
use serde_json::json;

use crate::in_time;

/// The length of the chains.
const LONG: usize = 100_000;

/// A contract whose request and response have the schema `S0` of these schemas.
fn contract(
    schemas: serde_json::Map<String, serde_json::Value>,
) -> Result<Contract, InvalidContract> {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}});
    let text = json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1.0.0"},
        "paths": {"/a": {"post": {
            "operationId": "a",
            "requestBody": {"content": content},
            "responses": {"200": {"description": "Fine.", "content": content}},
        }}},
        "components": {"schemas": schemas},
    });
    Contract::read(Document::parse("test.json", text.to_string()).expect("it parses"))
}

/// Schemas `S0`, `S1` ... up to `last`, each made from a reference to the next.
fn chain(
    length: usize,
    last: serde_json::Value,
    link: impl Fn(serde_json::Value) -> serde_json::Value,
) -> serde_json::Map<String, serde_json::Value> {
    let schemas = (0..length).map(|index| {
        let next = json!({"$ref": format!("#/components/schemas/S{}", index + 1)});
        (format!("S{index}"), link(next))
    });
    schemas.chain([(format!("S{length}"), last)]).collect()
}

/// Reads, lints and compares two contracts.
fn run(what: &str, old: Contract, new: Contract) {
    in_time(what, || {
        lint(&old, &[]);
        compare(&old, &new, Relation::Evolution);
        compare(&new, &old, Relation::Drift);
    });
}

/// The facts found in a contract with these schemas.
fn messages(schemas: serde_json::Value) -> Vec<String> {
    let serde_json::Value::Object(schemas) = schemas else {
        panic!("schemas by name");
    };
    let findings = in_time("references", || contract(schemas))
        .map_or_else(|no| no.findings, |read| read.invalid_part_findings());
    findings.into_iter().map(|found| found.fact).collect()
}

#[test]
fn cycles_of_references_are_errors() {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for schemas in [
        json!({"S0": to("S0")}),
        json!({"S0": to("A"), "A": to("B"), "B": to("A")}),
        json!({"S0": {"properties": {"a": to("A")}}, "A": to("A")}),
    ] {
        let messages = messages(schemas.clone());
        assert_eq!(messages.len(), 1, "{schemas}: {messages:?}");
        assert!(messages[0].contains("part of a cycle"), "{messages:?}");
    }
}

#[test]
fn recursive_schemas_are_read() {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for schema in [
        json!({"allOf": [to("S0")]}),
        json!({"anyOf": [to("S0"), {"type": "string"}]}),
        json!({"oneOf": [to("S0"), to("S0")]}),
        json!({"not": to("S0")}),
        json!({"items": to("S0"), "type": "array"}),
        json!({"type": "object", "additionalProperties": to("S0")}),
        json!({"type": "object", "required": ["a"], "properties": {"a": to("S0")}}),
        json!({"allOf": [{"type": "object", "properties": {"a": to("S0")}}, to("S1")]}),
        json!({"nullable": true, "oneOf": [to("S0"), {"type": "array", "items": to("S1")}]}),
    ] {
        let schemas = |maximum: u32| {
            let mut schemas = serde_json::Map::new();
            schemas.insert("S0".to_owned(), schema.clone());
            let other = json!({"type": "object", "properties": {"b": to("S0"), "c": {"type": "integer", "maximum": maximum}}});
            schemas.insert("S1".to_owned(), other);
            schemas
        };
        let what = schema.to_string();
        if let (Ok(old), Ok(new)) = (contract(schemas(5)), contract(schemas(3))) {
            run(&what, old, new);
        }
    }
}

#[test]
fn long_chains_of_references_are_resolved() {
    let schemas = |kind: &str| chain(LONG, json!({"type": kind}), |next| next);
    let old = in_time("chain", || contract(schemas("string"))).expect("it is a contract");
    let new = contract(schemas("integer")).expect("it is a contract");
    run("chain", old, new);
}

#[test]
fn long_chains_of_all_of_are_resolved() {
    let schemas = |kind: &str| {
        chain(
            2_000,
            json!({"type": kind}),
            |next| json!({"allOf": [next]}),
        )
    };
    let old = in_time("all of", || contract(schemas("string"))).expect("it is a contract");
    let new = contract(schemas("integer")).expect("it is a contract");
    run("all of", old, new);
}

/// Wraps a schema in another.
type Link = fn(serde_json::Value) -> serde_json::Value;

#[test]
fn deeply_nested_schemas_are_compared() {
    let links: [(usize, Link); 5] = [
        (
            3_000,
            |next| json!({"type": "object", "properties": {"a": next}}),
        ),
        (
            3_000,
            |next| json!({"type": "object", "required": ["a"], "properties": {"a": next}}),
        ),
        (3_000, |next| json!({"type": "array", "items": next})),
        (
            3_000,
            |next| json!({"oneOf": [{"type": "string"}, {"type": "array", "items": next}]}),
        ),
        // Each default is validated against everything below it.
        (
            200,
            |next| json!({"type": "object", "default": {}, "properties": {"a": next}}),
        ),
    ];
    for (length, link) in links {
        let schemas = |kind: &str| chain(length, json!({"type": kind}), link);
        let old = contract(schemas("string")).expect("it is a contract");
        let new = contract(schemas("integer")).expect("it is a contract");
        run(&link(json!(0)).to_string(), old, new);
    }
}
