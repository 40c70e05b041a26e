//! Unions, with and without a tag.

#![allow(clippy::box_collection)]

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Cat {
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Dog {
    b: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written {
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<chrono::DateTime<chrono::Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<std::net::IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
}

openapi_client_runtime::union! {
    /// One or the other.
    enum Pet {
        /// A cat.
        Cat(Cat) from,
        Dog(Box<Dog>) from,
        Number(u32) from,
        Many(Vec<Vec<Pet>>) from,
        Nested(Box<Vec<Vec<bool>>>) from,
    }
}

openapi_client_runtime::union! {
    enum OpenPet {
        Cat(Cat),
        Dog(Box<Dog>),
        Number(u32),
        _ => Other,
    }
}

openapi_client_runtime::union! {
    enum OpenWritten {
        Written(Written),
        _ => Other,
    }
}

openapi_client_runtime::union! {
    enum Tagged tagged by "kind" {
        Cat(Cat) from = "cat" | "kitten",
        Dog(Box<Dog>) from = "dog",
    }
}

openapi_client_runtime::union! {
    enum OpenTagged tagged by "kind" {
        Cat(Cat) = "cat",
        _ => Other,
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())
}

fn written<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn the_first_complete_variant_is_read() {
    for (value, expected) in [
        (
            json!({"a": 1}),
            Pet::Cat(Cat {
                a: Some(1),
                kind: None,
            }),
        ),
        (
            json!({"a": 1, "b": [1, 2.5]}),
            Pet::from(Dog {
                b: vec![1.0, 2.5],
                a: Some(1),
            }),
        ),
        (json!(3), Pet::Number(3)),
        (json!([[3], []]), Pet::Many(vec![vec![3.into()], vec![]])),
        (json!([[true]]), Pet::from(vec![vec![true]])),
        // No variant is complete.
        (
            json!({"c": 1}),
            Pet::Cat(Cat {
                a: None,
                kind: None,
            }),
        ),
    ] {
        assert_eq!(read::<Pet>(&value).unwrap(), expected, "{value}");
    }
}

#[test]
fn values_without_a_variant_are_errors() {
    let error = read::<Pet>(&json!("text")).unwrap_err();
    assert!(
        error.starts_with("no variant of Pet accepts the value: invalid type: string \"text\""),
        "{error}"
    );
}

#[test]
fn arrays_are_no_structs() {
    let value = json!([1, "cat"]);
    assert!(read::<Cat>(&value).is_ok());
    assert!(read::<Pet>(&value).is_err());
    assert!(matches!(read(&value).unwrap(), OpenPet::Other(_)));
}

#[test]
fn other_keeps_what_no_variant_holds() {
    for value in [
        json!({"c": 1}),
        json!("text"),
        json!({"a": null}),
        json!(-1),
    ] {
        assert_eq!(
            read::<OpenPet>(&value).unwrap(),
            OpenPet::Other(value.clone())
        );
        assert_eq!(written(&OpenPet::Other(value.clone())), value);
    }
}

#[test]
fn another_notation_is_not_a_loss() {
    for value in [
        json!({"at": "2020-01-01T01:00:00.000+01:00"}),
        json!({"from": "2001:0DB8:0:0:0:0:0:1"}),
        json!({"weight": 1}),
    ] {
        let read = read::<OpenWritten>(&value).unwrap();
        assert!(matches!(read, OpenWritten::Written(_)), "{value}");
    }
}

#[test]
fn the_tag_decides() {
    let cat = |kind: &str| Cat {
        a: None,
        kind: Some(kind.to_owned()),
    };
    let kitten = json!({"kind": "kitten"});
    assert_eq!(read::<Tagged>(&kitten).unwrap(), cat("kitten").into());
    assert_eq!(written(&Tagged::from(cat("kitten"))), kitten);
    // A tag of another variant is replaced.
    assert_eq!(written(&Tagged::from(cat("dog"))), json!({"kind": "cat"}));
    let dog = Tagged::from(Dog { b: vec![], a: None });
    assert_eq!(written(&dog), json!({"b": [], "kind": "dog"}));
    assert_eq!(read::<Tagged>(&written(&dog)).unwrap(), dog);
}

#[test]
fn unknown_tags_are_errors_or_other() {
    for (value, message) in [
        (
            json!({"kind": "bird"}),
            "no variant of Tagged has the value \"bird\" of the property `kind`",
        ),
        (
            json!({"kind": 1}),
            "no variant of Tagged has the value 1 of the property `kind`",
        ),
        (json!({}), "the property `kind` of Tagged is missing"),
        (json!([]), "the property `kind` of Tagged is missing"),
    ] {
        assert_eq!(read::<Tagged>(&value).unwrap_err(), message);
        assert_eq!(
            read::<OpenTagged>(&value).unwrap(),
            OpenTagged::Other(value.clone())
        );
        assert_eq!(written(&OpenTagged::Other(value.clone())), value);
    }
    let error = read::<OpenTagged>(&json!({"kind": "cat", "a": "one"})).unwrap_err();
    assert!(error.starts_with("invalid type"), "{error}");
}

#[cfg(feature = "schemars")]
#[test]
fn schemas_have_the_alternatives() {
    let schema = written(&schemars::schema_for!(OpenPet));
    let alternatives = schema["anyOf"].as_array().unwrap();
    assert_eq!(alternatives.len(), 3);
    assert_eq!(alternatives[0], json!({"$ref": "#/$defs/Cat"}));
    let schema = written(&schemars::schema_for!(Tagged));
    let tag = json!({"required": ["kind"], "properties": {"kind": {"enum": ["cat", "kitten"]}}});
    assert_eq!(
        schema["oneOf"][0],
        json!({"allOf": [{"$ref": "#/$defs/Cat"}, tag]})
    );
}

/// JSON that is often near the variants.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-4_i64..4).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-4_i32..4).prop_map(|n| Value::from(f64::from(n))),
        "cat|dog|bird|[a-z]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("a|b|c|kind", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn cats() -> impl Strategy<Value = Cat> {
    (option::of(any::<i64>()), option::of("cat|kitten|dog|x")).prop_map(|(a, kind)| Cat { a, kind })
}

fn dogs() -> impl Strategy<Value = Dog> {
    (vec(any::<f64>(), 0..3), option::of(any::<i64>())).prop_map(|(b, a)| Dog { b, a })
}

/// The definition of completeness: removing and normalizing, instead of comparing in one walk.
fn holds(written: &Value, value: &Value) -> bool {
    fn normal(value: &Value) -> Value {
        match value {
            Value::Number(number) => number.as_f64().into(),
            Value::Array(items) => items.iter().map(normal).collect(),
            Value::Object(object) => object
                .iter()
                .map(|(name, value)| (name.clone(), normal(value)))
                .collect(),
            _ => value.clone(),
        }
    }
    fn common(written: &Value, value: &Value) -> Value {
        match (written, value) {
            (Value::Object(written), Value::Object(value)) => written
                .iter()
                .filter_map(|(name, written)| {
                    let common = common(written, value.get(name)?);
                    Some((name.clone(), common))
                })
                .collect(),
            (Value::Array(written), Value::Array(value)) if written.len() == value.len() => written
                .iter()
                .zip(value)
                .map(|(written, value)| common(written, value))
                .collect(),
            _ => written.clone(),
        }
    }
    let (written, value) = (normal(written), normal(value));
    common(&written, &value) == value
}

/// The specification of reading, one candidate after the other.
fn specified(value: &Value) -> OpenPet {
    let candidates = [
        read(value).map(OpenPet::Cat),
        read(value).map(OpenPet::Dog),
        read(value).map(OpenPet::Number),
    ];
    let complete = candidates
        .into_iter()
        .flatten()
        .find(|candidate| holds(&written(candidate), value));
    complete.unwrap_or_else(|| OpenPet::Other(value.clone()))
}

proptest! {
    #[test]
    fn open_unions_read_everything_and_lose_nothing(value in any_json()) {
        let pet: OpenPet = read(&value).unwrap();
        prop_assert!(holds(&written(&pet), &value));
        prop_assert_eq!(pet, specified(&value));
    }

    #[test]
    fn closed_unions_read_what_a_variant_reads(value in any_json()) {
        let expected = match specified(&value) {
            OpenPet::Cat(cat) => Some(Pet::Cat(cat)),
            OpenPet::Dog(dog) => Some(Pet::Dog(dog)),
            OpenPet::Number(number) => Some(Pet::Number(number)),
            // No struct holds it completely: the first that reads it.
            OpenPet::Other(_) if value.is_object() => {
                read(&value).map(Pet::Cat).or_else(|_| read(&value).map(Pet::Dog)).ok()
            }
            OpenPet::Other(_) => {
                read(&value).map(Pet::Many).or_else(|_| read(&value).map(Pet::Nested)).ok()
            }
        };
        prop_assert_eq!(read::<Pet>(&value).ok(), expected);
    }

    #[test]
    fn written_values_are_read_again(cat in cats(), dog in dogs(), number: u32) {
        for pet in [OpenPet::Dog(Box::new(dog)), OpenPet::Cat(cat), OpenPet::Number(number)] {
            let value = written(&pet);
            prop_assert_eq!(written(&read::<OpenPet>(&value).unwrap()), value);
        }
    }

    #[test]
    fn tagged_values_are_read_as_their_variant(cat in cats(), dog in dogs()) {
        let value = written(&Tagged::Cat(cat.clone()));
        let kind = value["kind"].as_str().unwrap().to_owned();
        prop_assert!(kind == "cat" || kind == "kitten");
        if cat.kind.as_deref() == Some("kitten") {
            prop_assert_eq!(&kind, "kitten");
        }
        let expected = Tagged::Cat(Cat { kind: Some(kind), ..cat });
        prop_assert_eq!(read::<Tagged>(&value).unwrap(), expected);

        let dog = Tagged::from(dog);
        prop_assert_eq!(read::<Tagged>(&written(&dog)).unwrap(), dog);
    }

    #[test]
    fn open_tagged_unions_read_unknown_tags(mut value in any_json()) {
        if value.get("kind").is_some_and(|kind| kind == "cat") {
            value = json!({"kind": "bird", "of": value});
        }
        prop_assert_eq!(read::<OpenTagged>(&value).unwrap(), OpenTagged::Other(value));
    }
}

#[test]
fn maps_are_variants() {
    openapi_client_runtime::union! {
        enum Either {
            Map(BTreeMap<String, i64>) from,
            Text(String) from,
        }
    }

    let either = Either::from(BTreeMap::from([("a".to_owned(), 1)]));
    assert_eq!(read::<Either>(&json!({"a": 1})).unwrap(), either);
    assert_eq!(read::<Either>(&json!("a")).unwrap(), "a".to_owned().into());
}
