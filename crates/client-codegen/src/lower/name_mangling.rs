//! Mangled names, which progenitor turns into distinct Rust names.
//!
//! `asc` and `ASC` would become the same variant, `isGlobal` and `is_global` the same field. Such a name is
//! replaced in the draft by another one, with a marker that is not allowed in Rust names. The generated
//! identifiers follow the new name, and the name on the wire is restored in every string of the generated
//! code.

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use serde_json::Value;

/// The first of ten private-use characters that encode digits. Rust names cannot contain them.
const ZERO: u32 = 0xF_E010;
/// Delimits a mangled name: before the name, between it and its number, and after the number.
const MARKER: char = '\u{FE01F}';

/// The mangled names of a draft.
#[derive(Debug, Default)]
pub(crate) struct NameMangler {
    /// The original names, by their number.
    names: Vec<String>,
}

impl NameMangler {
    /// Mangles a name so that its Rust name is that of `rust_name`.
    pub(super) fn mangle(&mut self, name: &str, rust_name: &str) -> String {
        let number = self.names.len();
        self.names.push(name.to_owned());
        let number = number.to_string();
        let digits = number.bytes().map(|digit| u32::from(digit - b'0'));
        let digits: String = digits
            .filter_map(|digit| char::from_u32(ZERO + digit))
            .collect();
        format!("{MARKER}{rust_name}{MARKER}{digits}{MARKER}")
    }

    /// Restores the names in a string of the draft.
    pub(crate) fn demangle(&self, text: &str) -> String {
        let mut read = String::new();
        let mut parts = text.split(MARKER);
        read.extend(parts.next());
        while let (Some(rust_name), Some(digits), Some(after)) =
            (parts.next(), parts.next(), parts.next())
        {
            read.push_str(self.number(digits).map_or(rust_name, String::as_str));
            read.push_str(after);
        }
        read
    }

    fn number(&self, digits: &str) -> Option<&String> {
        let number = digits.chars().try_fold(0, |number: usize, digit| {
            let digit = (digit as u32)
                .checked_sub(ZERO)
                .filter(|digit| *digit < 10)?;
            number.checked_mul(10)?.checked_add(digit as usize)
        });
        self.names.get(number?)
    }

    /// Restores the names in a document.
    pub(super) fn demangle_document(&self, value: &mut Value) {
        if self.names.is_empty() {
            return;
        }
        match value {
            Value::String(text) if text.contains(MARKER) => *text = self.demangle(text),
            Value::Array(array) => array
                .iter_mut()
                .for_each(|inner| self.demangle_document(inner)),
            Value::Object(object) => {
                if object.keys().any(|key| key.contains(MARKER)) {
                    let members = std::mem::take(object);
                    let members = members.into_iter();
                    *object = members
                        .map(|(key, value)| (self.demangle(&key), value))
                        .collect();
                }
                object
                    .values_mut()
                    .for_each(|inner| self.demangle_document(inner));
            }
            _ => {}
        }
    }

    /// Whether printed code contains mangled names.
    pub(crate) fn is_in(code: &str) -> bool {
        code.contains(MARKER) || code.contains("\\u{fe01f}")
    }

    /// Restores the names in generated code.
    pub(crate) fn demangle_tokens(&self, tokens: TokenStream) -> TokenStream {
        if self.names.is_empty() {
            return tokens;
        }
        tokens.into_iter().map(|token| self.token(token)).collect()
    }

    fn token(&self, token: TokenTree) -> TokenTree {
        match token {
            TokenTree::Group(group) => {
                let (delimiter, span, stream) = (group.delimiter(), group.span(), group.stream());
                // A shared stream is copied when it is taken apart.
                drop(group);
                let mut new = Group::new(delimiter, self.demangle_tokens(stream));
                new.set_span(span);
                TokenTree::Group(new)
            }
            TokenTree::Literal(literal) => TokenTree::Literal(self.literal(literal)),
            other => other,
        }
    }

    fn literal(&self, literal: Literal) -> Literal {
        let shown = literal.to_string();
        if !Self::is_in(&shown) {
            return literal;
        }
        match syn::parse_str::<syn::LitStr>(&shown) {
            Ok(text) => Literal::string(&self.demangle(&text.value())),
            Err(_) => literal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use serde_json::json;

    #[test]
    fn mangled_names_are_restored() {
        let mut mangler = NameMangler::default();
        for number in 0..12 {
            mangler.mangle(&format!("unused {number}"), "unused");
        }
        let rust_name = mangler.mangle("ASC", "asc_upper");
        assert_eq!(
            openapi_contract::rust_names::type_name(&rust_name),
            "AscUpper"
        );
        assert_eq!(
            openapi_contract::rust_names::field_name(&rust_name),
            "asc_upper"
        );
        let mut value =
            json!({ &rust_name: [rust_name], "other": format!("not `{rust_name}`, no") });
        mangler.demangle_document(&mut value);
        assert_eq!(value, json!({ "ASC": ["ASC"], "other": "not `ASC`, no" }));
        let code =
            mangler.demangle_tokens(quote!(#[serde(rename = #rust_name)] { a(#rust_name, "b") }));
        let expected = quote!(
            #[serde(rename = "ASC")]
            {
                a("ASC", "b")
            }
        );
        assert_eq!(code.to_string(), expected.to_string());
    }
}
