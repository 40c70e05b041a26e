//! The canonical form as JSON Schema: it allows the same values, and reading it again changes
//! nothing.

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare};
use openapi_contract::json_schema::Validator;
use openapi_contract::model::{Dialect, canonical_schema_json};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::canonical_form::response_schema;
use crate::equivalent_forms::{Written, written};
use crate::schemas::value;

/// A canonical schema as a contract: definitions become components.
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

/// The emitted schema of the response of a contract's only operation.
fn emitted(written: &Written) -> Value {
    let contract = written.contract();
    let (id, _) = response_schema(&contract);
    canonical_schema_json(&contract, id)
}

/// Whether the canonical form is exact. It is wider where one object's `additionalProperties` would
/// apply to names that only match another object's pattern.
fn is_exact(written: &Written) -> bool {
    let text = format!("{}{}", written.schema, written.components);
    let has = |keyword: &str| text.contains(keyword);
    !has("patternProperties") || !(has("allOf") || has("anyOf") || has("oneOf"))
}

/// Counterexamples that these tests found, minimized.
#[test]
fn earlier_counterexamples_are_read_correctly() {
    use Dialect::{OpenApi30, OpenApi31};
    let cases = [
        // Null in two forms.
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
        // Alternatives next to a schema that allows nothing.
        (
            OpenApi31,
            json!({"anyOf": [{"type": "array"}, {"type": "null"}], "allOf": [false]}),
        ),
        // Null that only `not` or `if` rejects.
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
        // Alternatives next to others that only allow null.
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
        let (_, validator) = response_schema(&written.contract());
        let first = emitted(&written);
        let canonical = Validator::new(&first).expect("it is valid");
        for value in [json!(null), json!(0), json!("a"), json!([]), json!({})] {
            let verdicts = (canonical.allows(&value), validator.allows(&value));
            assert_eq!(verdicts.0, verdicts.1, "{value} in {:#}", written.schema);
        }
        assert_eq!(emitted(&as_contract(first.clone())), first);
    }
}

/// Equivalent schemas are emitted in their shortest form.
#[test]
fn redundant_keywords_are_omitted() {
    let null = || json!({"type": "null"});
    let cases = [
        // Next to null, which is decided before.
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
        // Conditions without an effect.
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

/// A condition can apply only deep inside of values, where its schema is reached again.
#[test]
fn a_recursive_condition_is_kept() {
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
    fn reading_the_emitted_schema_is_idempotent(written in written()) {
        let first = emitted(&written);
        let second = emitted(&as_contract(first.clone()));
        prop_assert_eq!(format!("{first:#}"), format!("{second:#}"), "{:#}", written.schema);
    }

    #[test]
    fn the_emitted_schema_equals_the_original(written in written()) {
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
    fn the_emitted_schema_allows_the_same_values(written in written(), values in prop::collection::vec(value(), 16)) {
        prop_assume!(is_exact(&written));
        let contract = written.contract();
        let (_, validator) = response_schema(&contract);
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
