//! Converts names of the contract to Rust names.

use std::collections::{BTreeSet, HashSet};

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use openapi_contract::rust_names;
use proc_macro2::{Ident, Span};

/// Returns the name of a field, method or module.
pub(crate) fn snake(text: &str) -> Ident {
    identifier(text, str::to_snake_case)
}

/// Returns the name of a constant.
pub(crate) fn upper(text: &str) -> Ident {
    identifier(text, str::to_shouty_snake_case)
}

/// Returns the suffix of a type name.
pub(crate) fn pascal_suffix(text: &str) -> String {
    let letters = text.replace(|c: char| !unicode_ident::is_xid_continue(c), "-");
    letters.to_pascal_case()
}

/// Returns the names of the variants of a string enum, in the order of its values. If names collide,
/// characters that are not allowed in names are replaced by `X` in all of them.
pub(crate) fn variant_names(values: &[&str]) -> Vec<String> {
    let plain: Vec<String> = values
        .iter()
        .map(|value| rust_names::type_name(value))
        .collect();
    if are_unique(&plain) {
        return plain;
    }
    let spelled_out = |value: &&str| {
        rust_names::type_name(&value.replace(
            |c: char| c == '_' || !unicode_ident::is_xid_continue(c),
            "X",
        ))
    };
    values.iter().map(spelled_out).collect()
}

fn are_unique(names: &[String]) -> bool {
    let mut seen = HashSet::new();
    names.iter().all(|name| seen.insert(name))
}

/// Returns the first name that is not taken: `name`, or else `variant(1)`, `variant(2)` and so on.
pub(crate) fn first_unused(
    name: &str,
    variant: impl Fn(usize) -> String,
    mut is_taken: impl FnMut(&str) -> bool,
) -> String {
    let mut candidate = name.to_owned();
    let mut number = 1;
    while is_taken(&candidate) {
        candidate = variant(number);
        number += 1;
    }
    candidate
}

/// Returns the name, with `_` appended until it is unused.
pub(crate) fn unused(name: Ident, taken: &mut BTreeSet<String>) -> Ident {
    let name = name.to_string();
    let variant = |count| name.clone() + &"_".repeat(count);
    let unused = first_unused(&name, variant, |name| !taken.insert(name.to_owned()));
    Ident::new(&unused, Span::call_site())
}

/// Returns the names of types or variants, with numbers where two would be the same.
pub(crate) fn distinct(names: Vec<String>) -> Vec<String> {
    numbered(names, |name, number| format!("{name}{number}"))
}

/// Returns the names of the fields for some properties, and for a field that is no property.
pub(crate) fn field_names<'n>(
    properties: impl Iterator<Item = &'n str>,
    other: Option<&str>,
) -> Vec<String> {
    let names = properties.map(rust_names::field_name);
    numbered(
        names.chain(other.map(str::to_owned)).collect(),
        |name, number| format!("{}_{number}", name.trim_matches('_')),
    )
}

/// Returns the names. Of equal ones, all but the first get a number from 2 on.
fn numbered(names: Vec<String>, variant: impl Fn(&str, usize) -> String) -> Vec<String> {
    let all: HashSet<String> = names.iter().cloned().collect();
    let mut taken = HashSet::new();
    let distinct = names.into_iter().map(|name| {
        let is_first = taken.insert(name.clone());
        if is_first {
            return name;
        }
        first_unused(
            &variant(&name, 2),
            |number| variant(&name, number + 2),
            |other| all.contains(other) || !taken.insert(other.to_owned()),
        )
    });
    distinct.collect()
}

fn identifier(text: &str, to_case: fn(&str) -> String) -> Ident {
    let letters = text.replace(|c: char| !unicode_ident::is_xid_continue(c), "-");
    let mut name = to_case(&letters);
    if !name.starts_with(unicode_ident::is_xid_start) {
        name.insert(0, 'x');
    }
    // A keyword or `Self` gets a suffix.
    if rust_names::is_keyword(&name) {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{distinct, field_names, snake, unused, variant_names};

    #[test]
    fn any_string_becomes_a_name() {
        for (text, name) in [
            ("bearerAuth", "bearer_auth"),
            ("X-RateLimit-Limit", "x_rate_limit_limit"),
            ("type", "type_"),
            ("2fa", "x2fa"),
            ("", "x"),
            ("***", "x"),
            ("größe", "größe"),
        ] {
            assert_eq!(snake(text), name);
        }
    }

    #[test]
    fn used_names_get_a_suffix() {
        let mut taken = BTreeSet::new();
        assert_eq!(unused(snake("a"), &mut taken), "a");
        assert_eq!(unused(snake("A"), &mut taken), "a_");
    }

    #[test]
    fn equal_names_get_a_number() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let found = distinct(names(&["A", "B", "A", "A2", "A"]));
        assert_eq!(found, ["A", "B", "A3", "A2", "A4"]);
        let properties = [
            "fileName",
            "file_name",
            "type",
            "Type",
            "extra",
            "file_name_2",
        ];
        assert_eq!(
            field_names(properties.into_iter(), Some("extra")),
            [
                "file_name",
                "file_name_3",
                "type_",
                "type_2",
                "extra",
                "file_name_2",
                "extra_2"
            ]
        );
    }

    #[test]
    fn colliding_variants_differ_by_their_punctuation() {
        assert_eq!(variant_names(&["a", "b-c"]), ["A", "BC"]);
        assert_eq!(variant_names(&["a-b", "a_b", "ab"]), ["AXb", "AXb", "Ab"]);
        assert_eq!(variant_names(&[">", "<"]), ["X", "X"]);
        assert_eq!(variant_names(&["-x", "x"]), ["Xx", "X"]);
    }
}
