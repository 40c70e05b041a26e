//! Unusual characters and YAML.

use openapi_contract::document::Document;
use serde_json::{Value, json};

fn json(text: &str) -> Value {
    let document = Document::parse("test.yaml", text).unwrap_or_else(|error| panic!("{error}"));
    document.to_json(document.root())
}

#[test]
fn line_ends_byte_order_marks_and_tags_are_read() {
    for (text, expected) in [
        (
            "\u{feff}a: 1\r\nb:\r\n  - c\r\n",
            json!({"a": 1, "b": ["c"]}),
        ),
        ("\u{feff}{\r\n\"a\":\t1}", json!({"a": 1})),
        ("a: \"x\u{2028}y\"\n", json!({"a": "x\u{2028}y"})),
        ("{\"a\": \"x\u{2028}y\"}", json!({"a": "x\u{2028}y"})),
        (
            "a: !!str 5\nb: !!int '5'\nc: !!float 1.5\n",
            json!({"a": "5", "b": 5, "c": 1.5}),
        ),
        ("a: !!binary aGk=\nb: ! 5\n", json!({"a": "aGk=", "b": "5"})),
        ("a: !!map {b: !!seq [c]}\n", json!({"a": {"b": ["c"]}})),
        ("'<<': {a: 1}\n", json!({"<<": {"a": 1}})),
        (
            "x: &x {a: 1, b: 1}\ny: {<<: [*x, {c: 1}], b: 2}\n",
            json!({"x": {"a": 1, "b": 1}, "y": {"b": 2, "a": 1, "c": 1}}),
        ),
        ("{\"a\": \"\\ud83d\\ude00\\/\"}", json!({"a": "😀/"})),
    ] {
        assert_eq!(json(text), expected, "{text}");
    }
    let long = "k".repeat(2_000);
    let document =
        Document::parse("long.json", format!("{{\"{long}\": 1}}")).expect("JSON has no limit");
    assert!(document.get(document.root(), &long).is_some());
}

#[test]
fn invalid_documents_are_rejected_with_a_position() {
    let errors = [
        "",
        "# only a comment\n",
        "a: .inf\n",
        "a: 1e999\n",
        "a: !!int x\n",
        "a: !!bool 1\n",
        "a: !custom x\n",
        "a: !!set {b, c}\n",
        "<<: {a: 1}\n<<: {b: 1}\n",
        "<<: 5\n",
        "a: 1\n'a': 2\n",
        "? [a]\n: b\n",
        "a: *b\n",
        "a: &a [*a]\n",
        "a: 1\n---\nb: 2\n",
        "a:\n\t- b\n",
        "a: b: c\n",
        "a: 'b\n",
        "{\"a\": 1,}\n//",
    ];
    let lines = errors.map(|text| match Document::parse("test.yaml", text) {
        Ok(document) => format!("{text:?} is read as {}", document.to_json(document.root())),
        Err(error) => error.to_string(),
    });
    insta::assert_snapshot!(lines.join("\n"), @r#"
    test.yaml:1:1: the file is empty; a contract starts with `openapi: 3.0.3`
    test.yaml:1:1: the file is empty; a contract starts with `openapi: 3.0.3`
    test.yaml:1:4: `.inf`: JSON does not support this number
    test.yaml:1:4: `1e999`: the number is out of range
    test.yaml:1:4: `x`: the tag does not match the value or has no equivalent in JSON; remove it
    test.yaml:1:4: `1`: the tag does not match the value or has no equivalent in JSON; remove it
    test.yaml:1:4: `x`: the tag does not match the value or has no equivalent in JSON; remove it
    test.yaml:1:4: the tag `tag:yaml.org,2002:!set` has no equivalent in JSON; remove it
    test.yaml:2:1: duplicate merge key `<<`; use one with a list of mappings
    test.yaml:1:5: the value of the merge key `<<` must be a mapping or a list of mappings
    test.yaml:2:1: duplicate key `a`, first used on line 1
    test.yaml:1:3: keys must be strings, as in JSON
    test.yaml:1:4: invalid YAML: while parsing node, found unknown anchor
    test.yaml:1:8: the alias refers to a value that contains it
    test.yaml:2:1: a second YAML document starts here; use one document per file
    test.yaml:2:2: invalid YAML: tabs disallowed within this context (block indentation)
    test.yaml:1:5: invalid YAML: mapping values are not allowed in this context
    test.yaml:1:4: invalid YAML: while scanning a quoted scalar, found unexpected end of stream
    test.yaml:2:1: invalid YAML: did not find expected <document start>
    "#);
}

#[test]
fn binary_files_are_rejected() {
    for (bytes, message) in [
        (
            &b"a: 1\nb: \xff\n"[..],
            "test.yaml:2:4: invalid UTF-8; save the file as UTF-8",
        ),
        (
            b"\xff\xfea\0:\0",
            "test.yaml:1:1: invalid UTF-8; save the file as UTF-8",
        ),
        (
            b"{\"a\": \"\xc3\"}",
            "test.yaml:1:8: invalid UTF-8; save the file as UTF-8",
        ),
    ] {
        let error =
            Document::parse_bytes("test.yaml", bytes.to_vec()).expect_err("it is not UTF-8 text");
        assert_eq!(error.to_string(), message);
    }
    for text in ["a: \0\n", "\0", "{\"a\": \"\0\"}", "{\"a\": \0}"] {
        // Either parser may accept it, as long as it doesn't panic.
        if let Ok(document) = Document::parse("test.yaml", text) {
            let json = document.to_json(document.root()).to_string();
            assert!(json.contains("\\u0000"), "{text:?}: {json}");
        }
    }
}
