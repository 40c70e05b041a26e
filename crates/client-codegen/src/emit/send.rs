//! The method `send` of a builder.

use openapi_contract::model::ParameterIn;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::parse_quote;

use crate::client_ir::{Content, Operation, Parameter, items_type};
use crate::client_plan::{
    BodyKind, ItemsPlan, PathPart, Reading, ResponseBody, ResponsePlan, ResultType, Statuses,
    StreamKind, StreamPlan, Style, VariantPlan,
};
use crate::error::GenerateError;
use crate::types::TypeSet;

/// Generates the method.
pub(super) fn method(
    operation: &Operation,
    types: &TypeSet,
    link: Option<&Ident>,
) -> Result<syn::ImplItemFn, GenerateError> {
    let plan = &operation.plan;
    let request = request(operation, plan.accept.as_deref(), link)?;
    let arms = arms(operation, types, &plan.responses);
    let (success, error) = (&operation.success, &operation.error);
    Ok(parse_quote! {
        pub async fn send(self) -> Result<ResponseValue<#success>, Error<#error>> {
            let response = #request;
            match response.status() {
                #(#arms)*
            }
        }
    })
}

/// Generates the method that asks for a stream of items instead of JSON.
pub(super) fn stream_method(
    operation: &Operation,
    types: &TypeSet,
    stream: &StreamPlan,
) -> Result<syn::ImplItemFn, GenerateError> {
    let plan = &operation.plan;
    let media_type = &stream.items.media_type;
    let request = request(operation, Some(media_type), None)?;
    // A success that is not the stream was not asked for.
    let responses = plan.responses.iter().map(|response| ResponsePlan {
        statuses: response.statuses,
        reading: match &response.reading {
            Reading::Success(_) if response.statuses == stream.statuses => {
                Reading::Success(ResponseBody::Items(stream.items.clone()))
            }
            Reading::Success(_) => Reading::Unexpected,
            other => other.clone(),
        },
    });
    let arms = arms(operation, types, &responses.collect::<Vec<_>>());
    let (success, error) = (items_type(types, &stream.items)?, &operation.error);
    let doc = format!("Sends the request, and accepts only `{media_type}`: a stream of items.");
    Ok(parse_quote! {
        #[doc = #doc]
        pub async fn send_streaming(self) -> Result<ResponseValue<#success>, Error<#error>> {
            let response = #request;
            match response.status() {
                #(#arms)*
            }
        }
    })
}

/// The expression that sends the request.
fn request(
    operation: &Operation,
    accept: Option<&str>,
    link: Option<&Ident>,
) -> Result<TokenStream, GenerateError> {
    let plan = &operation.plan;
    let http_method = format_ident!("{}", plan.http_method.to_ascii_uppercase());
    let path = path(operation)?;
    let parameters = operation.parameters.iter().filter_map(parameter);
    let is_required = operation.requires_body();
    let body = operation.contents.iter().map(body).collect::<Vec<_>>();
    // The caller chooses one of several contents.
    let body_required = (is_required && body.len() > 1).then(|| quote!(.require_body()));
    let accept = accept.map(|accept| quote!(.accept(#accept)));
    let websocket = plan.is_websocket.then(|| quote!(.websocket()));
    let follow = link.map(|field| quote!(.follow(self.#field.as_deref())));
    let (client_method, client) = (&operation.method, &operation.client_field);
    Ok(quote! {
        runtime::Request::new(reqwest::Method::#http_method, &self.#client.baseurl)
            #path
            #(#parameters)*
            #accept
            #websocket
            #(#body)*
            #body_required
            #follow
            .send(self.#client, #client_method)
            .await?
    })
}

/// The expression that reads a stream of items.
fn items(items: &ItemsPlan) -> TokenStream {
    match items.kind {
        StreamKind::Events => quote!(response.events().await),
        StreamKind::JsonLines => quote!(response.json_lines().await),
    }
}

/// The calls for the path.
fn path(operation: &Operation) -> Result<TokenStream, GenerateError> {
    let parts = operation.plan.path_parts();
    // A path template can name a parameter twice.
    let is_last = |at: usize, name: &str| !parts[at + 1..].contains(&PathPart::Parameter(name));
    let calls = parts.iter().enumerate().map(|(at, part)| match part {
        PathPart::Literal(literal) => Ok(quote!(.path(#literal))),
        PathPart::Parameter(name) => {
            let parameter = in_path(operation, name)?;
            let (ident, style) = (&parameter.ident, style(parameter.style));
            let value = match is_last(at, name) {
                true => quote!(self.#ident),
                false => quote!(self.#ident.as_ref().map_err(Clone::clone)),
            };
            Ok(quote!(.path_parameter(#name, runtime::Style::#style, #value)))
        }
    });
    calls.collect()
}

/// Returns the path parameter with this name.
fn in_path<'o>(operation: &'o Operation, name: &str) -> Result<&'o Parameter, GenerateError> {
    let mut parameters = operation.parameters.iter();
    let is_it =
        |parameter: &&Parameter| parameter.location == ParameterIn::Path && parameter.name == name;
    parameters.find(is_it).ok_or_else(|| {
        GenerateError::UnexpectedCode(format!(
            "the operation `{}` has no parameter `{name}` for its path",
            operation.plan.id
        ))
    })
}

/// The call for a parameter outside of the path.
fn parameter(parameter: &Parameter) -> Option<TokenStream> {
    let (name, ident, style) = (&parameter.name, &parameter.ident, style(parameter.style));
    let call = match parameter.location {
        ParameterIn::Path => return None,
        ParameterIn::Query => quote!(query),
        ParameterIn::Header => quote!(header),
        ParameterIn::Cookie => quote!(cookie),
    };
    Some(quote!(.#call(#name, runtime::Style::#style, self.#ident)))
}

/// The name of a style in the runtime crate.
pub(crate) fn style(style: Style) -> Ident {
    format_ident!(
        "{}",
        match style {
            Style::Simple => "Simple",
            Style::SimpleExploded => "SimpleExploded",
            Style::Form => "Form",
            Style::FormExploded => "FormExploded",
            Style::SpaceDelimited => "SpaceDelimited",
            Style::PipeDelimited => "PipeDelimited",
            Style::DeepObject => "DeepObject",
            Style::Label => "Label",
            Style::LabelExploded => "LabelExploded",
            Style::Matrix => "Matrix",
            Style::MatrixExploded => "MatrixExploded",
            Style::Json => "Json",
        }
    )
}

/// The call for a body.
fn body(content: &Content) -> TokenStream {
    let (plan, field) = (&content.plan, &content.ident);
    let media_type = &plan.media_type;
    let value = match (&content.typed, content.is_optional) {
        (Some(typed), false) if typed.has_builder => {
            let ty = &typed.ty;
            quote!(self.#field.and_then(|body| {
                #ty::try_from(body).map(Some).map_err(|error| error.to_string())
            }))
        }
        (Some(typed), true) if typed.has_builder => {
            let ty = &typed.ty;
            quote!(self.#field.and_then(|body| {
                body.map(#ty::try_from).transpose().map_err(|error| error.to_string())
            }))
        }
        (_, false) => quote!(self.#field.map(Some)),
        (_, true) => quote!(self.#field),
    };
    match plan.kind {
        BodyKind::Json => quote!(.json(#media_type, #value)),
        BodyKind::Form => {
            let fields = plan.fields.iter().map(|field| {
                let (name, style) = (&field.name, style(field.style));
                let content_type = match &field.content_type {
                    Some(media_type) => quote!(Some(#media_type)),
                    None => quote!(None),
                };
                quote! {
                    runtime::FieldEncoding {
                        name: #name,
                        style: runtime::Style::#style,
                        content_type: #content_type,
                    }
                }
            });
            quote!(.form(#media_type, &[#(#fields),*], #value))
        }
        BodyKind::Text | BodyKind::Bytes => quote!(.body(#media_type, #value)),
        BodyKind::Content => quote!(.content(#value)),
        BodyKind::Multipart if content.is_optional => {
            quote!(.multipart(self.#field.map(|form| form.map(|form| form.into_parts()))))
        }
        BodyKind::Multipart => {
            quote!(.multipart(self.#field.map(|form| Some(form.into_parts()))))
        }
    }
}

fn success(operation: &Operation, types: &TypeSet, body: &ResponseBody) -> TokenStream {
    let is_optional = matches!(operation.plan.success, ResultType::OptionalJson(_));
    let variant = |plan: &VariantPlan| {
        let (into, also) = (variant(types, plan), &plan.also);
        match is_optional {
            true => quote!(response.json_into(&[#(#also),*], |body| Some((#into)(body))).await),
            false => quote!(response.json_into(&[#(#also),*], #into).await),
        }
    };
    match body {
        ResponseBody::Json { also, .. } if is_optional => {
            quote!(response.optional_json(&[#(#also),*]).await)
        }
        ResponseBody::Json { also, .. } => quote!(response.json(&[#(#also),*]).await),
        ResponseBody::Variant(plan) => variant(plan),
        ResponseBody::ByMediaType(plans) => by_media_type(plans, variant),
        ResponseBody::Text => quote!(response.text().await),
        ResponseBody::Stream => quote!(response.stream()),
        ResponseBody::Items(plan) => items(plan),
        ResponseBody::Absent => quote!(response.none()),
        ResponseBody::Empty => quote!(response.empty()),
        ResponseBody::Upgrade => quote!(response.upgrade().await),
    }
}

fn error(types: &TypeSet, body: &ResponseBody) -> TokenStream {
    let variant = |plan: &VariantPlan| {
        let (into, also) = (variant(types, plan), &plan.also);
        quote!(response.json_error_into(&[#(#also),*], #into).await)
    };
    match body {
        ResponseBody::Json { also, .. } => quote!(response.json_error(&[#(#also),*]).await),
        ResponseBody::Variant(plan) => variant(plan),
        ResponseBody::ByMediaType(plans) => by_media_type(plans, variant),
        ResponseBody::Text => quote!(response.text_error().await),
        ResponseBody::Stream => quote!(response.stream_error()),
        ResponseBody::Empty => quote!(response.empty_error().await),
        ResponseBody::Absent | ResponseBody::Items(_) | ResponseBody::Upgrade => {
            quote!(response.unexpected().await)
        }
    }
}

/// The expression that reads the variant of the media type that arrived; the first one if it is none of them.
fn by_media_type(plans: &[VariantPlan], read: impl Fn(&VariantPlan) -> TokenStream) -> TokenStream {
    let Some((first, others)) = plans.split_first() else {
        return quote!(response.unexpected().await);
    };
    let others = others.iter().map(|plan| {
        let (media_type, also, read) = (&plan.media_type, &plan.also, read(plan));
        quote!(if response.has_media_type(&[#media_type, #(#also),*]) { #read } else)
    });
    let first = read(first);
    quote!(#(#others)* { #first })
}

/// The function that makes the union of the body of a status.
fn variant(types: &TypeSet, plan: &VariantPlan) -> TokenStream {
    let union = format_ident!("{}", types.get(plan.union).name);
    let variant = format_ident!("{}", plan.variant);
    match plan.is_boxed {
        true => quote!(|body| types::#union::#variant(Box::new(body))),
        false => quote!(types::#union::#variant),
    }
}

/// The arms of the match on the status. Neighbours that are read alike are one arm.
fn arms(operation: &Operation, types: &TypeSet, responses: &[ResponsePlan]) -> Vec<TokenStream> {
    let groups = responses.chunk_by(|one, other| one.reading == other.reading);
    let arms = groups.map(|group| {
        let body = match &group[0].reading {
            Reading::Unexpected => quote!(response.unexpected().await),
            Reading::Success(body) => success(operation, types, body),
            Reading::Error(body) => error(types, body),
        };
        let statuses = || group.iter().map(|response| response.statuses);
        if statuses().any(|statuses| statuses == Statuses::Rest) {
            return quote!(_ => #body,);
        }
        let patterns = statuses().map(|statuses| match statuses {
            Statuses::Range(first, last) if first == last => {
                let code = Literal::u16_unsuffixed(first);
                quote!(#code)
            }
            Statuses::Range(first, last) => {
                let (first, last) = (
                    Literal::u16_unsuffixed(first),
                    Literal::u16_unsuffixed(last),
                );
                quote!(#first..=#last)
            }
            Statuses::Rest => quote!(_),
        });
        quote!(#(#patterns)|* => #body,)
    });
    arms.collect()
}
