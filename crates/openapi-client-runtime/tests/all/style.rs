//! The table "Style Examples" of OpenAPI 3.0.4, by column: empty string, string, array, object.

use openapi_client_runtime::Style;
use openapi_client_runtime::style::{cookie_value, encoded, json, reserved, segment};
use serde_json::{Value, json};

/// The values of the table.
fn values() -> [Value; 4] {
    [
        json!(""),
        json!("blue"),
        json!(["blue", "black", "brown"]),
        json!({ "R": 100, "G": 200, "B": 150 }),
    ]
}

/// A value in the query.
fn query(style: Style, name: &str, value: &Value) -> String {
    let pairs = style.pairs(name, value, style.query_encoding()).into_iter();
    let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

#[test]
fn styles_of_paths_and_headers_match_the_table() {
    let table = [
        (
            Style::Matrix,
            [
                ";color",
                ";color=blue",
                ";color=blue,black,brown",
                ";color=R,100,G,200,B,150",
            ],
        ),
        (
            Style::MatrixExploded,
            [
                ";color",
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";R=100;G=200;B=150",
            ],
        ),
        (
            Style::Label,
            [".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"],
        ),
        (
            Style::LabelExploded,
            [".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"],
        ),
        (
            Style::Simple,
            ["", "blue", "blue,black,brown", "R,100,G,200,B,150"],
        ),
        (
            Style::SimpleExploded,
            ["", "blue", "blue,black,brown", "R=100,G=200,B=150"],
        ),
    ];
    for (style, expected) in table {
        let found = values().map(|value| style.text("color", &value, encoded));
        assert_eq!(found, expected, "{style:?}");
    }
}

#[test]
fn styles_of_queries_match_the_table() {
    let table = [
        (
            Style::Form,
            [
                "color=",
                "color=blue",
                "color=blue,black,brown",
                "color=R,100,G,200,B,150",
            ],
        ),
        (
            Style::FormExploded,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100&G=200&B=150",
            ],
        ),
        (
            Style::FormReserved,
            [
                "color=",
                "color=blue",
                "color=blue,black,brown",
                "color=R,100,G,200,B,150",
            ],
        ),
        (
            Style::FormExplodedReserved,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100&G=200&B=150",
            ],
        ),
        (
            Style::SpaceDelimited,
            [
                "color=",
                "color=blue",
                "color=blue%20black%20brown",
                "color=R%20100%20G%20200%20B%20150",
            ],
        ),
        (
            Style::PipeDelimited,
            [
                "color=",
                "color=blue",
                "color=blue%7Cblack%7Cbrown",
                "color=R%7C100%7CG%7C200%7CB%7C150",
            ],
        ),
        // The table defines objects only.
        (
            Style::DeepObject,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
            ],
        ),
        (
            Style::Json,
            [
                "color=%22%22",
                "color=%22blue%22",
                "color=%5B%22blue%22%2C%22black%22%2C%22brown%22%5D",
                "color=%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D",
            ],
        ),
    ];
    for (style, expected) in table {
        let found = values().map(|value| query(style, "color", &value));
        assert_eq!(found, expected, "{style:?}");
    }
}

#[test]
fn null_has_no_pairs_and_an_empty_array_only_in_joined_styles() {
    for style in [
        Style::Form,
        Style::FormExploded,
        Style::DeepObject,
        Style::Json,
        Style::Raw,
    ] {
        assert_eq!(query(style, "color", &Value::Null), "", "{style:?}");
    }
    assert_eq!(query(Style::FormExploded, "color", &json!([])), "");
    assert_eq!(query(Style::DeepObject, "color", &json!({})), "");
    assert_eq!(query(Style::Form, "color", &json!([])), "color=");
}

#[test]
fn nulls_of_objects_are_omitted_and_those_of_arrays_are_not() {
    let object = json!({ "a": null, "b": 1 });
    assert_eq!(query(Style::Form, "color", &object), "color=b,1");
    assert_eq!(query(Style::FormExploded, "color", &object), "b=1");
    assert_eq!(query(Style::DeepObject, "color", &object), "color%5Bb%5D=1");
    assert_eq!(
        query(Style::Form, "color", &json!([null, 1])),
        "color=null,1"
    );
    assert_eq!(
        query(Style::FormExploded, "color", &json!([null, 1])),
        "color=null&color=1"
    );
}

#[test]
fn deep_objects_are_nested() {
    let value = json!({ "a": { "b": [1, { "c": true }] } });
    assert_eq!(
        query(Style::DeepObject, "p", &value),
        "p%5Ba%5D%5Bb%5D=1&p%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=true"
    );
}

#[test]
fn delimiters_inside_of_values_are_encoded() {
    let value = json!(["a,b", "c d", "é|.;"]);
    assert_eq!(
        query(Style::Form, "p", &value),
        "p=a%2Cb,c%20d,%C3%A9%7C.%3B"
    );
    assert_eq!(
        Style::Matrix.text("p q", &value, encoded),
        ";p%20q=a%2Cb,c%20d,%C3%A9%7C.%3B"
    );
}

#[test]
fn reserved_characters_stay_unless_they_change_the_query() {
    assert_eq!(reserved("a/b?c=d,e;f:g@h!$'()*"), "a/b?c=d,e;f:g@h!$'()*");
    assert_eq!(reserved("&+#[] é"), "%26%2B%23%5B%5D%20%C3%A9");
    // Triplets stay, and other percent signs are encoded.
    assert_eq!(reserved("%2f%zz%2"), "%2f%25zz%252");
    assert_eq!(
        query(Style::FormReserved, "u", &json!("http://a/b?c=d")),
        "u=http://a/b?c=d"
    );
    assert_eq!(query(Style::Form, "u", &json!("a/b")), "u=a%2Fb");
}

#[test]
fn segments_and_cookies_encode_what_is_not_allowed_there() {
    assert_eq!(
        segment("a/b\\c?d#e%f é:@&=+$,;~"),
        "a%2Fb%5Cc%3Fd%23e%25f%20%C3%A9:@&=+$,;~"
    );
    assert_eq!(
        cookie_value("a=b; c,\"d\"\\é%"),
        "a=b%3B%20c%2C%22d%22%5C%C3%A9%25"
    );
}

#[test]
fn numbers_keep_their_digits_and_properties_their_order() {
    assert_eq!(json(&0.1_f32).unwrap().to_string(), "0.1");
    assert_eq!(
        json(&0.300_000_000_000_000_04_f64).unwrap().to_string(),
        "0.30000000000000004"
    );
    assert_eq!(json(&u64::MAX).unwrap().to_string(), u64::MAX.to_string());
    #[derive(serde::Serialize)]
    struct Object {
        z: u8,
        a: u8,
    }
    assert_eq!(
        json(&Object { z: 1, a: 2 }).unwrap().to_string(),
        r#"{"z":1,"a":2}"#
    );
}

#[test]
fn raw_values_are_encoded() {
    assert_eq!(query(Style::Raw, "p", &json!("a,b c")), "p=a%2Cb%20c");
    assert_eq!(
        Style::Raw.text("p", &json!("{\"a\"}"), str::to_owned),
        "{\"a\"}"
    );
}
