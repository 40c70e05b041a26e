//! Splits progenitor's token stream into code that is changed and types that are only printed.
//!
//! The types are most of a client, and are printed by other threads. They are passed as text, because tokens
//! cannot leave their thread, and are dropped once they are printed.

use std::collections::HashSet;
use std::sync::Arc;

use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};

use super::printing::Printing;
use crate::error::GenerateError;
use crate::lower::NameMangler;
#[cfg(test)]
use crate::pretty_print::print;
use crate::types::{self, OptionalProperties, TypeSource, Types};

/// The generated code.
pub(crate) struct GeneratedCode {
    /// All code outside of `types`.
    pub(crate) file: syn::File,
    /// The head of `types`, with all items that are not parts.
    pub(super) head: syn::File,
    /// The parts of `types` and of its submodules, which are being printed.
    pub(super) printing: Printing,
}

impl GeneratedCode {
    /// Parses the code, and starts to print its types.
    pub(crate) fn new(
        tokens: TokenStream,
        mangler: &NameMangler,
    ) -> Result<(Self, Types), GenerateError> {
        let SplitTokens { root, head, parts } = SplitTokens::new(tokens);
        distinct(&parts)?;
        let builders = parts.iter().filter(|part| part.path == "types/builder");
        let builders = builders.map(|part| part.name.clone()).collect();
        let members = Arc::new(read_members(&parts));
        let mut printing = Printing::start(builders, Arc::clone(&members));
        let mut types = Types::new(members);
        for part in parts {
            let part = part.into_part(mangler);
            types.add(&part);
            printing.add(part);
        }
        let code = Self {
            file: parse(mangler.demangle_tokens(root))?,
            head: parse(mangler.demangle_tokens(head))?,
            printing,
        };
        Ok((code, types))
    }

    /// Returns all code as text, before it is split into files.
    #[cfg(test)]
    pub(crate) fn into_text(self) -> Result<String, GenerateError> {
        let types = self.printing.finish()?;
        let texts = types.into_iter().map(|part| part.text);
        Ok(texts.fold(print(self.file), |text, part| text + &part))
    }
}

/// The fields whose types change.
fn read_members(parts: &[TypeTokens]) -> OptionalProperties {
    let mut members = OptionalProperties::default();
    for part in parts.iter().filter(|part| part.path == "types") {
        members.add(&part.name, &part.items);
    }
    members
}

fn parse(tokens: TokenStream) -> Result<syn::File, GenerateError> {
    syn::parse2(tokens).map_err(GenerateError::unparsable)
}

/// Checks that the names of types are unique.
fn distinct(parts: &[TypeTokens]) -> Result<(), GenerateError> {
    let mut seen = HashSet::new();
    let named = parts.iter().filter(|part| part.path == "types");
    let double = named.filter(|part| !seen.insert(&part.name));
    let names: Vec<String> = double.map(|part| format!("`{}`", part.name)).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(GenerateError::DuplicateTypes { names })
}

/// The parts of the token stream.
struct SplitTokens {
    root: TokenStream,
    head: TokenStream,
    parts: Vec<TypeTokens>,
}

/// A type or function, with the items up to the next one.
struct TypeTokens {
    path: &'static str,
    name: String,
    items: Vec<TokenTree>,
}

impl TypeTokens {
    fn into_part(self, mangler: &NameMangler) -> Arc<TypeSource> {
        let tokens: TokenStream = self.items.into_iter().collect();
        let mut text = tokens.to_string();
        if NameMangler::is_in(&text) {
            text = mangler.demangle_tokens(tokens).to_string();
        }
        Arc::new(TypeSource {
            path: self.path,
            name: self.name,
            text: types::fix_source(text),
        })
    }
}

impl SplitTokens {
    fn new(tokens: TokenStream) -> Self {
        let mut root = TokenStream::new();
        let mut head = TokenStream::new();
        let mut parts = Vec::new();
        for mut item in items(tokens) {
            if module(&item).is_some_and(|name| name == "types") {
                let body = take_body(&mut item);
                head = take_parts("types", body, &mut parts);
            }
            root.extend(item);
        }
        Self { root, head, parts }
    }
}

/// Removes the parts of a module and of its submodules. Returns the rest.
fn take_parts(path: &'static str, body: TokenStream, parts: &mut Vec<TypeTokens>) -> TokenStream {
    let mut head = TokenStream::new();
    for mut item in items(body) {
        let Some(module) = module(&item) else {
            match (declared(&item), parts.last_mut()) {
                (Some(name), _) => parts.push(TypeTokens {
                    path,
                    name,
                    items: item,
                }),
                (None, Some(part)) if part.path == path => part.items.append(&mut item),
                (None, _) => head.extend(item),
            }
            continue;
        };
        let inner = ["types/builder", "types/defaults"]
            .into_iter()
            .find(|path| path.strip_prefix("types/") == Some(module.as_str()));
        if let Some(path) = inner {
            let body = take_body(&mut item);
            head.extend(take_parts(path, body, parts));
        }
        head.extend(item);
    }
    head
}

/// Splits a module into items, each of which ends with a semicolon or a pair of braces.
fn items(tokens: TokenStream) -> impl Iterator<Item = Vec<TokenTree>> {
    let mut tokens = tokens.into_iter();
    std::iter::from_fn(move || {
        let mut item = Vec::new();
        for token in tokens.by_ref() {
            // `use a::{b, c};` ends with the semicolon.
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

/// Returns the name of an inline module.
fn module(item: &[TokenTree]) -> Option<String> {
    match item {
        [.., keyword, TokenTree::Ident(name), TokenTree::Group(_)] if is_word(keyword, "mod") => {
            Some(name.to_string())
        }
        _ => None,
    }
}

/// Removes the content of an inline module, which moves to a separate file, and keeps the declaration.
fn take_body(item: &mut Vec<TokenTree>) -> TokenStream {
    let body = match item.pop() {
        // Drop the group first, so that its stream is not copied.
        Some(TokenTree::Group(body)) => body.stream(),
        _ => TokenStream::new(),
    };
    item.push(Punct::new(';', Spacing::Alone).into());
    body
}

/// Returns the name of the type or function that an item declares.
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

    use super::{GeneratedCode, NameMangler, declared, items};

    #[test]
    fn items_are_split_at_semicolons_and_braces() {
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
    fn types_are_split_from_the_rest() {
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
        let (code, types) = GeneratedCode::new(tokens, &NameMangler::default()).unwrap();
        assert_eq!(code.file.items.len(), 3);
        assert_eq!(code.head.items.len(), 2);
        assert!(types.declares("A") && !types.declares("C"));
        let printed = code.printing.finish().unwrap();
        let names: Vec<_> = printed
            .iter()
            .map(|part| (part.path, &*part.name))
            .collect();
        assert_eq!(names, [("types", "A"), ("types/builder", "A")]);
        assert_eq!(printed[0].text, "pub struct A;\n\nimpl A {}\n");
    }
}
