//! The fuzz targets as property tests.

#[path = "../../fuzz/src/lib.rs"]
#[allow(
    unreachable_pub,
    reason = "for the fuzz targets it is a library of its own"
)]
mod fuzz;

use proptest::prelude::*;

const MEDIA: &str = include_str!("../../../../openapi/media.yaml");

/// Fragments of YAML, JSON and OpenAPI.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "- ",
        ": ",
        ", ",
        "? ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "|",
        ">",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "!x ",
        "# ",
        "---\n",
        "%YAML 1.2\n",
        "\t",
        "\r",
        "\\",
        "é",
        "\u{1e}",
        "\u{feff}",
        "\u{2028}",
        "\0",
        "~",
        "1",
        "-1.5",
        "true",
        "a",
        "$ref: ",
        "'#/a'",
        "'1#/a'",
        "1e999",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// The contract of this workspace with some lines removed, duplicated, swapped or changed.
fn mutated() -> impl Strategy<Value = String> {
    let words = vec![
        "null",
        "[]",
        "{}",
        "5",
        "-1",
        "true",
        "'x'",
        "integer",
        "string",
        "array",
        "object",
        "{$ref: '#/components/schemas/Media'}",
        "{$ref: '#/nothing'}",
        "&a x",
        "*a",
    ];
    let edit = (
        any::<prop::sample::Index>(),
        0..4_u8,
        prop::sample::select(words),
    );
    prop::collection::vec(edit, 1..6).prop_map(|edits| {
        let mut lines: Vec<String> = MEDIA.lines().map(str::to_owned).collect();
        for (index, kind, word) in edits {
            let at = index.index(lines.len());
            match kind {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => {
                    let other = (at + 1) % lines.len();
                    lines.swap(at, other);
                }
                _ => {
                    if let Some((key, _)) = lines[at].clone().split_once(':') {
                        lines[at] = format!("{key}: {word}");
                    }
                }
            }
        }
        lines.join("\n")
    })
}

/// Minimized findings of the fuzz targets.
#[test]
fn earlier_findings_are_loaded_or_rejected() {
    let cases = [
        // Merged properties had the pointers of their anchor.
        "paths:\n  <<:\n    get:\n",
        "a: &a {x: {y: 1}}\nb: {c: {<<: [*a, {d: {e: 2}}]}}\n",
    ];
    for case in cases {
        fuzz::load(case.as_bytes());
        fuzz::canonical(case.as_bytes());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_loaded_or_rejected(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        fuzz::load(&bytes);
        fuzz::canonical(&bytes);
    }

    #[test]
    fn anything_like_yaml_is_loaded_or_rejected(text in pieces()) {
        fuzz::load(text.as_bytes());
        fuzz::canonical(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn mutated_contracts_are_read_and_compared(text in mutated()) {
        fuzz::load(text.as_bytes());
        fuzz::canonical(text.as_bytes());
        fuzz::compare(format!("{MEDIA}\u{1e}{text}").as_bytes());
    }
}
