//! How generated types behave.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::generated::Nullable;
use crate::generated::types::{
    Cat, Code, Color, Dog, Either, Empty, Id, Label, Page, Pet, Size, Title, Tree, error,
};

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn written<T: Serialize>(value: T) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn structs_are_read_and_written() {
    for value in [
        json!({"title": "A", "parent": null}),
        json!({
            "title": "A", "size": "small", "type": -1, "nextCursor": null, "notes": null,
            "parent": {"title": "B", "parent": null}, "tree": [[], [[]]], "old": true,
            "more": [1], "any": {},
        }),
    ] {
        let label: Label = read(value.clone()).unwrap();
        assert_eq!(written(label), value);
    }
    let error = read::<Label>(json!({"parent": null})).unwrap_err();
    assert_eq!(error, "missing field `title`");
    // Required and nullable is not optional.
    let error = read::<Label>(json!({"title": "A"})).unwrap_err();
    assert_eq!(error, "missing field `parent`");
}

#[test]
fn builders_make_structs() {
    let label: Label = Label::builder()
        .title("A")
        .size(Size::Small)
        .r#type(Code::Failed)
        .next_cursor("next".to_owned())
        .parent(None)
        .try_into()
        .unwrap();
    assert_eq!(label.next_cursor, Nullable::Value("next".to_owned()));
    assert_eq!(
        written(label),
        json!({"title": "A", "size": "small", "type": -1, "nextCursor": "next", "parent": null})
    );
    let error: error::ConversionError = Label::try_from(Label::builder().title("a")).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"error converting supplied value for title: does not match pattern "^\p{Lu}""#
    );
    assert_eq!(Empty::try_from(Empty::builder()).unwrap(), Empty::default());
}

#[test]
fn defaults_are_filled_in() {
    let page: Page = read(json!({})).unwrap();
    assert_eq!(page, Page::default());
    assert_eq!((page.limit, page.ratio), (20, 1.0));
    assert_eq!(page.color, Color::Unknown("blue".to_owned()));
    assert_eq!((page.tags.len(), page.first, page.self_), (0, None, None));
}

#[test]
fn undeclared_properties_are_rejected_if_the_type_denies_them() {
    let error = read::<Dog>(json!({"name": "Rex", "age": 3})).unwrap_err();
    assert!(error.starts_with("unknown field `age`"), "{error}");
    assert!(read::<Cat>(json!({"lives": 9, "age": 3})).is_ok());
}

#[test]
fn checks_depend_on_the_use_of_a_type() {
    assert!(read::<Title>(json!("a")).is_err());
    assert!(read::<Id>(json!("")).is_ok());
    assert!(Id::try_from("").is_err());
}

#[test]
fn unions_convert_from_their_types() {
    let pet = Pet::from(Dog {
        name: "Rex".to_owned(),
    });
    assert_eq!(written(pet), json!({"name": "Rex", "kind": "dog"}));
    let tree = Tree(vec![Tree(Vec::new())]);
    let either = Either::from(tree.clone());
    assert_eq!(either, Either::Tree(tree));
    assert_eq!(read::<Either>(json!([[]])).unwrap(), either);
}

#[cfg(feature = "schemars")]
#[test]
fn schemas_require_nullable_properties() {
    let schema = written(schemars::schema_for!(Label));
    assert_eq!(schema["required"], json!(["title", "parent"]));
    assert!(schema["properties"].get("nextCursor").is_some());
    assert_eq!(schema["$defs"]["Tree"]["items"]["$ref"], "#/$defs/Tree");
    let schema = written(schemars::schema_for!(Page));
    assert_eq!(schema.get("required"), None);
    assert_eq!(schema["properties"]["limit"]["default"], 20);
}
