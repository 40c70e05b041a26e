//! Enums of integers.

use std::collections::BTreeMap;

openapi_client_runtime::integer_enum! {
    pub enum Code: i64 {
        /// All is well.
        Ready = 0,
        NoPaper = -1,
        Largest = 9223372036854775807,
    }
}

openapi_client_runtime::integer_enum! {
    pub enum Level: u8 {
        Low = 1,
        High = 255,
    }
}

#[test]
fn integers_are_written_and_read() {
    for code in [Code::Ready, Code::NoPaper, Code::Largest] {
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(json, code.to_string());
        assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), code);
        assert_eq!(code.to_string().parse::<Code>().unwrap(), code);
        assert_eq!(Code::try_from(i64::from(code)).unwrap(), code);
    }
    assert_eq!(Code::VALUES, [0, -1, i64::MAX]);
    assert_eq!(
        serde_json::from_value::<Level>(255.into()).unwrap(),
        Level::High
    );
}

#[test]
fn fractions_of_zero_are_ignored() {
    assert_eq!(serde_json::from_str::<Code>("-1.0").unwrap(), Code::NoPaper);
    assert_eq!(serde_json::from_str::<Level>("1e0").unwrap(), Level::Low);
    for json in ["0.5", "9223372036854775807.0", "1e300"] {
        assert!(serde_json::from_str::<Code>(json).is_err(), "{json}");
    }
}

#[test]
fn other_values_are_errors() {
    let message = "unknown value `2`, expected one of `1`, `255`";
    assert_eq!(Level::try_from(2).unwrap_err().to_string(), message);
    assert_eq!("2".parse::<Level>().unwrap_err().to_string(), message);
    assert!("one".parse::<Level>().is_err());
    for json in ["2", "257", "-1", "\"1\"", "null", "257.0"] {
        assert!(serde_json::from_str::<Level>(json).is_err(), "{json}");
    }
}

#[test]
fn enums_are_keys_of_maps() {
    let map = BTreeMap::from([(Level::High, true)]);
    let json = serde_json::to_string(&map).unwrap();
    assert_eq!(json, r#"{"255":true}"#);
    assert_eq!(
        serde_json::from_str::<BTreeMap<Level, bool>>(&json).unwrap(),
        map
    );
}

#[cfg(feature = "schemars")]
#[test]
fn schema_lists_the_values() {
    let schema = schemars::schema_for!(Level);
    assert_eq!(schema.get("type").unwrap(), "integer");
    assert_eq!(*schema.get("enum").unwrap(), serde_json::json!([1, 255]));
}
