//! A program that makes calls with the client, for conformance tests.
//!
//! For each operation there is a function that parses the parameters and the body from JSON into the client's
//! types, sends the request, and returns the decoded response as JSON.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Item, Type, parse_quote};

use openapi_contract::model::ParameterIn;

use crate::client_ir::{self, Content, Operation, form_name, type_of};
use crate::client_plan::{BodyKind, PartKind, PartPlan, PathPart};
use crate::error::GenerateError;
use crate::extensions::{self, ExtensionInput, SchemeKind};
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout::{ItemGroup, companion_files};

/// What the driver is generated from.
pub(super) struct DriverInput<'a> {
    pub(super) client: &'a ExtensionInput<'a>,
    /// The path of the client's generated module.
    pub(super) module: syn::Path,
}

/// Generates the files of the driver's `src/generated`.
pub(super) fn files(
    input: &DriverInput<'_>,
    header: &FileHeader,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let module = &input.module;
    let mut arms = Vec::new();
    let mut parts = Vec::new();
    for operation in input.client.operations {
        let id = &operation.plan.id;
        let name = format_ident!("call_{}", operation.method.trim_start_matches("r#"));
        arms.push(quote!(#id => Box::pin(operations::#name(client, call)).await));
        let mut function: Item = function(input, operation, &name)?;
        RelativePaths.visit_item_mut(&mut function);
        parts.push(ItemGroup {
            name: operation.builder.to_string(),
            items: vec![function],
        });
    }
    let credentials = credentials(input);
    let root: syn::File = parse_quote! {
        use crate::call::{Call, CallOutcome};
        use #module::Client;

        mod operations;

        /// Sets credentials for all security schemes.
        pub fn with_credentials(client: Client) -> Client {
            #credentials
        }

        /// Makes a call.
        pub async fn call(client: &Client, call: Call) -> Result<CallOutcome, String> {
            match call.operation() {
                #(#arms,)*
                other => Err(format!("unknown operation `{other}`")),
            }
        }
    };
    let head = vec![
        parse_quote!(
            use crate::call::{Call, CallOutcome, Head, Parts, bytes, failed, items, value};
        ),
        parse_quote!(
            use #module::*;
        ),
    ];
    Ok(companion_files(
        root,
        vec![("operations", None, head, parts)],
        input.client.operations,
        header,
    ))
}

fn function(
    input: &DriverInput<'_>,
    operation: &Operation,
    name: &Ident,
) -> Result<Item, GenerateError> {
    let method = Ident::new(&operation.method, proc_macro2::Span::call_site());
    let in_template: Vec<&str> = operation
        .plan
        .path_parts()
        .into_iter()
        .filter_map(|part| match part {
            PathPart::Parameter(name) => Some(name),
            PathPart::Literal(_) => None,
        })
        .collect();
    let parameters = operation.parameters.iter().flat_map(|parameter| {
        // A path parameter is named by its positions in the path template.
        let keys: Vec<(&str, String)> = match parameter.location {
            ParameterIn::Path => in_template
                .iter()
                .enumerate()
                .filter(|(_, name)| **name == parameter.name)
                .map(|(position, _)| ("path", position.to_string()))
                .collect(),
            ParameterIn::Query => vec![("query", parameter.name.clone())],
            ParameterIn::Cookie => vec![("cookie", parameter.name.clone())],
            ParameterIn::Header => vec![("header", parameter.name.to_ascii_lowercase())],
        };
        let (ident, ty) = (&parameter.ident, &parameter.ty);
        let calls = keys.into_iter().map(move |(location, key)| {
            quote! {
                if let Some(value) = call.take::<#ty>(#location, #key)? {
                    builder = builder.#ident(value);
                }
            }
        });
        calls.collect::<Vec<_>>()
    });
    let parameters: Vec<TokenStream> = parameters.collect();
    let bodies = operation
        .contents
        .iter()
        .map(|content| body(input, operation, content));
    let bodies = bodies.collect::<Result<Vec<_>, _>>()?;
    let success = outcome(&operation.success);
    let error = outcome(&operation.error);
    let streamed = match &operation.plan.stream {
        Some(stream) => {
            let ty = client_ir::items_type(&input.client.plan.types, &stream.items)?;
            Some(outcome(&ty))
        }
        None => None,
    };
    let streaming = match operation.plan.stream {
        Some(_) => quote! {
            match builder.send_streaming().await {
                Ok(response) => {
                    let head = Head::success(&response);
                    #streamed
                }
                Err(Error::ErrorResponse(response)) => {
                    let head = Head::error(&response);
                    #error
                }
                Err(error) => failed(error),
            }
        },
        None => quote!(Err(
            "the operation has no other method for streams".to_owned()
        )),
    };
    Ok(parse_quote! {
        pub async fn #name(client: &Client, mut call: Call) -> Result<CallOutcome, String> {
            let mut builder = client.#method();
            #(#parameters)*
            #(#bodies)*
            if call.finish()?.is_streaming {
                return #streaming;
            }
            match builder.send().await {
                Ok(response) => {
                    let head = Head::success(&response);
                    #success
                }
                Err(Error::ErrorResponse(response)) => {
                    let head = Head::error(&response);
                    #error
                }
                Err(error) => failed(error),
            }
        }
    })
}

/// Generates the statement that sets a body.
fn body(
    input: &DriverInput<'_>,
    operation: &Operation,
    content: &Content,
) -> Result<TokenStream, GenerateError> {
    let setter = &content.ident;
    // A caller chooses one of several contents by its media type.
    let is_choice = operation.contents.len() > 1;
    let set = match (&content.typed, content.plan.kind) {
        (Some(typed), _) => {
            let ty = &typed.ty;
            quote! {
                if let Some(body) = call.body::<#ty>()? {
                    builder = builder.#setter(body);
                }
            }
        }
        (None, BodyKind::Multipart) => {
            let form = form(input, operation, content)?;
            quote! {
                if let Some(mut body) = call.body::<Parts>()? {
                    builder = builder.#setter({ #form });
                }
            }
        }
        (None, BodyKind::Content) => quote! {
            if let Some((media_type, body)) = call.content()? {
                builder = builder.#setter(bodies::Content::new(media_type, body));
            }
        },
        (None, _) => quote! {
            if let Some(body) = call.body::<String>()? {
                builder = builder.#setter(body);
            }
        },
    };
    if !is_choice {
        return Ok(set);
    }
    let media_types = std::iter::once(&content.plan.media_type).chain(&content.plan.also);
    Ok(quote! {
        if call.has_media_type(&[#(#media_types),*]) {
            #set
        }
    })
}

/// Generates the expression for a multipart form, with a call of each setter.
fn form(
    input: &DriverInput<'_>,
    operation: &Operation,
    content: &Content,
) -> Result<TokenStream, GenerateError> {
    let form = form_name(&operation.plan.builder());
    let setter = |part: &PartPlan| {
        let (name, property) = (format_ident!("{}", part.setter), &part.name);
        // Setters of strings and files get a string.
        let (ty, is_reference) = match &part.kind {
            PartKind::File | PartKind::Word | PartKind::Content => (quote!(String), false),
            PartKind::Text(ty) => {
                let ty = type_of(&input.client.plan.types, ty)?;
                (quote!(#ty), false)
            }
            PartKind::Json(ty) => {
                let ty = type_of(&input.client.plan.types, ty)?;
                (quote!(#ty), true)
            }
        };
        let ty = match part.is_list {
            true => quote!(Vec<#ty>),
            false => ty,
        };
        let argument = match is_reference {
            true => quote!(&value),
            false => quote!(value),
        };
        Ok(quote! {
            if let Some(value) = body.take::<#ty>(#property)? {
                form = form.#name(#argument);
            }
        })
    };
    let setters = content.plan.parts.iter().map(setter);
    let setters = setters.collect::<Result<Vec<_>, GenerateError>>()?;
    Ok(quote! {
        let mut form = bodies::#form::new();
        #(#setters)*
        body.finish()?;
        form
    })
}

/// Generates the expression that converts a response to the outcome of a call, by its type.
fn outcome(ty: &Type) -> TokenStream {
    let last = match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    match (ty, last.as_deref()) {
        (Type::Tuple(unit), _) if unit.elems.is_empty() => quote!(Ok(CallOutcome::Empty { head })),
        (_, Some("EventStream")) => {
            let data = quote!(|item| item.map(|event| event.data));
            quote!(items(head, futures::StreamExt::map(response.into_inner(), #data)).await)
        }
        (_, Some("JsonLines")) => quote!(items(head, response.into_inner()).await),
        (_, Some("ByteStream")) => quote!(bytes(head, response.into_inner()).await),
        (_, Some("Upgraded")) => quote!(Ok(CallOutcome::Empty { head })),
        _ => quote!(value(head, &response.into_inner())),
    }
}

/// Generates the expression that sets credentials for all security schemes.
fn credentials(input: &DriverInput<'_>) -> TokenStream {
    let module = &input.module;
    let Some(schemes) = extensions::credential_schemes(input.client) else {
        return quote!(client);
    };
    let set = schemes.iter().map(|scheme| {
        let (setter, secrets) = (
            &scheme.setter,
            match scheme.sent {
                SchemeKind::Basic => 1..=2,
                _ => 1..=1,
            },
        );
        let secrets = secrets.map(|number| format!("secret{number}"));
        quote!(.#setter(#(#secrets),*))
    });
    let with_credentials = extensions::with_credentials(input.client.operations);
    quote! {
        client.#with_credentials(#module::auth::Credentials::new() #(#set)*)
    }
}

/// Replaces `super::` in paths by the path of the client's module.
struct RelativePaths;

impl VisitMut for RelativePaths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let is_below = path.leading_colon.is_none()
            && path.segments.len() > 1
            && path
                .segments
                .first()
                .is_some_and(|first| first.ident == "super");
        if is_below {
            path.segments = path.segments.iter().skip(1).cloned().collect();
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
}
