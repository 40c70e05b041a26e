//! Typed mocks: a trait with a method for each operation, and types for its requests and responses.
//!
//! All code is generated from the plans, so that a mock expects what the client sends, and responds with what the
//! client reads.

mod argument;
mod status_names;
mod support;
#[cfg(test)]
mod tests;
mod then;
mod when;

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{ImplItemFn, Item, parse_quote};

use crate::client_ir::Operation;
use crate::error::{GenerateError, MockError};
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout::{ItemGroup, companion_files};
use crate::types::TypeSet;

/// Generates the files of a mock crate's `src/generated`. `client` is the path of the client's generated module.
pub(super) fn files(
    client: &syn::Path,
    operations: &[Operation],
    types: &TypeSet,
    header: &FileHeader,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let mut parts = Vec::new();
    for operation in operations {
        let made = part(operation, types).map_err(|error| GenerateError::Mock {
            operation: operation.plan.id.clone(),
            error,
        })?;
        parts.extend(made);
    }
    let mut root = root(operations);
    root.items.extend(support::items());
    let head = vec![
        parse_quote!(
            use super::{
                Expected, FieldEncoding, Style, bytes, cookie, form, header, items, json, path,
                query, respond,
            };
        ),
        parse_quote!(
            use #client::*;
        ),
    ];
    Ok(companion_files(
        root,
        vec![("operations", None, head, parts)],
        operations,
        header,
    ))
}

/// The types for the requests and the responses of an operation.
fn part(operation: &Operation, types: &TypeSet) -> Result<[ItemGroup; 2], MockError> {
    let plan = &operation.plan;
    let shown = format!("`{} {}`", plan.http_method.to_ascii_uppercase(), plan.path);
    let when = wrapper(
        when_name(operation),
        parse_quote!(::httpmock::When),
        &format!("The expected requests of {shown}."),
        when::methods(operation)?,
    )?;
    let then = wrapper(
        then_name(operation),
        parse_quote!(::httpmock::Then),
        &format!("The response of {shown}."),
        then::methods(operation, types)?,
    )?;
    Ok([when, then])
}

/// A type around one of httpmock, with these methods.
fn wrapper(
    name: Ident,
    inner: syn::Path,
    doc: &str,
    methods: Vec<ImplItemFn>,
) -> Result<ItemGroup, MockError> {
    let into_inner: ImplItemFn = parse_quote! {
        pub fn into_inner(self) -> #inner {
            self.0
        }
    };
    let mut names = HashSet::from([into_inner.sig.ident.clone()]);
    if let Some(twice) = methods
        .iter()
        .find(|method| !names.insert(method.sig.ident.clone()))
    {
        return Err(MockError::DuplicateMethod(twice.sig.ident.to_string()));
    }
    Ok(ItemGroup {
        name: name.to_string(),
        items: vec![
            parse_quote! {
                #[doc = #doc]
                pub struct #name(#inner);
            },
            parse_quote! {
                impl #name {
                    #(#methods)*

                    #into_inner
                }
            },
        ],
    })
}

/// The trait with a method for each operation, and its implementation.
fn root(operations: &[Operation]) -> syn::File {
    let signatures: Vec<syn::Signature> = operations.iter().map(signature).collect();
    let bodies = operations.iter().map(|operation| -> syn::Block {
        let (when, then) = (when_name(operation), then_name(operation));
        parse_quote!({
            self.mock(|when, then| {
                config_fn(operations::#when::new(when), operations::#then::new(then))
            })
        })
    });
    let trait_item: Item = parse_quote! {
        /// An extension trait for [`MockServer`](::httpmock::MockServer) that
        /// adds a method for each operation. These are the equivalent of
        /// type-checked [`mock()`](::httpmock::MockServer::mock) calls.
        pub trait MockServerExt {
            #(#signatures;)*
        }
    };
    parse_quote! {
        /// [`When`](::httpmock::When) and [`Then`](::httpmock::Then)
        /// wrappers for each operation. Each can be converted to
        /// its inner type with a call to `into_inner()`. This can
        /// be used to explicitly deviate from permitted values.
        pub mod operations;

        #trait_item

        impl MockServerExt for ::httpmock::MockServer {
            #(#signatures #bodies)*
        }
    }
}

fn signature(operation: &Operation) -> syn::Signature {
    let method = Ident::new(&operation.method, Span::call_site());
    let (when, then) = (when_name(operation), then_name(operation));
    parse_quote! {
        fn #method<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
        where
            F: FnOnce(operations::#when, operations::#then)
    }
}

fn when_name(operation: &Operation) -> Ident {
    format_ident!("{}When", operation.builder)
}

fn then_name(operation: &Operation) -> Ident {
    format_ident!("{}Then", operation.builder)
}
