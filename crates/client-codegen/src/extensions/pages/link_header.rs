//! Pagination with `Link` headers: lets a builder send its request to another URL.

use proc_macro2::{Ident, Span};
use syn::visit_mut::{self, VisitMut};
use syn::{Item, parse_quote};

use crate::ast;

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

    let mut adding = AddAddressField {
        name: name.clone(),
        done: 0,
    };
    for block in ast::blocks(items, builder) {
        adding.visit_item_impl_mut(block);
    }
    // The constructor.
    (adding.done == 1).then_some(name)
}

struct AddAddressField {
    name: Ident,
    done: usize,
}

impl VisitMut for AddAddressField {
    fn visit_expr_struct_mut(&mut self, made: &mut syn::ExprStruct) {
        if made.path.is_ident("Self") {
            let name = &self.name;
            made.fields.push(parse_quote!(#name: None));
            self.done += 1;
        }
        visit_mut::visit_expr_struct_mut(self, made);
    }
}
