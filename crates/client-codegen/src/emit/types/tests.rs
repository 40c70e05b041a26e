use std::path::PathBuf;

use openapi_contract::document::{Document, NodeId};
use serde_json::{Value, json};

use super::{defaults, parts};
use crate::types::{
    Additional, ConstrainedString, Field, Integer, IntegerEnum, NamedValue, Presence, StringEnum,
    StructType, TypeDef, TypeId, TypeKind, TypeRef, TypeSet, UnionType, Usage, Variant,
};

const SENT: Usage = Usage {
    in_requests: true,
    in_responses: false,
};

const RECEIVED: Usage = Usage {
    in_requests: false,
    in_responses: true,
};

fn node() -> NodeId {
    Document::parse("a.json", "{}").unwrap().root()
}

fn def(name: &str, usage: Usage, kind: TypeKind) -> TypeDef {
    TypeDef {
        name: name.to_owned(),
        doc: String::new(),
        deprecated: false,
        usage,
        node: node(),
        kind,
    }
}

fn field(name: &str, ty: TypeRef, presence: Presence) -> Field {
    Field {
        name: name.to_owned(),
        field: name.to_owned(),
        ty,
        presence,
        doc: String::new(),
        deprecated: false,
    }
}

fn renamed(name: &str, rust: &str, ty: TypeRef, presence: Presence) -> Field {
    Field {
        field: rust.to_owned(),
        ..field(name, ty, presence)
    }
}

fn fields(fields: Vec<Field>) -> TypeKind {
    TypeKind::Struct(StructType {
        fields,
        ..StructType::default()
    })
}

fn value<T>(variant: &str, value: T) -> NamedValue<T> {
    NamedValue {
        variant: variant.to_owned(),
        value,
        doc: String::new(),
    }
}

fn variant(name: &str, ty: TypeRef, tags: &[&str]) -> Variant {
    Variant {
        name: name.to_owned(),
        ty,
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        doc: String::new(),
    }
}

fn vec(item: TypeRef) -> TypeRef {
    TypeRef::Vec(Box::new(item))
}

const I64: TypeRef = TypeRef::Integer(Integer::I64);

/// One of everything.
fn sample() -> TypeSet {
    const SIZE: TypeRef = TypeRef::Named(TypeId(0));
    const COLOR: TypeRef = TypeRef::Named(TypeId(1));
    const CODE: TypeRef = TypeRef::Named(TypeId(2));
    const TITLE: TypeRef = TypeRef::Named(TypeId(3));
    const TREE: TypeRef = TypeRef::Named(TypeId(5));
    const LABEL: TypeRef = TypeRef::Named(TypeId(6));
    const CAT: TypeRef = TypeRef::Named(TypeId(8));
    const DOG: TypeRef = TypeRef::Named(TypeId(9));
    const NAMES: TypeRef = TypeRef::Named(TypeId(11));
    let mut small = value("Small", "small".to_owned());
    small.doc = "Up to a metre.".to_owned();
    let mut size = def(
        "Size",
        SENT,
        TypeKind::StringEnum(StringEnum {
            variants: vec![small, value("Large", "very \"large\"".to_owned())],
            is_open: false,
        }),
    );
    size.doc = "How large it is.\n\nSee https://example.com.".to_owned();
    let color = def(
        "Color",
        RECEIVED,
        TypeKind::StringEnum(StringEnum {
            variants: vec![value("Red", "red".to_owned())],
            is_open: true,
        }),
    );
    let code = def(
        "Code",
        SENT,
        TypeKind::IntegerEnum(IntegerEnum {
            integer: Integer::I32,
            variants: vec![value("Ok", 0), value("Failed", -1)],
        }),
    );
    let title = def(
        "Title",
        SENT,
        TypeKind::ConstrainedString(ConstrainedString {
            min_length: Some(1),
            max_length: Some(8),
            patterns: vec![r"^\p{Lu}".to_owned(), "[^\"]$".to_owned()],
        }),
    );
    let id = def(
        "Id",
        RECEIVED,
        TypeKind::ConstrainedString(ConstrainedString {
            min_length: Some(1),
            max_length: None,
            patterns: Vec::new(),
        }),
    );
    let tree = def("Tree", SENT, TypeKind::Wrapper(vec(TREE)));
    let mut old = field("old", TypeRef::Bool, Presence::Optional);
    old.doc = "Not used.".to_owned();
    old.deprecated = true;
    let mut label = def(
        "Label",
        SENT,
        TypeKind::Struct(StructType {
            fields: vec![
                field("title", TITLE, Presence::Required),
                field("size", SIZE, Presence::Optional),
                renamed("type", "r#type", CODE, Presence::Optional),
                renamed(
                    "nextCursor",
                    "next_cursor",
                    TypeRef::String,
                    Presence::OptionalNullable,
                ),
                field("notes", TypeRef::Any, Presence::OptionalAny),
                field(
                    "parent",
                    TypeRef::Nullable(Box::new(TypeRef::Boxed(Box::new(LABEL)))),
                    Presence::Required,
                ),
                field("tree", TREE, Presence::Optional),
                old,
            ],
            additional: Some(Additional {
                field: "additional_properties".to_owned(),
                ty: TypeRef::Any,
            }),
            denies_unknown: false,
        }),
    );
    label.doc = "What is glued on.".to_owned();
    let page = def(
        "Page",
        RECEIVED,
        fields(vec![
            field("limit", I64, Presence::Default(json!(20))),
            field("ratio", TypeRef::Float, Presence::Default(json!(1))),
            field("color", COLOR, Presence::Default(json!("blue"))),
            field("tags", NAMES, Presence::Default(json!([]))),
            field("first", TypeRef::String, Presence::Optional),
            renamed(
                "self",
                "self_",
                TypeRef::Nullable(Box::new(TypeRef::Bool)),
                Presence::Default(Value::Null),
            ),
        ]),
    );
    let cat = def(
        "Cat",
        SENT,
        fields(vec![field("lives", I64, Presence::Required)]),
    );
    let dog = def(
        "Dog",
        SENT,
        TypeKind::Struct(StructType {
            fields: vec![field("name", TypeRef::String, Presence::Required)],
            additional: None,
            denies_unknown: true,
        }),
    );
    let mut of_cat = variant("Cat", CAT, &["cat", "kitten"]);
    of_cat.doc = "A cat.".to_owned();
    let pet = def(
        "Pet",
        SENT,
        TypeKind::Union(UnionType {
            variants: vec![
                of_cat,
                variant("Dog", TypeRef::Boxed(Box::new(DOG)), &["dog"]),
            ],
            tag: Some("kind".to_owned()),
            has_other: true,
        }),
    );
    let names = def("Names", SENT, TypeKind::Alias(vec(TypeRef::String)));
    let empty = def("Empty", SENT, fields(Vec::new()));
    let either = def(
        "Either",
        SENT,
        TypeKind::Union(UnionType {
            variants: vec![
                variant("Names", NAMES, &[]),
                variant("Strings", vec(TypeRef::String), &[]),
                variant("Tree", TREE, &[]),
                variant(
                    "Either",
                    TypeRef::Boxed(Box::new(TypeRef::Named(TypeId(13)))),
                    &[],
                ),
                variant("Cats", vec(vec(CAT)), &[]),
            ],
            tag: None,
            has_other: false,
        }),
    );
    TypeSet::new(vec![
        size, color, code, title, id, tree, label, page, cat, dog, pet, names, empty, either,
    ])
}

fn module(set: &TypeSet, path: &str, head: &str) -> String {
    let parts = parts(set).unwrap();
    let texts = parts.iter().filter(|part| part.path == path);
    let texts = texts.map(|part| part.text.as_str());
    let texts: Vec<&str> = [head]
        .into_iter()
        .filter(|head| !head.is_empty())
        .chain(texts)
        .collect();
    texts.join("\n")
}

fn text(set: &TypeSet, name: &str) -> String {
    let parts = parts(set).unwrap();
    let part = parts
        .into_iter()
        .find(|part| part.name == name && part.path == "types");
    part.unwrap().text
}

/// The tests of the runtime crate compile the files and use the types. To update them, run
/// `UPDATE_FIXTURE=1 cargo test -p client-codegen emit::types`.
#[test]
fn printed_types_are_those_that_the_runtime_tests() {
    let set = sample();
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../openapi-client-runtime/tests/all/generated");
    for (path, head) in [
        ("types", super::types_head()),
        ("types/builder", super::builder_head()),
    ] {
        let code = module(&set, path, head);
        let file = directory.join(path).with_extension("rs");
        if std::env::var_os("UPDATE_FIXTURE").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, code).unwrap();
        } else {
            assert_eq!(std::fs::read_to_string(&file).unwrap(), code, "{path}");
        }
    }
}

#[test]
fn builders_of_received_types_are_behind_a_feature() {
    let set = TypeSet::new(vec![
        def(
            "Received",
            RECEIVED,
            fields(vec![field("a", I64, Presence::Required)]),
        ),
        def(
            "Both",
            Usage {
                in_requests: true,
                in_responses: true,
            },
            fields(Vec::new()),
        ),
    ]);
    insta::assert_snapshot!(module(&set, "types/builder", ""), @r#"
    #[cfg(feature = "builders")]
    ::openapi_client_runtime::builder! {
        Received for super::Received {
            a: i64 = required,
        }
    }

    ::openapi_client_runtime::builder! {
        Both for super::Both {}
    }
    "#);
}

#[test]
fn conflicting_conversions_are_omitted() {
    let set = sample();
    let either = text(&set, "Either");
    let converting: Vec<&str> = either
        .lines()
        .filter(|line| line.ends_with(" from,"))
        .collect();
    assert_eq!(
        converting,
        [
            "        Tree(Tree) from,",
            "        Cats(Vec<Vec<Cat>>) from,"
        ]
    );
}

#[test]
fn deprecated_items_say_so() {
    let mut deprecated = def("Old", SENT, TypeKind::Alias(TypeRef::String));
    deprecated.deprecated = true;
    let mut described = deprecated.clone();
    described.name = "Older".to_owned();
    described.doc = "Of long ago.".to_owned();
    let set = TypeSet::new(vec![deprecated, described]);
    assert_eq!(
        text(&set, "Old"),
        "/// Deprecated.\npub type Old = String;\n"
    );
    assert_eq!(
        text(&set, "Older"),
        "/// Of long ago.\n///\n/// Deprecated.\npub type Older = String;\n"
    );
}

#[test]
fn defaults_are_values_of_their_types() {
    let set = sample();
    let named = |name: &str| {
        let (id, _) = set.iter().find(|(_, def)| def.name == name).unwrap();
        TypeRef::Named(id)
    };
    let nullable = TypeRef::Nullable(Box::new(I64));
    let map = TypeRef::Map(Box::new(TypeRef::String), Box::new(I64));
    for (ty, value, expected) in [
        (TypeRef::Bool, json!(true), Some("true")),
        (TypeRef::Null, Value::Null, Some("()")),
        (I64, json!(5), Some("5")),
        (I64, json!(5.0), Some("5")),
        (I64, json!(0.5), None),
        (TypeRef::Integer(Integer::U8), json!(256), None),
        (
            TypeRef::Integer(Integer::U64),
            json!(u64::MAX),
            Some("18446744073709551615"),
        ),
        (TypeRef::Float, json!(1), Some("1.0")),
        (
            TypeRef::String,
            json!("a\"b"),
            Some("\"a\\\"b\".to_owned()"),
        ),
        (TypeRef::String, json!(1), None),
        (TypeRef::DateTime, json!("2020-01-01T00:00:00Z"), None),
        (nullable.clone(), Value::Null, Some("None")),
        (nullable, json!(1), Some("Some(1)")),
        (vec(I64), json!([1, 2]), Some("vec![1, 2]")),
        (vec(I64), json!([1, "2"]), None),
        (map, json!({}), Some("Default::default()")),
        (TypeRef::Boxed(Box::new(I64)), json!(1), Some("Box::new(1)")),
        (
            TypeRef::Any,
            json!("a"),
            Some("::serde_json::Value::from(\"a\")"),
        ),
        (TypeRef::Any, json!([1]), None),
        (named("Size"), json!("small"), Some("Size::Small")),
        (named("Size"), json!("tiny"), None),
        (named("Color"), json!("red"), Some("Color::Red")),
        (
            named("Color"),
            json!("blue"),
            Some("Color::Unknown(\"blue\".to_owned())"),
        ),
        (named("Code"), json!(-1), Some("Code::Failed")),
        (named("Code"), json!(7), None),
        (named("Names"), json!([]), Some("Vec::new()")),
        (named("Tree"), json!([]), Some("Tree(Vec::new())")),
        (named("Page"), json!({}), Some("Page::default()")),
        (named("Label"), json!({}), None),
    ] {
        let source = defaults::source(&set, &ty, &value);
        assert_eq!(source.as_deref(), expected, "{ty:?} {value}");
    }
}

#[test]
fn invalid_defaults_are_errors() {
    let set = TypeSet::new(vec![def(
        "Page",
        RECEIVED,
        fields(vec![field("limit", I64, Presence::Default(json!("many")))]),
    )]);
    let error = parts(&set).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the default of `limit` in `Page` is no value of its type"
    );
}
