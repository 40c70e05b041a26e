//! The canonical form as JSON Schema: it allows what was written, and read again it is the same.

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare};
use openapi_contract::json_schema::Validator;
use openapi_contract::model::{Dialect, canonical_schema_json};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::canonical_form::answered;
use crate::equivalent_forms::{Written, written};
use crate::schemas::value;

/// A canonical schema as a contract would write it: definitions are components there.
fn as_contract(mut emitted: Value) -> Written {
    let definitions = emitted["$defs"].take();
    let written = emitted.as_object_mut().expect("it is an object");
    written.remove("$defs");
    written.remove("$schema");
    let within_contract = |value: &Value| {
        let text = value.to_string();
        let text = text.replace("\"#/$defs/", "\"#/components/schemas/");
        serde_json::from_str(&text).expect("it is still JSON")
    };
    let components = match definitions {
        Value::Null => json!({}),
        definitions => within_contract(&definitions),
    };
    Written {
        dialect: Dialect::OpenApi31,
        schema: within_contract(&emitted),
        components,
    }
}

/// What is emitted for the answer of a contract's one operation.
fn emitted(written: &Written) -> Value {
    let contract = written.contract();
    let (id, _) = answered(&contract);
    canonical_schema_json(&contract, id)
}

/// Whether the canonical form says exactly what was written. It is wider where one object's
/// `additionalProperties` would count for names that only match another object's pattern.
fn is_exact(written: &Written) -> bool {
    let text = format!("{}{}", written.schema, written.components);
    let has = |keyword: &str| text.contains(keyword);
    !has("patternProperties") || !(has("allOf") || has("anyOf") || has("oneOf"))
}

/// What these laws found, as small as it can be.
#[test]
fn it_allows_what_was_once_read_wrongly() {
    use Dialect::{OpenApi30, OpenApi31};
    let cases = [
        // What may be null in two ways.
        (
            OpenApi30,
            json!({"nullable": true, "allOf": [
                {"nullable": true, "anyOf": [{"enum": [[]]}, {"type": "integer"}]},
            ]}),
        ),
        (
            OpenApi30,
            json!({"nullable": true, "oneOf": [
                {"type": "integer", "nullable": true},
                {"type": "integer", "nullable": true},
            ]}),
        ),
        // Alternatives beside what nothing passes.
        (
            OpenApi31,
            json!({"anyOf": [{"type": "array"}, {"type": "null"}], "allOf": [false]}),
        ),
        // Null that only `not` or `if` refuses.
        (
            OpenApi30,
            json!({"nullable": true, "allOf": [
                {"type": "string", "not": {"type": "integer", "nullable": true}},
            ]}),
        ),
        (
            OpenApi31,
            json!({"oneOf": [
                {"if": {"type": ["integer", "null"]}, "then": {"type": "integer"}},
                {"type": ["integer", "null"]},
            ]}),
        ),
        // Alternatives beside others that leave only null.
        (
            OpenApi31,
            json!({
                "type": ["integer", "null"],
                "anyOf": [{"type": "object"}, {"type": ["string", "null"]}],
                "oneOf": [{}, {"enum": [false]}],
            }),
        ),
    ];
    for (dialect, schema) in cases {
        let written = Written {
            dialect,
            schema,
            components: json!({}),
        };
        let (_, validator) = answered(&written.contract());
        let first = emitted(&written);
        let canonical = Validator::new(&first).expect("it is valid");
        for value in [json!(null), json!(0), json!("a"), json!([]), json!({})] {
            let verdicts = (canonical.allows(&value), validator.allows(&value));
            assert_eq!(verdicts.0, verdicts.1, "{value} in {:#}", written.schema);
        }
        assert_eq!(emitted(&as_contract(first.clone())), first);
    }
}

/// What says the same with fewer words is written with fewer.
#[test]
fn what_says_nothing_is_left_out() {
    let null = || json!({"type": "null"});
    let cases = [
        // Beside null, which is decided about before.
        (json!({"type": "null", "not": {"type": "string"}}), null()),
        (
            json!({"type": "null", "if": {"type": "null"}, "then": {"type": ["string", "null"]}}),
            null(),
        ),
        (
            json!({
                "type": ["integer", "null"],
                "not": {"type": "string"},
                "anyOf": [{"type": ["string", "null"]}, {"type": ["boolean", "null"]}],
            }),
            null(),
        ),
        // Conditions without an outcome.
        (
            json!({"type": "array", "items": {"if": {"type": "integer"}, "then": {}}}),
            json!({"type": "array"}),
        ),
        (
            json!({
                "anyOf": [{"type": "string"}, {"type": "integer"}],
                "if": {"type": "integer"},
                "then": {"items": {"oneOf": [{}, false]}},
            }),
            json!({"type": ["integer", "string"]}),
        ),
        (
            json!({"allOf": [
                {"if": {"type": "integer"}, "then": {"minimum": 1}},
                {"if": {"type": "string"}, "else": true},
            ]}),
            json!({"if": {"type": "integer"}, "then": {"minimum": 1}}),
        ),
    ];
    let emitted = |schema: &Value| {
        emitted(&Written {
            dialect: Dialect::OpenApi31,
            schema: schema.clone(),
            components: json!({}),
        })
    };
    for (long, short) in cases {
        assert_eq!(emitted(&long), emitted(&short), "{long:#}");
    }
}

/// A condition can matter only deep inside values, where its schema is met again.
#[test]
fn a_condition_that_leads_back_is_kept() {
    let written = Written {
        dialect: Dialect::OpenApi31,
        schema: json!({"$ref": "#/components/schemas/Nested"}),
        components: json!({"Nested": {
            "anyOf": [{"type": "string"}, {"type": "array"}],
            "if": {"type": "array"},
            "then": {"items": {"$ref": "#/components/schemas/Nested"}},
        }}),
    };
    let canonical = Validator::new(&emitted(&written)).expect("it is valid");
    assert!(canonical.allows(&json!([["a"], "b"])));
    assert!(!canonical.allows(&json!([[0], "b"])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_is_the_same_when_read_again(written in written()) {
        let first = emitted(&written);
        let second = emitted(&as_contract(first.clone()));
        prop_assert_eq!(format!("{first:#}"), format!("{second:#}"), "{:#}", written.schema);
    }

    #[test]
    fn comparing_it_with_what_was_written_finds_nothing(written in written()) {
        let (contract, again) = (written.contract(), as_contract(emitted(&written)).contract());
        for relation in [Relation::Drift, Relation::Evolution] {
            for (old, new) in [(&contract, &again), (&again, &contract)] {
                let findings = compare(old, new, relation);
                let above: Vec<_> = findings.iter().filter(|found| found.wire > Level::Editorial).collect();
                prop_assert!(above.is_empty(), "{relation:?}: {above:#?}\n{:#}\n{:#}", written.schema, emitted(&written));
            }
        }
    }

    #[test]
    fn it_allows_what_was_written(written in written(), values in prop::collection::vec(value(), 16)) {
        prop_assume!(is_exact(&written));
        let contract = written.contract();
        let (_, validator) = answered(&contract);
        let emitted = emitted(&written);
        let canonical = Validator::new(&emitted).expect("it is valid");
        for value in values {
            prop_assert_eq!(
                canonical.allows(&value),
                validator.allows(&value),
                "{} in {:#}\n{:#}\n{:#}", value, written.schema, written.components, emitted
            );
        }
    }
}
