//! Pagination with `Link` headers: lets a builder send its request to another URL.

use proc_macro2::{Ident, Span};
use syn::{Item, parse_quote};

/// Adds a field for the URL of the request to a builder. Returns the name of the field.
pub(super) fn add_url_field(items: &mut [Item], builder: &Ident) -> Option<Ident> {
    let fields = items.iter_mut().find_map(|item| match item {
        Item::Struct(found) if found.ident == *builder => match &mut found.fields {
            syn::Fields::Named(fields) => Some(fields),
            _ => None,
        },
        _ => None,
    })?;
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
