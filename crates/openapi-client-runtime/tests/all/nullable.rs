//! Absent, null and present properties.

use openapi_client_runtime::{Nullable, nullable};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Object {
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    a: Nullable<u8>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "nullable::present"
    )]
    b: Option<serde_json::Value>,
}

#[test]
fn absent_null_and_values_are_distinct() {
    for (json, a, b) in [
        ("{}", Nullable::Absent, None),
        (
            r#"{"a":null,"b":null}"#,
            Nullable::Null,
            Some(serde_json::Value::Null),
        ),
        (r#"{"a":1,"b":2}"#, Nullable::Value(1), Some(2.into())),
    ] {
        let object: Object = serde_json::from_str(json).unwrap();
        assert_eq!(object, Object { a, b });
        assert_eq!(serde_json::to_string(&object).unwrap(), json);
    }
}

#[cfg(feature = "schemars")]
#[test]
fn schema_is_that_of_an_option() {
    let schema = |generator: schemars::SchemaGenerator, ty: bool| match ty {
        true => generator.into_root_schema_for::<Nullable<u8>>(),
        false => generator.into_root_schema_for::<Option<u8>>(),
    };
    let of_nullable = schema(schemars::SchemaGenerator::default(), true);
    assert_eq!(
        of_nullable,
        schema(schemars::SchemaGenerator::default(), false)
    );
}

#[test]
fn setters_take_values_and_options() {
    assert_eq!(Nullable::from(1), Nullable::Value(1));
    assert_eq!(Nullable::from(Some(1)), Nullable::Value(1));
    assert!(Nullable::<u8>::from(None).is_absent());
    assert_eq!(Nullable::Value(1).into_option(), Some(1));
    assert_eq!(Nullable::<u8>::Null.as_option(), None);
}
