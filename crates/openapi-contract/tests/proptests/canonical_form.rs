//! The canonical form allows the same values as the original, and is the same for every equivalent
//! form.

use std::collections::BTreeSet;

use openapi_contract::json_schema::{Translation, Validator};
use openapi_contract::model::{Bound, Contract, Num, Schema, SchemaId, canonical_schema_json};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::schemas::{contract, schema, value};

/// Whether the canonical form allows a value, derived from its definition.
fn allows(contract: &Contract, id: SchemaId, value: &Value) -> bool {
    let schema = contract.schemas.get(id);
    assert!(
        schema.opaque.is_empty(),
        "no generated schema has such keywords"
    );
    if value.is_null() {
        return schema.null;
    }
    let in_unions = schema.unions.iter().all(|union| {
        let count = union
            .members
            .iter()
            .filter(|&&member| allows(contract, member, value))
            .count();
        if union.exactly_one {
            count == 1
        } else {
            count > 0
        }
    });
    in_unions && in_parts(contract, schema, value)
}

fn in_parts(contract: &Contract, schema: &Schema, value: &Value) -> bool {
    match value {
        Value::Null => schema.null,
        Value::Bool(false) => schema.boolean.r#false,
        Value::Bool(true) => schema.boolean.r#true,
        Value::Number(number) => schema.number.as_ref().is_some_and(|rules| {
            let number = Num::new(number);
            let above =
                |bound: Bound| number > bound.value || (!bound.exclusive && number == bound.value);
            let below =
                |bound: Bound| number < bound.value || (!bound.exclusive && number == bound.value);
            (!rules.integer || number.is_integer())
                && rules.minimum.is_none_or(above)
                && rules.maximum.is_none_or(below)
                && rules
                    .constants
                    .as_ref()
                    .is_none_or(|constants| constants.contains(&number))
        }),
        Value::String(text) => schema.string.as_ref().is_some_and(|rules| {
            let length = text.chars().count() as u64;
            length >= rules.min_length
                && rules.max_length.is_none_or(|max| length <= max)
                && rules
                    .constants
                    .as_ref()
                    .is_none_or(|constants| constants.contains(text))
        }),
        Value::Array(elements) => schema.array.as_ref().is_some_and(|rules| {
            let count = elements.len() as u64;
            let distinct: BTreeSet<String> = elements.iter().map(same_text).collect();
            count >= rules.min_items
                && rules.max_items.is_none_or(|max| count <= max)
                && (!rules.unique || distinct.len() == elements.len())
                && elements
                    .iter()
                    .all(|element| allows(contract, rules.items, element))
                && listed(rules.constants.as_ref(), value)
        }),
        Value::Object(members) => schema.object.as_ref().is_some_and(|rules| {
            rules.required.iter().all(|name| members.contains_key(name))
                && members.iter().all(|(name, value)| {
                    let schema = rules
                        .properties
                        .get(name)
                        .copied()
                        .unwrap_or(rules.additional);
                    allows(contract, schema, value)
                })
                && listed(rules.constants.as_ref(), value)
        }),
    }
}

fn listed(constants: Option<&Vec<Value>>, value: &Value) -> bool {
    constants.is_none_or(|constants| {
        constants
            .iter()
            .any(|constant| same_text(constant) == same_text(value))
    })
}

/// Text that is equal for equal JSON values: `2` and `2.0` are the same number.
fn same_text(value: &Value) -> String {
    match value {
        Value::Number(number) => Num::new(number).to_string(),
        Value::Array(elements) => {
            format!("{:?}", elements.iter().map(same_text).collect::<Vec<_>>())
        }
        Value::Object(members) => {
            let members: BTreeSet<(String, String)> = members
                .iter()
                .map(|(name, value)| (name.clone(), same_text(value)))
                .collect();
            format!("{members:?}")
        }
        other => other.to_string(),
    }
}

pub(crate) fn response_schema(contract: &Contract) -> (SchemaId, Validator) {
    let operation = contract
        .operations
        .values()
        .next()
        .expect("there is one operation");
    let response = operation
        .responses
        .values()
        .next()
        .expect("with one response");
    let body = response.content.values().next().expect("with one body");
    let mut translation = Translation::new(contract);
    let root = translation.schema(body.schema_node.expect("with a schema"));
    let validator = Validator::new(&translation.finish(root)).expect("it is valid");
    (body.schema, validator)
}

fn canonical(schema: &Value) -> Value {
    let contract = contract(schema);
    let (id, _) = response_schema(&contract);
    canonical_schema_json(&contract, id)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn canonical_form_allows_the_same_values(schema in schema(), values in prop::collection::vec(value(), 12)) {
        let contract = contract(&schema);
        let (id, validator) = response_schema(&contract);
        for value in values {
            prop_assert_eq!(
                allows(&contract, id, &value),
                validator.allows(&value),
                "{} in {}", value, schema
            );
        }
    }

    #[test]
    fn all_of_with_one_member_is_its_member(schema in schema()) {
        prop_assert_eq!(canonical(&json!({"allOf": [schema]})), canonical(&schema));
    }

    #[test]
    fn any_of_with_one_member_is_its_member(schema in schema()) {
        prop_assert_eq!(canonical(&json!({"anyOf": [schema]})), canonical(&schema));
    }

    #[test]
    fn an_empty_schema_adds_nothing(schema in schema()) {
        prop_assert_eq!(canonical(&json!({"allOf": [schema, {}]})), canonical(&schema));
    }

    #[test]
    fn the_order_of_all_of_does_not_matter(first in schema(), second in schema()) {
        prop_assert_eq!(
            canonical(&json!({"allOf": [first, second]})),
            canonical(&json!({"allOf": [second, first]}))
        );
    }
}
