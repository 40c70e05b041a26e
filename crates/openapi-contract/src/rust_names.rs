//! Names in generated Rust code.
//!
//! Methods, builders and setters follow the rules of progenitor, which generates some of them. Types and fields have
//! another prefix before a leading digit.

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// The name of the client method for an operation id.
pub fn method_name(operation_id: &str) -> String {
    identifier(operation_id, str::to_snake_case, "_")
}

/// The name of the request builder for an operation id.
pub fn builder_name(operation_id: &str) -> String {
    identifier(&method_name(operation_id), str::to_pascal_case, "_")
}

/// The name of the builder method that sets a parameter.
pub fn setter_name(parameter: &str) -> String {
    identifier(parameter, str::to_snake_case, "_")
}

/// The name of a type, from the name of a component, the title of a schema, or a name derived from
/// its location.
pub fn type_name(text: &str) -> String {
    identifier(text, str::to_pascal_case, "X")
}

/// The name of the type of a property whose schema has no component and no title. `owner` is the
/// name of the type that contains the property.
pub fn property_type(owner: &str, property: &str) -> String {
    format!("{owner}_{}", property.to_snake_case())
}

/// The name of the field for a property.
pub fn field_name(property: &str) -> String {
    identifier(property, str::to_snake_case, "x")
}

fn identifier(text: &str, to_case: fn(&str) -> String, before_digit: &str) -> String {
    let name = match text {
        "+1" => to_case("plus1"),
        "-1" => to_case("minus1"),
        _ => to_case(
            &text
                .replace('\'', "")
                .replace(|c: char| !is_xid_continue(c), "-"),
        ),
    };
    let name = match name.chars().next() {
        None => to_case("x"),
        Some(first) if is_xid_start(first) => name,
        Some(_) => format!("{before_digit}{name}"),
    };
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// Whether a name is reserved in some edition of Rust.
pub fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "_" | "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "gen"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "Self"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_the_generator() {
        for (text, expected_type, expected_field) in [
            ("list_media", "ListMedia", "list_media"),
            ("listMedia", "ListMedia", "list_media"),
            ("media/list-all", "MediaListAll", "media_list_all"),
            ("2fa", "X2fa", "x2fa"),
            ("don't", "Dont", "dont"),
            ("+1", "Plus1", "plus1"),
            ("", "X", "x"),
            ("type", "Type", "type_"),
            ("self", "Self_", "self_"),
        ] {
            assert_eq!(type_name(text), expected_type, "{text}");
            assert_eq!(field_name(text), expected_field, "{text}");
        }
    }

    #[test]
    fn operation_names_have_another_prefix_before_digits() {
        assert_eq!(method_name("2fa"), "_2fa");
        assert_eq!(builder_name("2fa"), "_2fa");
        assert_eq!(builder_name("list_media"), "ListMedia");
        assert_eq!(setter_name("type"), "type_");
    }
}
