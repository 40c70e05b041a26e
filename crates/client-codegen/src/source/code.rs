//! Takes progenitor's one stream of tokens apart, into what is read here and what is only printed.
//!
//! The types are most of a client, and nobody reads them but the printer. They are handed to other
//! threads as text, because tokens cannot leave their thread, and nothing is ever parsed as a
//! whole: what is printed is dropped.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::printing::{Part, Printing};
use crate::error::GenerateError;

/// The generated code.
pub(crate) struct Code {
    /// Everything but what is in `types`.
    pub(crate) file: syn::File,
    /// Of the types, the unions that were asked for, by their names.
    pub(crate) unions: HashMap<String, syn::ItemEnum>,
    /// The head of `types`, which holds what is no part.
    pub(super) types: syn::File,
    /// The parts of `types` and of the modules in it, on their way to the printer.
    pub(super) printing: Printing,
}

impl Code {
    /// Begins to print the types, and parses the rest, and the unions of these names.
    pub(crate) fn new(
        tokens: TokenStream,
        unions: &HashSet<String>,
    ) -> Result<Self, GenerateError> {
        let unreadable = |error: syn::Error| GenerateError::Unreadable(error.to_string());
        let mut root = TokenStream::new();
        let mut types = TokenStream::new();
        let mut parts = Vec::new();
        for item in items(tokens) {
            match module(&item) {
                Some((name, body)) if name == "types" => {
                    types = take_parts("types", body, &mut parts);
                    root.extend(without_body(item));
                }
                _ => root.extend(item),
            }
        }
        let mut seen = HashSet::new();
        let named = parts.iter().filter(|part| part.is_in("types"));
        let double = named.filter(|part| !seen.insert(part.name()));
        let names: Vec<String> = double.map(|part| format!("`{}`", part.name())).collect();
        if !names.is_empty() {
            return Err(GenerateError::Clash { names });
        }
        let named = parts.iter().filter(|part| part.is_in("types"));
        let unions = named
            .filter(|part| unions.contains(part.name()))
            .filter_map(|part| Some((part.name().to_owned(), part.union()?)))
            .collect();
        let printing = Printing::start(parts);
        Ok(Self {
            file: syn::parse2(root).map_err(unreadable)?,
            types: syn::parse2(types).map_err(unreadable)?,
            printing,
            unions,
        })
    }
}

/// The content of the `types` module.
pub(super) fn types(tokens: TokenStream) -> Option<TokenStream> {
    items(tokens).find_map(|item| match module(&item) {
        Some((name, body)) if name == "types" => Some(body),
        _ => None,
    })
}

/// Takes the parts out of a module and out of the modules in it; returns what is left.
fn take_parts(path: &'static str, body: TokenStream, parts: &mut Vec<Part>) -> TokenStream {
    let mut head = TokenStream::new();
    for item in items(body) {
        let inner = match module(&item) {
            Some((name, body)) if name == "builder" => Some(("types/builder", body)),
            Some((name, body)) if name == "defaults" => Some(("types/defaults", body)),
            Some(_) => None,
            None => {
                match (declared(&item), parts.last_mut()) {
                    (Some(name), _) => parts.push(Part::new(path, name, item)),
                    (None, Some(part)) if part.is_in(path) => part.push(item),
                    (None, _) => head.extend(item),
                }
                continue;
            }
        };
        match inner {
            Some((path, body)) => {
                head.extend(take_parts(path, body, parts));
                head.extend(without_body(item));
            }
            None => head.extend(item),
        }
    }
    head
}

/// The items of a module: each ends in a semicolon or in a pair of braces.
fn items(tokens: TokenStream) -> impl Iterator<Item = Vec<TokenTree>> {
    let mut tokens = tokens.into_iter();
    std::iter::from_fn(move || {
        let mut item = Vec::new();
        for token in tokens.by_ref() {
            // `use a::{b, c};` has braces before its end.
            let is_use = || item.iter().any(|token| is_word(token, "use"));
            let ends = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_use(),
                _ => false,
            };
            item.push(token);
            if ends {
                return Some(item);
            }
        }
        (!item.is_empty()).then_some(item)
    })
}

/// The name and content of an inline module.
fn module(item: &[TokenTree]) -> Option<(String, TokenStream)> {
    match item {
        [.., keyword, TokenTree::Ident(name), TokenTree::Group(body)]
            if is_word(keyword, "mod") =>
        {
            Some((name.to_string(), body.stream()))
        }
        _ => None,
    }
}

/// A module's declaration, for a body that is in a file of its own.
fn without_body(mut item: Vec<TokenTree>) -> Vec<TokenTree> {
    item.pop();
    item.push(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone).into());
    item
}

/// The name of a type or function, where an item declares one.
fn declared(item: &[TokenTree]) -> Option<String> {
    let keyword = item.iter().position(|token| {
        ["struct", "enum", "type", "fn", "impl"]
            .iter()
            .any(|keyword| is_word(token, keyword))
    })?;
    match (&item[keyword], item.get(keyword + 1)?) {
        (TokenTree::Ident(word), _) if word == "impl" => None,
        (_, TokenTree::Ident(name)) => Some(name.to_string()),
        _ => None,
    }
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use std::collections::HashSet;

    use super::{Code, declared, items};

    #[test]
    fn items_end_where_they_end() {
        let tokens = quote! {
            #[doc = "A"] pub struct A { x: u8 }
            impl From<A> for u8 { fn from(a: A) -> u8 { a.x } }
            pub struct B(u8);
            use super::{C, D};
            pub fn e() -> u8 { 1 }
        };
        let names: Vec<_> = items(tokens).map(|item| declared(&item)).collect();
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(names, [name("A"), None, name("B"), None, name("e")]);
    }

    #[test]
    fn types_leave_and_everything_else_stays() {
        let tokens = quote! {
            use a::b;
            pub mod types {
                pub mod error { pub struct E; }
                pub struct A;
                impl A {}
                pub mod builder { pub struct A; impl A {} }
            }
            pub mod builder { pub struct C; }
        };
        let code = Code::new(tokens, &HashSet::new()).unwrap();
        assert_eq!(code.file.items.len(), 3);
        assert_eq!(code.types.items.len(), 2);
        let printed = code.printing.finish().unwrap();
        let names: Vec<_> = printed
            .iter()
            .map(|part| (part.path, &*part.name))
            .collect();
        assert_eq!(names, [("types", "A"), ("types/builder", "A")]);
        assert_eq!(printed[0].text, "pub struct A;\n\nimpl A {}\n");
    }
}
