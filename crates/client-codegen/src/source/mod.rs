//! Turns progenitor's one stream of code into tidy files.

mod bounds;
mod checks;
mod crates;
mod docs;
mod modules;
mod schemas;
mod view;

use proc_macro2::{Ident, Span};
use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{Item, parse_quote};

use crate::beside;
use crate::error::GenerateError;
use crate::header::Stamp;
use crate::operations::Operation;
use crate::{GENERATED_DIR, GeneratedFile, Ownership};

pub(crate) use crates::Crate;
pub(crate) use view::SCHEMA_DERIVE;

/// The generated sources and what they need.
pub(crate) struct Sources {
    pub(crate) files: Vec<GeneratedFile>,
    pub(crate) crates: Vec<Crate>,
}

/// The items of the generated `types` module.
pub(crate) fn types(file: &syn::File) -> Vec<Item> {
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    types.map(|(_, items)| items.clone()).unwrap_or_default()
}

/// The files below `src/generated`.
pub(crate) fn files(
    mut file: syn::File,
    operations: &[Operation],
    document: &Value,
    beside: Vec<beside::Module>,
    stamp: &Stamp,
) -> Result<Sources, GenerateError> {
    docs::Docs.visit_file_mut(&mut file);
    view::derive_on_demand(&mut file)?;

    let mut modules = modules::split(&mut file);
    modules.push(("schemas", schemas::module(operations)));
    file.items.push(parse_quote! {
        /// The client's own view of the API: JSON Schemas of the types it really uses.
        #[cfg(feature = "schemars")]
        pub mod schemas;
    });
    if let Some(bounds) = bounds::module(operations, document) {
        modules.push(("parameters", bounds));
        file.items.push(parse_quote! {
            /// The bounds and defaults of the parameters, by operation.
            pub mod parameters;
        });
    }
    let reqwest: Vec<&'static str> = beside
        .iter()
        .flat_map(|module| module.reqwest)
        .copied()
        .collect();
    for module in beside {
        file.items.push(declaration(&module));
        let parts = module.parts.into_iter().flat_map(|part| part.items);
        let mut of_module = syn::File {
            shebang: None,
            attrs: Vec::new(),
            items: module.head.into_iter().chain(parts).collect(),
        };
        docs::Docs.visit_file_mut(&mut of_module);
        modules.push((module.name, of_module));
    }
    constants(&mut file, stamp);
    file.attrs = modules::allowances();
    modules.push(("mod", file));

    Ok(Sources {
        crates: crates::used_by(modules.iter().map(|(_, file)| file), &reqwest),
        files: modules
            .iter()
            .map(|(name, file)| print(name, file, stamp))
            .collect(),
    })
}

/// Declares a module that stands beside progenitor's.
fn declaration(module: &beside::Module) -> Item {
    let doc = format!(" {}", module.doc);
    let name = Ident::new(module.name, Span::call_site());
    let feature = module
        .feature
        .map(|feature| quote!(#[cfg(feature = #feature)]));
    parse_quote! {
        #[doc = #doc]
        #feature
        pub mod #name;
    }
}

/// Puts the facts about the contract behind the imports.
fn constants(file: &mut syn::File, stamp: &Stamp) {
    let Stamp {
        version, sha256, ..
    } = stamp;
    let at = file
        .items
        .iter()
        .take_while(|item| matches!(item, Item::Use(_)))
        .count();
    let constants: [Item; 2] = [
        parse_quote! {
            /// The version of the contract that this client was generated from.
            pub const CONTRACT_VERSION: &str = #version;
        },
        parse_quote! {
            /// The SHA-256 of that contract's file, with `\n` line endings, in hexadecimal.
            pub const CONTRACT_SHA256: &str = #sha256;
        },
    ];
    file.items.splice(at..at, constants);
}

fn print(name: &str, file: &syn::File, stamp: &Stamp) -> GeneratedFile {
    GeneratedFile {
        path: [GENERATED_DIR, &format!("{name}.rs")].iter().collect(),
        contents: stamp.header() + &modules::print(file),
        ownership: Ownership::Generated,
    }
}
