//! The modules of generated code.

use syn::{Attribute, File, Ident, ImplItem, Item, Type, parse_quote};

use super::groups::TagGroups;
use super::split_files::PrintedPart;
use crate::error::GenerateError;
use crate::pretty_print::{file_of, print};

/// Items that stay together in one file, named after the first.
pub(crate) struct ItemGroup {
    pub(crate) name: String,
    pub(crate) items: Vec<Item>,
}

impl ItemGroup {
    /// Prints the items.
    pub(super) fn printed(self, group: usize) -> PrintedPart {
        PrintedPart {
            text: print(file_of(self.items)),
            name: self.name,
            group,
        }
    }
}

/// Removes the content of an inline module from a file. Returns its head, and a part for each struct.
pub(super) fn take_module(file: &mut File, name: &str) -> Option<(Vec<Item>, Vec<ItemGroup>)> {
    let module = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => Some(module),
        _ => None,
    })?;
    let (_, items) = module.content.take()?;
    module.semi = Some(Default::default());
    for attribute in &mut module.attrs {
        attribute.style = syn::AttrStyle::Outer;
    }
    let mut head = Vec::new();
    let mut parts: Vec<ItemGroup> = Vec::new();
    for item in items {
        let declared = match &item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Mod(item) => Some(item.ident.to_string()),
            _ => None,
        };
        match (declared, parts.last_mut()) {
            (Some(name), _) => parts.push(ItemGroup {
                name,
                items: vec![item],
            }),
            (None, Some(part)) => part.items.push(item),
            (None, None) => head.push(item),
        }
    }
    Some((head, parts))
}

/// Removes the content of the module `types`, which is printed elsewhere.
pub(super) fn take_types(file: &mut File) -> Result<(), GenerateError> {
    let (head, parts) = take_module(file, "types")
        .ok_or_else(|| GenerateError::UnexpectedCode("there is no `types` module".to_owned()))?;
    // Every schema is replaced by a type of the plan.
    let names = parts.iter().map(|part| part.name.as_str());
    let unknown: Vec<&str> = names.filter(|name| *name != "error").collect();
    let others = head
        .iter()
        .filter(|item| !matches!(item, Item::Use(_)))
        .count();
    match (unknown.first(), others) {
        (None, 0) => Ok(()),
        (Some(name), _) => Err(GenerateError::UnexpectedCode(format!(
            "the type `{name}` belongs to no schema"
        ))),
        (None, _) => Err(GenerateError::UnexpectedCode(
            "the content of the `types` module".to_owned(),
        )),
    }
}

/// Removes the operations from the file that declares `Client`. Each gets a separate `impl` block.
pub(super) fn take_operations(file: &mut File, groups: &TagGroups) -> Vec<ItemGroup> {
    let mut parts = Vec::new();
    let empty: syn::ItemImpl = parse_quote!(impl Client {});
    for item in &mut file.items {
        let Item::Impl(block) = item else { continue };
        if block.trait_.is_some() || !is_client(&block.self_ty) {
            continue;
        }
        let methods = std::mem::take(&mut block.items);
        for method in methods {
            match &method {
                ImplItem::Fn(function) if groups.is_method(&function.sig.ident) => {
                    parts.push(ItemGroup {
                        name: function.sig.ident.to_string(),
                        items: vec![Item::Impl(syn::ItemImpl {
                            items: vec![method],
                            ..empty.clone()
                        })],
                    });
                }
                _ => block.items.push(method),
            }
        }
    }
    let is_empty = |item: &Item| matches!(item, Item::Impl(block) if block.trait_.is_none() && block.items.is_empty());
    file.items.retain(|item| !is_empty(item));
    parts
}

fn is_client(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Client"))
}

/// Removes `allow` attributes that the root of the generated code already has.
pub(super) fn drop_inner_fences(file: &mut File) {
    let is_fence = |attribute: &Attribute| {
        let of: Option<Ident> = attribute
            .path()
            .is_ident("allow")
            .then(|| attribute.parse_args::<syn::Path>().ok())
            .flatten()
            .and_then(|lint| lint.segments.last().map(|last| last.ident.clone()));
        of.is_some_and(|lint| lint == "all" || lint == "unused_imports")
    };
    for item in &mut file.items {
        match item {
            Item::Mod(item) => item.attrs.retain(|attribute| !is_fence(attribute)),
            Item::Use(item) => item.attrs.retain(|attribute| !is_fence(attribute)),
            _ => {}
        }
    }
}

/// The lints that generated code allows, with the reason for each.
pub(super) fn allowances() -> Vec<Attribute> {
    vec![
        // Generated code does not follow style lints.
        parse_quote!(#![allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]),
        // Descriptions are optional in a contract.
        parse_quote!(#![allow(missing_docs)]),
        // The contract determines which imports and helpers are used.
        parse_quote!(#![allow(dead_code, unused_imports, unused_variables)]),
        parse_quote!(#![allow(elided_lifetimes_in_paths, unreachable_pub)]),
        // Brackets in descriptions may look like links to Rust items.
        parse_quote!(#![allow(rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links)]),
        parse_quote!(#![allow(rustdoc::redundant_explicit_links)]),
    ]
}
