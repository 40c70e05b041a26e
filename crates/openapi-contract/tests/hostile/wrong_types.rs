//! A contract with each value replaced by one of another type.

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::{Document, escape_token};
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;
use openapi_contract::report::{self, TextStyle};
use serde_json::{Value, json};

use crate::in_time;

/// A small contract with most features.
fn contract() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1.0.0"},
        "servers": [{"url": "https://example.com/v1"}],
        "security": [{"key": ["read"]}],
        "paths": {"/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^a+$", "minLength": 1}}],
            "post": {
                "operationId": "make_a",
                "deprecated": true,
                "parameters": [{"$ref": "#/components/parameters/Limit"}],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}, "example": {"kind": "x"}}}},
                "responses": {
                    "200": {"description": "Fine.", "headers": {"X-A": {"required": true, "schema": {"type": "integer", "format": "int32"}}}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                    "default": {"description": "Not fine."}
                }
            }
        }},
        "components": {
            "parameters": {"Limit": {"name": "limit", "in": "query", "style": "form", "explode": true, "schema": {"type": "integer", "minimum": 1, "exclusiveMaximum": 10, "multipleOf": 2, "default": 2}}},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "schemas": {
                "A": {"oneOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/C"}], "discriminator": {"propertyName": "kind", "mapping": {"b": "#/components/schemas/B"}}},
                "B": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "b"}, "list": {"type": ["array", "null"], "items": {"type": "number"}, "prefixItems": [{"type": "string"}], "minItems": 1, "maxItems": 3, "uniqueItems": true}}, "additionalProperties": false, "patternProperties": {"^x": {"enum": [1, "a", null]}}},
                "C": {"allOf": [{"type": "object", "required": ["kind"], "properties": {"kind": {"const": "c"}, "next": {"$ref": "#/components/schemas/A"}}, "maxProperties": 5}], "not": {"required": ["other"]}, "example": {"kind": "c"}}
            }
        }
    })
}

fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
    all.push(pointer.to_owned());
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                pointers(element, &format!("{pointer}/{index}"), all);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let key = escape_token(key);
                pointers(member, &format!("{pointer}/{key}"), all);
            }
        }
        _ => {}
    }
}

/// Reads, lints, compares and renders a contract with one value replaced.
fn check(original: &openapi_contract::model::Contract, text: String, what: &str) {
    let document = Document::parse("new.json", text).expect("it parses");
    let (findings, document) = match Contract::read(document) {
        Err(invalid) => (invalid.findings, *invalid.document),
        Ok(contract) => {
            let mut findings = contract.invalid_part_findings();
            findings.extend(lint(&contract, &[]));
            findings.extend(compare(original, &contract, Relation::Evolution));
            (findings, contract.document)
        }
    };
    for finding in &findings {
        let has_place = finding.old.is_some() || finding.new.is_some();
        assert!(has_place, "{what}: {finding:#?}");
    }
    report::text(&findings, &[document.source()], TextStyle::default());
}

#[test]
fn values_of_a_wrong_type_do_not_panic() {
    let whole = contract();
    let document = Document::parse("old.json", whole.to_string()).expect("it parses");
    let original = Contract::read(document).expect("it is a contract");
    let mut all = Vec::new();
    pointers(&whole, "", &mut all);
    let kinds = [
        json!(null),
        json!(true),
        json!(-1.5),
        json!("text"),
        json!([0]),
        json!({"a": 0}),
    ];
    in_time("wrong types", || {
        for pointer in &all {
            for kind in &kinds {
                let mut changed = whole.clone();
                if let Some(value) = changed.pointer_mut(pointer) {
                    *value = kind.clone();
                }
                check(
                    &original,
                    changed.to_string(),
                    &format!("{kind} at `{pointer}`"),
                );
            }
        }
    });
}
