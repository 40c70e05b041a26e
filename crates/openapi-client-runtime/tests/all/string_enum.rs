//! Closed and open enums of strings.

use std::collections::BTreeMap;

openapi_client_runtime::string_enum! {
    /// How large.
    pub enum Size {
        /// Not large.
        Small = "small",
        VeryLarge = "very-large",
    }
}

openapi_client_runtime::string_enum! {
    pub enum Color {
        Red = "red",
        _ => Unknown,
    }
}

#[test]
fn closed_enums_reject_other_strings() {
    assert_eq!("very-large".parse::<Size>().unwrap(), Size::VeryLarge);
    assert_eq!(Size::try_from("small".to_owned()).unwrap(), Size::Small);
    let message = "unknown value `Small`, expected one of `small`, `very-large`";
    assert_eq!(Size::try_from("Small").unwrap_err().to_string(), message);
    let error = serde_json::from_str::<Size>("\"Small\"").unwrap_err();
    assert!(error.to_string().starts_with(message), "{error}");
    assert!(serde_json::from_str::<Size>("1").is_err());
}

#[test]
fn open_enums_keep_other_strings() {
    for (text, color) in [
        ("red", Color::Red),
        ("blue", Color::Unknown("blue".to_owned())),
    ] {
        assert_eq!(Color::from(text), color);
        assert_eq!(Color::from(text.to_owned()), color);
        assert_eq!(text.parse::<Color>().unwrap(), color);
        assert_eq!(color.as_str(), text);
        let json = serde_json::to_string(&color).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Color>(&json).unwrap(), color);
    }
    assert_eq!(Color::VALUES, ["red"]);
}

#[test]
fn strings_are_displayed_with_the_width_of_the_format() {
    assert_eq!(format!("{:<6}|", Size::Small), "small |");
    assert_eq!(
        Size::VALUES,
        [Size::Small.as_str(), Size::VeryLarge.as_str()]
    );
    assert!(Size::Small < Size::VeryLarge);
}

#[test]
fn enums_are_keys_of_maps() {
    let map = BTreeMap::from([(Size::VeryLarge, 1)]);
    let json = serde_json::to_string(&map).unwrap();
    assert_eq!(json, r#"{"very-large":1}"#);
    assert_eq!(
        serde_json::from_str::<BTreeMap<Size, i32>>(&json).unwrap(),
        map
    );
}

#[cfg(feature = "schemars")]
#[test]
fn only_closed_enums_list_their_values_in_the_schema() {
    let schema = schemars::schema_for!(Size);
    assert_eq!(schema.get("type").unwrap(), "string");
    assert_eq!(
        *schema.get("enum").unwrap(),
        serde_json::json!(["small", "very-large"])
    );
    let schema = schemars::schema_for!(Color);
    assert_eq!(schema.get("type").unwrap(), "string");
    assert!(schema.get("enum").is_none());
}
