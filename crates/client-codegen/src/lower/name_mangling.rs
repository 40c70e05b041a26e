//! Names that progenitor would let meet, under others that it keeps apart.
//!
//! `asc` and `ASC` become the same variant, `isGlobal` and `is_global` the same field. Such a name is
//! spelled otherwise in the draft, with a mark that is no part of a Rust name: what is generated is
//! called by the new spelling, and the name on the wire is put back in every text of the generated
//! code.

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use serde_json::Value;

/// The first of ten private characters that stand for digits. None can be a part of a Rust name.
const ZERO: u32 = 0xF_E010;
/// Stands before a spelling, between it and its number, and behind that.
const MARK: char = '\u{FE01F}';

/// The spellings of a draft.
#[derive(Debug, Default)]
pub(crate) struct NameMangler {
    written: Vec<String>,
}

impl NameMangler {
    /// What `written` is called in the draft, where its Rust name is to be that of `called`.
    pub(super) fn mangle(&mut self, written: &str, called: &str) -> String {
        let number = self.written.len();
        self.written.push(written.to_owned());
        let number = number.to_string();
        let digits = number.bytes().map(|digit| u32::from(digit - b'0'));
        let digits: String = digits
            .filter_map(|digit| char::from_u32(ZERO + digit))
            .collect();
        format!("{MARK}{called}{MARK}{digits}{MARK}")
    }

    /// What a text of the draft says.
    pub(crate) fn demangle(&self, text: &str) -> String {
        let mut read = String::new();
        let mut parts = text.split(MARK);
        read.extend(parts.next());
        while let (Some(called), Some(digits), Some(after)) =
            (parts.next(), parts.next(), parts.next())
        {
            read.push_str(self.number(digits).map_or(called, String::as_str));
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
        self.written.get(number?)
    }

    /// Puts the names of the contract back into a document.
    pub(super) fn demangle_document(&self, value: &mut Value) {
        if self.written.is_empty() {
            return;
        }
        match value {
            Value::String(text) if text.contains(MARK) => *text = self.demangle(text),
            Value::Array(array) => array
                .iter_mut()
                .for_each(|inner| self.demangle_document(inner)),
            Value::Object(object) => {
                if object.keys().any(|key| key.contains(MARK)) {
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

    /// Whether code that was printed has names that are spelled otherwise in the draft.
    pub(crate) fn is_in(code: &str) -> bool {
        code.contains(MARK) || code.contains("\\u{fe01f}")
    }

    /// Puts the names of the contract back into generated code.
    pub(crate) fn demangle_tokens(&self, tokens: TokenStream) -> TokenStream {
        if self.written.is_empty() {
            return tokens;
        }
        tokens.into_iter().map(|token| self.token(token)).collect()
    }

    fn token(&self, token: TokenTree) -> TokenTree {
        match token {
            TokenTree::Group(group) => {
                let (delimiter, span, stream) = (group.delimiter(), group.span(), group.stream());
                // While somebody else has the stream, it is copied before it is taken apart.
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
    fn what_is_spelled_otherwise_is_put_back() {
        let mut mangler = NameMangler::default();
        for number in 0..12 {
            mangler.mangle(&format!("unused {number}"), "unused");
        }
        let called = mangler.mangle("ASC", "asc_upper");
        assert_eq!(openapi_contract::rust_names::type_name(&called), "AscUpper");
        assert_eq!(
            openapi_contract::rust_names::field_name(&called),
            "asc_upper"
        );
        let mut value = json!({ &called: [called], "other": format!("not `{called}`, no") });
        mangler.demangle_document(&mut value);
        assert_eq!(value, json!({ "ASC": ["ASC"], "other": "not `ASC`, no" }));
        let code = mangler.demangle_tokens(quote!(#[serde(rename = #called)] { a(#called, "b") }));
        let expected = quote!(
            #[serde(rename = "ASC")]
            {
                a("ASC", "b")
            }
        );
        assert_eq!(code.to_string(), expected.to_string());
    }
}
