//! Generated contracts in both dialects, with every equivalent form that the canonical form
//! unifies.

use openapi_contract::document::Document;
use openapi_contract::model::{Contract, Dialect};
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

use crate::schemas::value;

/// A schema object with the components it can refer to.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) dialect: Dialect,
    pub(crate) schema: Value,
    pub(crate) components: Value,
}

impl Written {
    /// A contract with one operation that receives and returns values of the schema.
    pub(crate) fn contract(&self) -> Contract {
        let body = json!({"application/json": {"schema": self.schema}});
        let document = json!({
            "openapi": match self.dialect {
                Dialect::OpenApi30 => "3.0.3",
                Dialect::OpenApi31 => "3.1.0",
            },
            "info": {"title": "generated", "version": "1.0.0"},
            "paths": {"/values": {"post": {
                "operationId": "send_value",
                "requestBody": {"required": true, "content": body},
                "responses": {"200": {"description": "the same", "content": body}},
            }}},
            "components": {"schemas": self.components},
        });
        let document = Document::parse("generated.json", document.to_string()).expect("it parses");
        Contract::read(document)
            .unwrap_or_else(|error| panic!("{:?}\n{:#}", error.findings, self.schema))
    }
}

/// A schema in either dialect. `Leaf` is any schema without references; `Tree` refers to itself.
pub(crate) fn written() -> impl Strategy<Value = Written> {
    prop_oneof![Just(Dialect::OpenApi30), Just(Dialect::OpenApi31)].prop_flat_map(|dialect| {
        (schema(dialect, true), schema(dialect, false)).prop_map(move |(schema, leaf)| Written {
            dialect,
            schema,
            components: json!({
                "Leaf": leaf,
                "Tree": {
                    "type": "object",
                    "required": ["p"],
                    "properties": {
                        "p": {"$ref": "#/components/schemas/Leaf"},
                        "q": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                        "r": {"$ref": "#/components/schemas/Tree"},
                    },
                },
            }),
        })
    })
}

fn schema(dialect: Dialect, refers: bool) -> BoxedStrategy<Value> {
    leaf(dialect, refers)
        .prop_recursive(3, 14, 3, move |inner| {
            prop_oneof![
                3 => object(dialect, inner.clone()),
                2 => array(dialect, inner.clone()),
                3 => combination(dialect, inner.clone()),
                1 => (leaf(dialect, false), inner.clone(), inner).prop_map(|(leaf, first, second)| {
                    with(leaf, "allOf", json!([first, second]))
                }),
            ]
        })
        .boxed()
}

/// A schema object with one more keyword; boolean schemas stay as they are.
fn with(mut schema: Value, keyword: &str, value: Value) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert(keyword.to_owned(), value);
    }
    schema
}

fn keywords<const N: usize>(keywords: [(&str, Option<Value>); N]) -> Value {
    let some = keywords
        .into_iter()
        .filter_map(|(keyword, value)| Some((keyword.to_owned(), value?)));
    Value::Object(some.collect::<Map<_, _>>())
}

/// Makes a schema allow null, in the form of the dialect.
fn or_null(dialect: Dialect, schema: Value) -> Value {
    match (dialect, schema.get("type").cloned()) {
        (Dialect::OpenApi30, _) => with(schema, "nullable", json!(true)),
        (Dialect::OpenApi31, Some(Value::String(name))) => {
            with(schema, "type", json!([name, "null"]))
        }
        (Dialect::OpenApi31, _) => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}

fn leaf(dialect: Dialect, refers: bool) -> BoxedStrategy<Value> {
    let is_31 = dialect == Dialect::OpenApi31;
    let mut plain = vec![
        (4, number(dialect)),
        (4, string()),
        (1, Just(json!({"type": "boolean"})).boxed()),
        (1, Just(json!({})).boxed()),
        (2, listed()),
        (
            1,
            Just(json!({"type": "string", "enum": ["bb", "a"]})).boxed(),
        ),
        (1, Just(json!({"type": "boolean", "enum": [true]})).boxed()),
    ];
    if is_31 {
        let constant = value().prop_map(|value| json!({"const": value}));
        let truth = any::<bool>().prop_map(Value::from);
        plain.extend([(1, constant.boxed()), (1, types()), (1, truth.boxed())]);
    }
    if refers {
        let names = prop::sample::select(vec!["Leaf", "Tree"]);
        let reference =
            names.prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
        plain.push((2, reference.boxed()));
    }
    let plain = Union::new_weighted(plain);
    let note = prop::sample::select(vec!["", "", "", "readOnly", "writeOnly", "deprecated"]);
    (
        plain,
        any::<bool>(),
        note,
        prop::option::weighted(0.1, value()),
    )
        .prop_map(move |(schema, nullable, note, default)| {
            if schema.get("$ref").is_some() {
                return schema;
            }
            let mut schema = if nullable && schema.get("type").is_some() {
                or_null(dialect, schema)
            } else {
                schema
            };
            if !note.is_empty() {
                schema = with(schema, note, json!(true));
            }
            match default {
                Some(default) => with(schema, "default", default),
                None => schema,
            }
        })
        .boxed()
}

/// An enum with or without a type.
fn listed() -> BoxedStrategy<Value> {
    let kind = prop::sample::select(vec![None, None, Some("integer"), Some("string")]);
    (prop::collection::vec(value(), 1..4), kind)
        .prop_map(|(values, kind)| {
            keywords([
                ("type", kind.map(Value::from)),
                ("enum", Some(values.into())),
            ])
        })
        .boxed()
}

fn number(dialect: Dialect) -> BoxedStrategy<Value> {
    let bound = || prop::option::of((-2..6i64, any::<bool>()));
    let divisor = prop::sample::select(vec![None, None, None, Some(json!(2)), Some(json!(0.5))]);
    let format = prop::sample::select(vec![None, None, Some("int32"), Some("double")]);
    let kind = prop::sample::select(vec!["integer", "number"]);
    (kind, bound(), bound(), divisor, format)
        .prop_map(move |(kind, low, high, divisor, format)| {
            let mut schema = keywords([
                ("type", Some(kind.into())),
                ("multipleOf", divisor),
                ("format", format.map(Value::from)),
            ]);
            for (bound, plain, exclusive) in [
                (low, "minimum", "exclusiveMinimum"),
                (high, "maximum", "exclusiveMaximum"),
            ] {
                match (bound, dialect) {
                    (None, _) => {}
                    (Some((value, false)), _) => schema[plain] = json!(value),
                    (Some((value, true)), Dialect::OpenApi31) => schema[exclusive] = json!(value),
                    (Some((value, true)), Dialect::OpenApi30) => {
                        schema[plain] = json!(value);
                        schema[exclusive] = json!(true);
                    }
                }
            }
            schema
        })
        .boxed()
}

fn string() -> BoxedStrategy<Value> {
    let count = || prop::option::of(0..4u64);
    let pattern = prop::sample::select(vec![None, None, Some("^b"), Some("c$"), Some("^.$")]);
    let format = prop::sample::select(vec![None, None, None, Some("date"), Some("uuid")]);
    (count(), count(), pattern, format)
        .prop_map(|(min, max, pattern, format)| {
            keywords([
                ("type", Some("string".into())),
                ("minLength", min.map(Value::from)),
                ("maxLength", max.map(Value::from)),
                ("pattern", pattern.map(Value::from)),
                ("format", format.map(Value::from)),
            ])
        })
        .boxed()
}

/// Several types, with keywords for one of them.
fn types() -> BoxedStrategy<Value> {
    let names = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ];
    (prop::sample::subsequence(names.to_vec(), 1..5), string())
        .prop_map(|(names, string)| with(string, "type", json!(names)))
        .boxed()
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["p", "q", "r"]).prop_map(str::to_owned)
}

fn object(dialect: Dialect, inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let properties = prop::collection::btree_map(name(), inner.clone(), 0..3);
    let required = prop::sample::subsequence(vec!["p", "q", "r", "s"], 0..3).prop_shuffle();
    let additional = prop_oneof![
        3 => Just(None),
        2 => any::<bool>().prop_map(|allowed| Some(json!(allowed))),
        1 => Just(Some(json!({}))),
        1 => inner.clone().prop_map(Some),
    ];
    let count = || prop::option::weighted(0.2, 0..3u64);
    let patterns = prop::option::weighted(0.3, inner);
    (
        properties,
        required,
        additional,
        (count(), count()),
        patterns,
        any::<(bool, bool)>(),
    )
        .prop_map(
            move |(properties, required, additional, (min, max), pattern, (typed, nullable))| {
                let pattern = pattern.filter(|_| dialect == Dialect::OpenApi31);
                let schema = keywords([
                    ("type", typed.then_some("object".into())),
                    (
                        "properties",
                        (!properties.is_empty()).then(|| json!(properties)),
                    ),
                    ("required", (!required.is_empty()).then(|| json!(required))),
                    ("additionalProperties", additional),
                    (
                        "patternProperties",
                        pattern.map(|schema| json!({"^[pq]": schema})),
                    ),
                    ("minProperties", min.map(Value::from)),
                    ("maxProperties", max.map(Value::from)),
                ]);
                if typed && nullable {
                    return or_null(dialect, schema);
                }
                schema
            },
        )
        .boxed()
}

fn array(dialect: Dialect, inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let count = || prop::option::of(0..3u64);
    let prefix = prop::collection::vec(inner.clone(), 0..3);
    let items = prop::option::of(inner.clone());
    (items, inner, prefix, count(), count(), any::<bool>())
        .prop_map(move |(items, instead, prefix, min, max, unique)| {
            let is_31 = dialect == Dialect::OpenApi31;
            // OpenAPI 3.0 requires `items`.
            let items = items.or_else(|| (!is_31).then_some(instead));
            keywords([
                ("type", Some("array".into())),
                ("items", items),
                (
                    "prefixItems",
                    (is_31 && !prefix.is_empty()).then(|| json!(prefix)),
                ),
                ("minItems", min.map(Value::from)),
                ("maxItems", max.map(Value::from)),
                ("uniqueItems", unique.then_some(true.into())),
            ])
        })
        .boxed()
}

fn combination(dialect: Dialect, inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let is_31 = dialect == Dialect::OpenApi31;
    let several = || prop::collection::vec(inner.clone(), 1..4);
    let keyword = || prop::sample::select(vec!["allOf", "anyOf", "oneOf"]);
    let with_null = (keyword(), several(), any::<bool>());
    let beside = (leaf(dialect, false), keyword(), several());
    let conditional = (
        inner.clone(),
        inner.clone(),
        prop::option::of(inner.clone()),
    );
    let mut options = vec![
        (
            4,
            with_null
                .prop_map(move |(keyword, members, nullable)| {
                    let schema = json!({keyword: members});
                    if nullable {
                        or_null(dialect, schema)
                    } else {
                        schema
                    }
                })
                .boxed(),
        ),
        (
            1,
            beside
                .prop_map(|(leaf, keyword, members)| with(leaf, keyword, members.into()))
                .boxed(),
        ),
        (
            1,
            (several(), several())
                .prop_map(|(any, one)| json!({"anyOf": any, "oneOf": one}))
                .boxed(),
        ),
        (
            1,
            (leaf(dialect, false), inner.clone())
                .prop_map(|(leaf, not)| with(leaf, "not", not))
                .boxed(),
        ),
    ];
    if is_31 {
        // Null as the first or last alternative.
        let null_inside =
            (keyword(), several(), any::<bool>()).prop_map(|(keyword, mut members, first)| {
                members.insert(
                    if first { 0 } else { members.len() },
                    json!({"type": "null"}),
                );
                json!({keyword: members})
            });
        let conditional = conditional.prop_map(|(test, then, other)| {
            let schema = json!({"if": test, "then": then});
            match other {
                Some(other) => with(schema, "else", other),
                None => schema,
            }
        });
        options.extend([(2, null_inside.boxed()), (1, conditional.boxed())]);
    }
    Union::new_weighted(options).boxed()
}
