//! Converts names of the contract to Rust names.

use std::collections::{BTreeSet, HashSet};

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use openapi_contract::rust_names;
use proc_macro2::{Ident, Span};

/// Returns the name of a field, method or module.
pub(crate) fn snake(text: &str) -> Ident {
    identifier(text, str::to_snake_case)
}

/// Returns the name of a type or variant.
pub(crate) fn pascal(text: &str) -> Ident {
    identifier(text, str::to_pascal_case)
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

    use super::{pascal, snake, unused, variant_names};

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
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(pascal("api key"), "ApiKey");
    }

    #[test]
    fn used_names_get_a_suffix() {
        let mut taken = BTreeSet::new();
        assert_eq!(unused(snake("a"), &mut taken), "a");
        assert_eq!(unused(snake("A"), &mut taken), "a_");
    }

    #[test]
    fn colliding_variants_differ_by_their_punctuation() {
        assert_eq!(variant_names(&["a", "b-c"]), ["A", "BC"]);
        assert_eq!(variant_names(&["a-b", "a_b", "ab"]), ["AXb", "AXb", "Ab"]);
        assert_eq!(variant_names(&[">", "<"]), ["X", "X"]);
        assert_eq!(variant_names(&["-x", "x"]), ["Xx", "X"]);
    }
}
