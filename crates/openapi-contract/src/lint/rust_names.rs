//! What names of a contract become in generated Rust code.
//!
//! These are the rules of progenitor and typify, stated once more: the linter must say the same
//! names as the generator, and the engine does not depend on it.

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// The name of a type or an enum variant.
pub(super) fn type_name(text: &str) -> String {
    identifier(text, str::to_pascal_case)
}

/// The name of a method, a field or a parameter.
pub(super) fn field_name(text: &str) -> String {
    identifier(text, str::to_snake_case)
}

/// The names of the variants of a string enum, in the order of its values. Where plain names meet,
/// all are made again with an `X` for each character that names cannot have.
pub(super) fn variant_names(values: &[&str]) -> Vec<String> {
    let plain: Vec<String> = values.iter().map(|value| type_name(value)).collect();
    if are_unique(&plain) {
        return plain;
    }
    let spelled_out =
        |value: &&str| type_name(&value.replace(|c: char| c == '_' || !is_xid_continue(c), "X"));
    values.iter().map(spelled_out).collect()
}

fn are_unique(names: &[String]) -> bool {
    let mut seen = std::collections::HashSet::new();
    names.iter().all(|name| seen.insert(name))
}

fn identifier(text: &str, to_case: fn(&str) -> String) -> String {
    let name = match text {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => to_case(
            &text
                .replace('\'', "")
                .replace(|c: char| !is_xid_continue(c), "-"),
        ),
    };
    let first = name.chars().next();
    match first {
        Some(first) if is_xid_start(first) => name,
        // Keywords get an underscore at their end. No two different names meet by that, so it is
        // left out here.
        _ => format!("{}{name}", to_case("x")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_generator() {
        for (text, expected_type, expected_field) in [
            ("list_media", "ListMedia", "list_media"),
            ("listMedia", "ListMedia", "list_media"),
            ("media/list-all", "MediaListAll", "media_list_all"),
            ("2fa", "X2fa", "x2fa"),
            ("don't", "Dont", "dont"),
            ("+1", "plus1", "plus1"),
            ("", "X", "x"),
        ] {
            assert_eq!(type_name(text), expected_type, "{text}");
            assert_eq!(field_name(text), expected_field, "{text}");
        }
    }

    #[test]
    fn variants_are_told_apart_by_their_punctuation() {
        assert_eq!(variant_names(&["a", "b-c"]), ["A", "BC"]);
        assert_eq!(variant_names(&["a-b", "a_b", "ab"]), ["AXb", "AXb", "Ab"]);
        assert_eq!(variant_names(&[">", "<"]), ["X", "X"]);
        assert_eq!(variant_names(&["-x", "x"]), ["Xx", "X"]);
    }
}
