//! Pagination with `Link` headers: lets a builder send its request to another URL.

use proc_macro2::{Ident, Span};
use syn::{Fields, Item, parse_quote};

use crate::ast;

/// Adds a field for the URL of the request to a builder. Returns the name of the field.
pub(super) fn add_url_field(items: &mut [Item], builder: &Ident) -> Option<Ident> {
    let Fields::Named(fields) = &mut ast::structure(items, builder)?.fields else {
        return None;
    };
    let mut name = "address".to_owned();
    while fields
        .named
        .iter()
        .any(|field| field.ident.as_ref().is_some_and(|id| *id == name))
    {
        name.push('_');
    }
    let name = Ident::new(&name, Span::call_site());
    fields
        .named
        .push(parse_quote!(pub(crate) #name: Option<String>));

    Some(name)
}
