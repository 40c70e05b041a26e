//! Finds items in the generated code.

use proc_macro2::Ident;
use syn::{Expr, Field, Item, ItemImpl, Lit, Type};

/// Returns the items of the generated module `builder`.
pub(crate) fn builders(generated: &mut syn::File) -> Option<&mut [Item]> {
    generated.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module
            .content
            .as_mut()
            .map(|(_, items)| items.as_mut_slice()),
        _ => None,
    })
}

/// Returns the `impl` blocks of a builder.
pub(crate) fn blocks<'f>(
    items: &'f mut [Item],
    builder: &'f Ident,
) -> impl Iterator<Item = &'f mut ItemImpl> {
    items.iter_mut().filter_map(move |item| match item {
        Item::Impl(block) => match &*block.self_ty {
            Type::Path(own) if own.path.segments.last()?.ident == *builder => Some(block),
            _ => None,
        },
        _ => None,
    })
}

/// Returns a field of a builder.
pub(crate) fn field<'f>(
    items: &'f mut [Item],
    builder: &Ident,
    name: &str,
) -> Option<&'f mut Field> {
    let item = items.iter_mut().find_map(|item| match item {
        Item::Struct(found) if found.ident == *builder => Some(found),
        _ => None,
    })?;
    let is_it = |field: &&mut Field| field.ident.as_ref().is_some_and(|ident| ident == name);
    item.fields.iter_mut().find(is_it)
}

/// Returns the value of a string literal.
pub(crate) fn string_literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(syn::ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// Returns the methods in the inherent `impl` blocks of a type of the root module.
pub(crate) fn methods<'f>(
    generated: &'f mut syn::File,
    name: &'f str,
) -> impl Iterator<Item = &'f mut syn::ImplItemFn> {
    let blocks = generated
        .items
        .iter_mut()
        .filter_map(move |item| match item {
            Item::Impl(block) if block.trait_.is_none() => match &*block.self_ty {
                Type::Path(own) if own.path.segments.last()?.ident == *name => Some(block),
                _ => None,
            },
            _ => None,
        });
    blocks
        .flat_map(|block| &mut block.items)
        .filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(method),
            _ => None,
        })
}
