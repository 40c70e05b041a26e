//! The builders of operations: how they are created and what is set.
//!
//! progenitor declares the struct of a builder with the types of its fields. All of its methods are generated here.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{ImplItem, ImplItemFn, Type, parse_quote};

use super::{dropshot_stream, send};
use crate::ast::BuilderItems;
use crate::client_ir::{Content, Operation};
use crate::client_plan::BodyKind;
use crate::error::GenerateError;
use crate::types::TypeSet;

/// Replaces the methods of an operation's builder. `link` is the field with the URL of the next page.
pub(super) fn complete(
    code: BuilderItems<'_>,
    operation: &Operation,
    types: &TypeSet,
    link: Option<&Ident>,
) -> Result<(), GenerateError> {
    let unexpected = |what: &str| {
        GenerateError::UnexpectedCode(format!("{what} of the operation `{}`", operation.plan.id))
    };
    let declared = code.declared.ok_or_else(|| unexpected("the builder"))?;
    fields(declared, operation).ok_or_else(|| unexpected("a field"))?;
    let Ok([block]) = <[_; 1]>::try_from(code.blocks) else {
        return Err(unexpected("the methods"));
    };
    let old = std::mem::take(&mut block.items);
    let mut old: Vec<ImplItemFn> = old
        .into_iter()
        .filter_map(|item| match item {
            ImplItem::Fn(method) => Some(method),
            _ => None,
        })
        .collect();
    let mut methods = vec![new(operation, link)];
    methods.extend(operation.parameters.iter().map(|parameter| {
        let (ident, ty) = (&parameter.ident, &parameter.ty);
        let name = ident.to_string();
        let some = (!parameter.required).then(|| quote!(.map(Some)));
        parse_quote! {
            pub fn #ident(mut self, value: impl TryInto<#ty>) -> Self {
                self.#ident = runtime::convert(#name, value) #some;
                self
            }
        }
    }));
    let contents = operation.contents.iter();
    methods.extend(contents.flat_map(|content| body_setters(operation, content)));
    let mut send = send::method(operation, types, link)?;
    let documentation = old.iter_mut().find(|method| method.sig.ident == "send");
    let documentation = documentation.ok_or_else(|| unexpected("the method `send`"))?;
    send.attrs = std::mem::take(&mut documentation.attrs);
    methods.push(send);
    if let Some(stream) = &operation.plan.stream {
        methods.push(send::stream_method(operation, types, stream)?);
    }
    if let Some(item) = &operation.plan.dropshot_items {
        let stream = dropshot_stream::method(operation, types, item)?;
        methods.push(stream.ok_or_else(|| unexpected("the stream of pages"))?);
    }
    block.items = methods.into_iter().map(ImplItem::Fn).collect();
    Ok(())
}

/// Gives the fields their types. Returns nothing if there is no such builder.
fn fields(declared: &mut syn::ItemStruct, operation: &Operation) -> Option<()> {
    let syn::Fields::Named(fields) = &mut declared.fields else {
        return None;
    };
    for parameter in &operation.parameters {
        let (ident, ty) = (&parameter.ident, &parameter.ty);
        let mut named = fields.named.iter_mut();
        let field = named.find(|field| field.ident.as_ref() == Some(ident))?;
        field.ty = match parameter.required {
            true => parse_quote!(Result<#ty, String>),
            false => parse_quote!(Result<Option<#ty>, String>),
        };
    }
    for content in &operation.contents {
        let (ident, held) = (&content.ident, &content.held);
        let ty: Type = match content.is_optional {
            false => parse_quote!(Result<#held, String>),
            true => parse_quote!(Result<Option<#held>, String>),
        };
        let mut named = fields.named.iter_mut();
        match named.find(|field| field.ident.as_ref() == Some(ident)) {
            Some(field) => field.ty = ty,
            None => fields.named.push(parse_quote!(#ident: #ty)),
        }
    }
    Some(())
}

fn new(operation: &Operation, link: Option<&Ident>) -> ImplItemFn {
    let missing = |name: &str| {
        let message = format!("{name} was not initialized");
        quote!(Err(#message.to_string()))
    };
    let parameters = operation.parameters.iter().map(|parameter| {
        let ident = &parameter.ident;
        let value = match parameter.required {
            true => missing(&ident.to_string()),
            false => quote!(Ok(None)),
        };
        quote!(#ident: #value)
    });
    let bodies = operation.contents.iter().map(|content| {
        let ident = &content.ident;
        let has_builder = content
            .typed
            .as_ref()
            .is_some_and(|typed| typed.has_builder);
        let value = match content.is_optional {
            true => quote!(Ok(None)),
            false if has_builder => quote!(Ok(Default::default())),
            false => missing("body"),
        };
        quote!(#ident: #value)
    });
    let link = link.map(|field| quote!(#field: None,));
    let client = &operation.client_field;
    parse_quote! {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                #client: client,
                #(#parameters,)*
                #(#bodies,)*
                #link
            }
        }
    }
}

/// The methods that set a body. Of several contents, the one that is set last is sent.
fn body_setters(operation: &Operation, content: &Content) -> Vec<ImplItemFn> {
    let (field, held) = (&content.ident, &content.held);
    let some = content.is_optional.then(|| quote!(.map(Some)));
    let doc = format!(
        "Sets the request body, with media type `{}`.",
        content.plan.media_type
    );
    let others = operation
        .contents
        .iter()
        .filter(|other| other.ident != content.ident);
    let others: Vec<TokenStream> = others
        .map(|other| {
            let other = &other.ident;
            quote!(self.#other = Ok(None);)
        })
        .collect();
    let assigned = |argument: TokenStream, value: TokenStream| -> ImplItemFn {
        parse_quote! {
            #[doc = #doc]
            pub fn #field(mut self, value: #argument) -> Self {
                #(#others)*
                self.#field = #value #some;
                self
            }
        }
    };
    match (&content.typed, content.plan.kind) {
        (Some(typed), _) if typed.has_builder => {
            let ty = &typed.ty;
            let map = match content.is_optional {
                false => quote!(self.#field.map(f)),
                true => quote!(self.#field.map(|body| Some(f(body.unwrap_or_default())))),
            };
            let name = format_ident!("{field}_map");
            vec![
                assigned(
                    quote!(impl TryInto<#ty, Error: ::std::fmt::Display>),
                    quote!(runtime::convert_field("body", value).map(From::from)),
                ),
                parse_quote! {
                    /// Changes the request body.
                    pub fn #name<F>(mut self, f: F) -> Self
                    where
                        F: FnOnce(#held) -> #held,
                    {
                        #(#others)*
                        self.#field = #map;
                        self
                    }
                },
            ]
        }
        (Some(typed), _) => {
            let ty = &typed.ty;
            vec![assigned(
                quote!(impl TryInto<#ty>),
                quote!(runtime::convert("body", value)),
            )]
        }
        (None, BodyKind::Multipart | BodyKind::Content) => {
            let value = match content.is_optional {
                true => quote!(Ok(Some(value))),
                false => quote!(Ok(value)),
            };
            vec![parse_quote! {
                #[doc = #doc]
                pub fn #field(mut self, value: #held) -> Self {
                    #(#others)*
                    self.#field = #value;
                    self
                }
            }]
        }
        (None, BodyKind::Text) => vec![assigned(
            quote!(impl TryInto<String>),
            quote!(runtime::convert::<String, _>("body", value).map(Into::into)),
        )],
        (None, _) => {
            let mut method = assigned(
                quote!(impl TryInto<reqwest::Body>),
                quote!(runtime::convert("body", value)),
            );
            method.attrs.push(parse_quote!(#[doc = ""]));
            method
                .attrs
                .push(parse_quote!(#[doc = " A stream is not buffered."]));
            vec![method]
        }
    }
}
