//! Generated schemas and values, small enough to match each other often.

use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A JSON value from a small set.
pub(crate) fn value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-3..8i64).prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!(2.0)),
        prop::sample::select(vec!["", "a", "bb", "ccc", "2026-04-10"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["p", "q", "r"]).prop_map(str::to_owned)
}

/// A schema object of OpenAPI 3.0.
pub(crate) fn schema() -> BoxedStrategy<Value> {
    leaf_schema()
        .prop_recursive(3, 16, 3, |inner| {
            let several = prop::collection::vec(inner.clone(), 1..3);
            prop_oneof![
                2 => object_schema(inner.clone()),
                1 => array_schema(inner.clone()),
                1 => (prop::sample::select(vec!["allOf", "anyOf", "oneOf"]), several, any::<bool>()).prop_map(
                    |(keyword, members, nullable)| {
                        let mut schema = json!({keyword: members});
                        if nullable {
                            schema["nullable"] = json!(true);
                        }
                        schema
                    }
                ),
                1 => (leaf_schema(), inner).prop_map(|(mut schema, inner)| {
                    schema["allOf"] = json!([inner]);
                    schema
                }),
            ]
        })
        .boxed()
}

fn leaf_schema() -> BoxedStrategy<Value> {
    let small = || prop::option::of(-2..6i64);
    let number = (
        prop::sample::select(vec!["integer", "number"]),
        small(),
        small(),
        any::<(bool, bool, bool)>(),
    )
        .prop_map(|(kind, minimum, maximum, (low, high, nullable))| {
            let mut schema = keywords([
                ("type", Some(kind.into())),
                ("minimum", minimum.map(Value::from)),
                ("maximum", maximum.map(Value::from)),
                ("nullable", nullable.then_some(true.into())),
            ]);
            if low && minimum.is_some() {
                schema["exclusiveMinimum"] = json!(true);
            }
            if high && maximum.is_some() {
                schema["exclusiveMaximum"] = json!(true);
            }
            schema
        });
    let count = || prop::option::of(0..4u64);
    let string = (count(), count(), any::<bool>()).prop_map(|(min, max, nullable)| {
        keywords([
            ("type", Some("string".into())),
            ("minLength", min.map(Value::from)),
            ("maxLength", max.map(Value::from)),
            ("nullable", nullable.then_some(true.into())),
        ])
    });
    let listed = prop::collection::vec(value(), 1..4);
    prop_oneof![
        3 => number,
        3 => string,
        1 => Just(json!({"type": "boolean"})),
        1 => Just(json!({})),
        2 => listed.prop_map(|values| json!({"enum": values})),
        1 => Just(json!({"type": "string", "enum": ["a", "bb"]})),
        1 => Just(json!({"type": "string", "enum": ["a", null], "nullable": true})),
    ]
    .boxed()
}

fn object_schema(inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let properties = prop::collection::btree_map(name(), inner.clone(), 0..3);
    let required = prop::collection::btree_set(name(), 0..3);
    let additional = prop_oneof![
        2 => Just(None),
        1 => any::<bool>().prop_map(|allowed| Some(json!(allowed))),
        1 => inner.prop_map(Some),
    ];
    (properties, required, additional, any::<bool>())
        .prop_map(|(properties, required, additional, typed)| {
            keywords([
                ("type", typed.then_some("object".into())),
                (
                    "properties",
                    (!properties.is_empty()).then(|| json!(properties)),
                ),
                ("required", (!required.is_empty()).then(|| json!(required))),
                ("additionalProperties", additional),
            ])
        })
        .boxed()
}

fn array_schema(inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let count = || prop::option::of(0..3u64);
    (inner, count(), count(), any::<bool>())
        .prop_map(|(items, min, max, unique)| {
            keywords([
                ("type", Some("array".into())),
                ("items", Some(items)),
                ("minItems", min.map(Value::from)),
                ("maxItems", max.map(Value::from)),
                ("uniqueItems", unique.then_some(true.into())),
            ])
        })
        .boxed()
}

fn keywords<const N: usize>(keywords: [(&str, Option<Value>); N]) -> Value {
    let some = keywords
        .into_iter()
        .filter_map(|(keyword, value)| Some((keyword.to_owned(), value?)));
    Value::Object(some.collect::<Map<_, _>>())
}

/// A contract with one operation that receives and returns values of a schema.
pub(crate) fn contract(schema: &Value) -> Contract {
    let body = json!({"application/json": {"schema": schema}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "generated", "version": "1.0.0"},
        "paths": {"/values": {"post": {
            "operationId": "send_value",
            "requestBody": {"required": true, "content": body},
            "responses": {"200": {"description": "the same", "content": body}},
        }}},
    });
    let document = Document::parse("generated.json", format!("{document:#}")).expect("it parses");
    Contract::read(document).unwrap_or_else(|error| panic!("{:?}", error.findings))
}
