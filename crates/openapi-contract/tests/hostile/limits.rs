//! Large, long and deeply nested documents.

use openapi_contract::document::{Document, MAX_BYTES};

use crate::{in_time, rejected};

#[test]
fn files_above_the_size_limit_are_not_parsed() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("large.yaml");
    let file = std::fs::File::create(&path).expect("a file");
    file.set_len(100 << 20).expect("a sparse file");
    let error = in_time("100 MB", || Document::load(&path, "large.yaml")).expect_err("too large");
    assert_eq!(
        error.to_string(),
        "large.yaml: the file is larger than 64 MiB; split it, or check that it is a contract"
    );
    let error = rejected("text.yaml", "x".repeat(MAX_BYTES + 1));
    assert!(error.contains("larger than 64 MiB"), "{error}");
}

#[test]
fn a_line_of_50_megabytes_is_read() {
    let (line, short) = ("x".repeat(50 << 20), "x".repeat(1 << 20));
    let cases = [
        ("plain.yaml", format!("a: {line}\n")),
        ("string.json", format!("{{\"a\": \"{line}\"}}")),
        ("quoted.yaml", format!("a: \"{short}\"\n")),
        ("key.yaml", format!("{short}: a\n")),
        ("comment.yaml", format!("# {short}\na: b\n")),
    ];
    for (name, text) in cases {
        match in_time(name, || Document::parse(name, text)) {
            Ok(document) => assert_eq!(document.entries(document.root()).len(), 1),
            // YAML limits keys to 1,024 characters.
            Err(error) => {
                assert_eq!(name, "key.yaml");
                assert!(error.to_string().len() < 200, "{error}");
            }
        }
    }
}

#[test]
fn positions_in_a_long_line_are_computed_quickly() {
    let text = format!("[{}\"é\"]", "\"é\", ".repeat(200_000));
    in_time("200,000 positions", || {
        let document = Document::parse("line.json", text).expect("it parses");
        for (index, &element) in document.elements(document.root()).iter().enumerate() {
            let position = document
                .source()
                .position(document.node(element).span.start);
            assert_eq!(position.column as usize, 2 + index * 5);
        }
    });
}

#[test]
fn a_million_keys_are_read() {
    let mut json = String::from("{");
    let mut yaml = String::new();
    for index in 0..1_000_000 {
        json += &format!("\"key{index}\": {index},");
    }
    // The YAML parser is slow without optimization.
    for index in 0..200_000 {
        yaml += &format!("key{index}: {index}\n");
    }
    json += "\"last\": 0}";
    for (name, text) in [("keys.yaml", yaml), ("keys.json", json)] {
        in_time(name, || {
            let document = Document::parse(name, text).expect("it parses");
            let root = document.root();
            assert!(document.entries(root).len() >= 200_000);
            for entry in document.entries(root) {
                assert_eq!(document.pointer(entry.value), format!("/{}", entry.key));
                assert_eq!(document.get(root, entry.key), Some(entry.value));
            }
        });
    }
}

#[test]
fn too_many_values_are_rejected() {
    let ones = vec!["1"; 6_000_000].join(",");
    let error = rejected("values.json", format!("[{ones}]"));
    assert!(error.contains("more than 5000000 values"), "{error}");
}

#[test]
fn deep_nesting_is_rejected() {
    let depth = 100_000;
    let mut block = String::new();
    for level in 0..3_000 {
        block += &format!("{}a:\n", " ".repeat(level));
    }
    let indented = format!("{}a: b\n", " ".repeat(depth));
    let cases = [
        ("flow.yaml", format!("a: {}", "[".repeat(depth))),
        ("mappings.yaml", format!("a: {}", "{a: ".repeat(depth))),
        ("arrays.json", "[".repeat(depth)),
        ("objects.json", "{\"a\":".repeat(depth)),
        (
            "closed.json",
            format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        ),
        ("sequences.yaml", "- ".repeat(depth)),
        ("questions.yaml", "? ".repeat(depth)),
        ("block.yaml", block),
    ];
    for (name, text) in cases {
        let error = rejected(name, text);
        assert!(error.starts_with(&format!("{name}:")), "{error}");
        let says_why = [
            "nested more than 256 levels deep",
            "recursion limit",
            "keys must be",
        ];
        assert!(says_why.iter().any(|why| error.contains(why)), "{error}");
    }
    in_time("indentation", || Document::parse("indented.yaml", indented)).expect("it is one level");
}

#[test]
fn aliases_count_as_the_values_they_expand_to() {
    let mut values = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        values += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let error = rejected("values.yaml", values);
    assert!(error.contains("check its aliases"), "{error}");

    let mut text = format!("a: &a {}\nb:\n", "x".repeat(1 << 20));
    text += &"- *a\n".repeat(100_000);
    let error = rejected("text.yaml", text);
    assert!(
        error.contains("MiB of text after aliases are expanded"),
        "{error}"
    );

    let mut keys = format!("a: &a {{? {}\n: 1}}\nb:\n", "x".repeat(1 << 20));
    keys += &"- <<: *a\n".repeat(100_000);
    let error = rejected("merged.yaml", keys);
    assert!(error.contains("check its aliases"), "{error}");

    let mut deep = format!("a0: &a0 {}x{}\n", "[".repeat(100), "]".repeat(100));
    for level in 1..5 {
        let (open, close) = ("[".repeat(100), "]".repeat(100));
        deep += &format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1);
    }
    let error = rejected("deep.yaml", deep);
    assert!(error.contains("nested more than"), "{error}");
}

#[test]
fn a_hundred_thousand_anchors_are_read() {
    let mut text = String::new();
    for index in 0..100_000 {
        text += &format!("k{index}: &a{index} {{x: 1}}\nm{index}: {{<<: *a{index}, y: 2}}\n");
    }
    in_time("anchors", || Document::parse("anchors.yaml", text)).expect("it parses");
}
