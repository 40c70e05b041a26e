//! Strings with constraints.

openapi_client_runtime::constrained_string! {
    pub struct Short {
        min_length: 1,
        max_length: 3,
    }
}

openapi_client_runtime::constrained_string! {
    pub struct Received {
        max_length: 3,
        read: unchecked,
    }
}

#[test]
fn lengths_are_in_characters() {
    let check = |text: &str| Short::try_from(text).map_err(|error| error.to_string());
    assert_eq!(check("").unwrap_err(), "shorter than 1 characters");
    assert_eq!(check("äöüß").unwrap_err(), "longer than 3 characters");
    assert_eq!(*check("äöü").unwrap(), "äöü");
    assert_eq!("abc".parse::<Short>().unwrap().to_string(), "abc");
    assert_eq!(
        String::from(Short::try_from("abc".to_owned()).unwrap()),
        "abc"
    );
}

#[test]
fn types_of_responses_are_read_without_checks() {
    let error = serde_json::from_str::<Short>("\"long\"").unwrap_err();
    assert!(
        error.to_string().starts_with("longer than 3 characters"),
        "{error}"
    );
    let received: Received = serde_json::from_str("\"long\"").unwrap();
    assert_eq!(*received, "long");
    assert_eq!(serde_json::to_string(&received).unwrap(), "\"long\"");
    assert!("long".parse::<Received>().is_err());
}

#[cfg(feature = "patterns")]
mod patterns {
    openapi_client_runtime::constrained_string! {
        pub struct Name {
            pattern: "^[a-z]",
            pattern: r"^\p{L}+$" unicode,
        }
    }

    openapi_client_runtime::constrained_string! {
        pub struct Broken {
            pattern: "(",
        }
    }

    #[test]
    fn all_patterns_must_match() {
        let check = |text: &str| Name::try_from(text).map_err(|error| error.to_string());
        assert_eq!(*check("año").unwrap(), "año");
        assert_eq!(
            check("Año").unwrap_err(),
            r#"does not match pattern "^[a-z]""#
        );
        assert_eq!(
            check("a1").unwrap_err(),
            r#"does not match pattern "^\p{L}+$""#
        );
    }

    #[test]
    fn invalid_patterns_are_errors() {
        let error = Broken::try_from("a").unwrap_err();
        assert_eq!(error.to_string(), r#"cannot compile pattern "(""#);
    }

    #[cfg(feature = "schemars")]
    #[test]
    fn schema_has_the_constraints() {
        use serde_json::json;

        let schema = serde_json::to_value(schemars::schema_for!(Name)).unwrap();
        assert_eq!(schema["pattern"], json!("^[a-z]"));
        assert_eq!(schema["allOf"], json!([{ "pattern": r"^\p{L}+$" }]));
        let schema = serde_json::to_value(schemars::schema_for!(super::Short)).unwrap();
        assert_eq!(schema["type"], "string");
        assert_eq!(schema["minLength"], 1);
        assert_eq!(schema["maxLength"], 3);
        assert!(schema.get("pattern").is_none());
    }
}
