//! Finds items in the generated code.

use std::collections::HashMap;

use proc_macro2::Ident;
use syn::{Field, Item, ItemImpl, Type};

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

/// The code of a builder.
#[derive(Default)]
pub(crate) struct BuilderItems<'f> {
    pub(crate) declared: Option<&'f mut syn::ItemStruct>,
    pub(crate) blocks: Vec<&'f mut ItemImpl>,
}

/// Returns the code of each builder by its name.
pub(crate) fn by_builder(items: &mut [Item]) -> HashMap<String, BuilderItems<'_>> {
    let mut builders: HashMap<String, BuilderItems<'_>> = HashMap::new();
    for item in items {
        match item {
            Item::Struct(found) => {
                let builder = builders.entry(found.ident.to_string()).or_default();
                builder.declared = Some(found);
            }
            Item::Impl(block) => {
                let Type::Path(own) = &*block.self_ty else {
                    continue;
                };
                if let Some(last) = own.path.segments.last() {
                    let name = last.ident.to_string();
                    builders.entry(name).or_default().blocks.push(block);
                }
            }
            _ => {}
        }
    }
    builders
}

/// Returns the struct of a builder.
pub(crate) fn structure<'f>(
    items: &'f mut [Item],
    builder: &Ident,
) -> Option<&'f mut syn::ItemStruct> {
    items.iter_mut().find_map(|item| match item {
        Item::Struct(found) if found.ident == *builder => Some(found),
        _ => None,
    })
}

/// Returns a field of a builder.
pub(crate) fn field<'f>(
    items: &'f mut [Item],
    builder: &Ident,
    name: &str,
) -> Option<&'f mut Field> {
    let item = structure(items, builder)?;
    let is_it = |field: &&mut Field| field.ident.as_ref().is_some_and(|ident| ident == name);
    item.fields.iter_mut().find(is_it)
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
