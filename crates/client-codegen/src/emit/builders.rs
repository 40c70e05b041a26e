//! The builders of operations: how they are created and what is set.
//!
//! progenitor declares the struct of a builder with the types of its fields. All of its methods are generated here.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{ImplItem, ImplItemFn, Item, Type, parse_quote};

use super::{dropshot_stream, send};
use crate::ast;
use crate::client_ir::{Operation, TypedBody, element};
use crate::error::GenerateError;
use crate::extensions::form_name;
use crate::plan::{BodyKind, BodyPlan};
use crate::types::Types;

/// Replaces the methods of an operation's builder. `link` is the field with the URL of the next page.
pub(super) fn complete(
    file: &mut syn::File,
    operation: &Operation,
    types: &Types,
    link: Option<&Ident>,
) -> Result<(), GenerateError> {
    let unexpected = |what: &str| {
        GenerateError::UnexpectedCode(format!("{what} of the operation `{}`", operation.plan.id))
    };
    let items = ast::builders(file).ok_or_else(|| unexpected("the builder"))?;
    fields(items, operation).ok_or_else(|| unexpected("a field"))?;
    let mut blocks = ast::blocks(items, &operation.builder);
    let (Some(block), None) = (blocks.next(), blocks.next()) else {
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
    methods.extend(body_setters(operation));
    let mut send = send::method(operation, types, link)?;
    let documentation = old.iter_mut().find(|method| method.sig.ident == "send");
    let documentation = documentation.ok_or_else(|| unexpected("the method `send`"))?;
    send.attrs = std::mem::take(&mut documentation.attrs);
    methods.push(send);
    if let Some(stream) = &operation.plan.stream {
        methods.push(send::stream_method(operation, types, stream)?);
    }
    // progenitor streams the pages of an operation with `x-dropshot-pagination`.
    if let Some(stream) = old.into_iter().find(|method| method.sig.ident == "stream") {
        let stream = dropshot_stream::method(stream, operation, types);
        methods.push(stream.ok_or_else(|| unexpected("the stream of pages"))?);
    }
    block.items = methods.into_iter().map(ImplItem::Fn).collect();
    Ok(())
}

/// Sets the types of the fields: parameters without their array, and the body.
fn fields(items: &mut [Item], operation: &Operation) -> Option<()> {
    for parameter in &operation.parameters {
        if parameter.is_wrapped_in_array {
            let name = parameter.ident.to_string();
            let field = ast::field(items, &operation.builder, &name)?;
            let mut array = FirstElementType::default();
            array.visit_type_mut(&mut field.ty);
            array.is_done.then_some(())?;
        }
    }
    if let Some(body) = &operation.plan.body {
        let held = held_body(operation, body);
        let field = ast::field(items, &operation.builder, "body")?;
        field.ty = if body.required {
            parse_quote!(Result<#held, String>)
        } else {
            parse_quote!(Result<Option<#held>, String>)
        };
    }
    Some(())
}

/// The type of the body in the builder.
fn held_body(operation: &Operation, body: &BodyPlan) -> Type {
    match (&operation.body, body.kind) {
        (Some(typed), _) => typed.held.clone(),
        (None, BodyKind::Multipart) => {
            let form = form_name(operation);
            parse_quote!(super::bodies::#form)
        }
        (None, BodyKind::Content) => parse_quote!(super::bodies::Content),
        (None, _) => parse_quote!(reqwest::Body),
    }
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
    let body = operation.plan.body.as_ref().map(|body| {
        let has_builder = operation
            .body
            .as_ref()
            .is_some_and(|typed| typed.has_builder);
        match body.required {
            true if has_builder => quote!(body: Ok(::std::default::Default::default()),),
            true => {
                let value = missing("body");
                quote!(body: #value,)
            }
            false => quote!(body: Ok(None),),
        }
    });
    let link = link.map(|field| quote!(#field: None,));
    let client = &operation.client_field;
    parse_quote! {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                #client: client,
                #(#parameters,)*
                #body
                #link
            }
        }
    }
}

/// The methods that set the body.
fn body_setters(operation: &Operation) -> Vec<ImplItemFn> {
    let Some(body) = &operation.plan.body else {
        return Vec::new();
    };
    let some = (!body.required).then(|| quote!(.map(Some)));
    let doc = format!(
        "Sets the request body, with media type `{}`.",
        body.media_type
    );
    let assigned = |argument: TokenStream, value: TokenStream| -> ImplItemFn {
        parse_quote! {
            #[doc = #doc]
            pub fn body(mut self, value: #argument) -> Self {
                self.body = #value #some;
                self
            }
        }
    };
    match (&operation.body, body.kind) {
        (
            Some(TypedBody {
                ty,
                held,
                has_builder: true,
                ..
            }),
            _,
        ) => {
            let map: TokenStream = match body.required {
                true => quote!(self.body.map(f)),
                false => quote!(self.body.map(|body| Some(f(body.unwrap_or_default())))),
            };
            vec![
                assigned(
                    quote!(impl TryInto<#ty, Error: ::std::fmt::Display>),
                    quote!(runtime::convert_field("body", value).map(From::from)),
                ),
                parse_quote! {
                    /// Changes the request body.
                    pub fn body_map<F>(mut self, f: F) -> Self
                    where
                        F: ::std::ops::FnOnce(#held) -> #held,
                    {
                        self.body = #map;
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
            let held = held_body(operation, body);
            let value = match body.required {
                true => quote!(value),
                false => quote!(Some(value)),
            };
            vec![parse_quote! {
                #[doc = #doc]
                pub fn body(mut self, value: #held) -> Self {
                    self.body = Ok(#value);
                    self
                }
            }]
        }
        (None, BodyKind::Text) => vec![assigned(
            quote!(impl TryInto<String>),
            quote!(runtime::convert::<String, _>("body", value).map(Into::into)),
        )],
        (None, _) => vec![parse_quote! {
            #[doc = #doc]
            ///
            /// A stream is not buffered.
            pub fn body(mut self, value: impl TryInto<reqwest::Body>) -> Self {
                self.body = runtime::convert("body", value) #some;
                self
            }
        }],
    }
}

/// Replaces the array in the signature of a method by its element. Returns whether there was one.
pub(crate) fn restore_parameter_type(method: &mut ImplItemFn) -> bool {
    let mut element = FirstElementType::default();
    element.visit_signature_mut(&mut method.sig);
    element.is_done
}

/// Replaces the first `Vec<T>` by `T`.
#[derive(Default)]
struct FirstElementType {
    is_done: bool,
}

impl VisitMut for FirstElementType {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(element) = element(ty).filter(|_| !self.is_done) {
            self.is_done = true;
            *ty = element;
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}
