//! The methods for responses.

use std::collections::HashSet;

use openapi_contract::model::{MediaType, StatusPattern};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{ImplItemFn, Type, parse_quote};

use super::argument::Argument;
use super::status_names;
use crate::client_ir::{self, Operation};
use crate::client_plan::{ItemsPlan, Reading, ResponseBody, Statuses, StreamKind};
use crate::error::MockError;
use crate::types::TypeSet;

/// The methods of an operation: a constructor, one for each status, and one for all other responses.
pub(super) fn methods(
    operation: &Operation,
    types: &TypeSet,
) -> Result<Vec<ImplItemFn>, MockError> {
    let mut methods = vec![parse_quote! {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
    }];
    for response in responses(operation)? {
        methods.push(response.method(types)?);
    }
    methods.push(parse_quote! {
        /// Responds with any status, media type and body, also those that the contract does not declare.
        pub fn raw_response(self, status: u16, media_type: &str, value: impl AsRef<[u8]>) -> Self {
            Self(respond(self.0, status, media_type, value))
        }
    });
    Ok(methods)
}

/// A method for a response.
struct ResponseMethod<'o> {
    name: String,
    status: Status,
    body: Body<'o>,
}

/// The statuses of a method.
#[derive(Clone, Copy)]
enum Status {
    Code(u16),
    /// All with this first digit, one of which is an argument.
    Class(u16),
    /// All; one is an argument.
    Any,
}

/// What a method responds with.
enum Body<'o> {
    None,
    /// JSON of a type, in this media type.
    Json(&'o Type, &'o str),
    /// JSON of a type. The media type, which is an argument, decides what the client reads.
    JsonIn(&'o Type),
    Text,
    Bytes,
    Items(&'o ItemsPlan),
}

/// The methods for the statuses of the contract, in its order.
fn responses(operation: &Operation) -> Result<Vec<ResponseMethod<'_>>, MockError> {
    let plan = &operation.plan;
    let mut statuses = plan.statuses.clone();
    // The client also reads ranges that the contract does not name: successes that `default` stands for.
    let ranges = plan
        .responses
        .iter()
        .filter_map(|response| range(response.statuses));
    for range in ranges {
        if !statuses.contains(&range) {
            statuses.push(range);
        }
    }
    let mut classes: HashSet<u16> = statuses
        .iter()
        .filter_map(|status| match status {
            StatusPattern::Range(class) => Some(*class),
            _ => None,
        })
        .collect();
    let mut methods = Vec::new();
    for pattern in statuses {
        let (name, status) = match pattern {
            StatusPattern::Default => ("default_response".to_owned(), Status::Any),
            StatusPattern::Range(class) => match status_names::of_class(class) {
                Some(name) => (name.to_owned(), Status::Class(class)),
                None => return Err(MockError::UnreadStatus(pattern.to_string())),
            },
            StatusPattern::Code(code) => match status_names::of_code(code) {
                Some(name) => (name.to_owned(), Status::Code(code)),
                // The first status without a name stands for its class.
                None => match status_names::of_class(code / 100) {
                    Some(name) if classes.insert(code / 100) => {
                        (name.to_owned(), Status::Class(code / 100))
                    }
                    _ => (format!("status_{code}"), Status::Code(code)),
                },
            },
        };
        let body = body(operation, pattern)?;
        if let Some(stream) = &plan.stream
            && stream.statuses == Statuses::of(pattern)
        {
            methods.push(ResponseMethod {
                name: format!("{name}_stream"),
                status,
                body: Body::Items(&stream.items),
            });
        }
        methods.push(ResponseMethod { name, status, body });
    }
    Ok(methods)
}

/// The range of all statuses with the same first digit.
fn range(statuses: Statuses) -> Option<StatusPattern> {
    let Statuses::Range(first, _) = statuses else {
        return None;
    };
    let range = StatusPattern::Range(first / 100);
    (Statuses::of(range) == statuses).then_some(range)
}

/// What the client reads of a response.
fn body(operation: &Operation, pattern: StatusPattern) -> Result<Body<'_>, MockError> {
    let statuses = Statuses::of(pattern);
    let responses = || operation.plan.responses.iter();
    // A range may contain statuses that are read in another way.
    let same = responses().find(|response| response.statuses == statuses);
    let response = same.or_else(|| {
        responses().find(|response| match statuses {
            Statuses::Range(first, _) => response.statuses.contain(first),
            Statuses::Rest => false,
        })
    });
    let response = response.ok_or_else(|| MockError::UnreadStatus(pattern.to_string()))?;
    let (body, ty) = match &response.reading {
        Reading::Success(body) => (body, &operation.success),
        Reading::Error(body) => (body, &operation.error),
        // The client does not read the body.
        Reading::Unexpected => return Ok(Body::None),
    };
    Ok(match body {
        ResponseBody::Json { media_type, .. } => Body::Json(ty, media_type),
        ResponseBody::Variant(variant) => Body::Json(ty, &variant.media_type),
        ResponseBody::ByMediaType(_) => Body::JsonIn(ty),
        ResponseBody::Text => Body::Text,
        ResponseBody::Stream => Body::Bytes,
        ResponseBody::Items(items) => Body::Items(items),
        ResponseBody::Absent | ResponseBody::Empty | ResponseBody::Upgrade => Body::None,
    })
}

impl ResponseMethod<'_> {
    fn method(&self, types: &TypeSet) -> Result<ImplItemFn, MockError> {
        let name = format_ident!("{}", self.name);
        let (status, check, code) = match self.status {
            Status::Code(code) => {
                let code = Literal::u16_unsuffixed(code);
                (None, None, quote!(#code))
            }
            Status::Class(class) => {
                let class = Literal::u16_unsuffixed(class);
                let check = quote!(assert_eq!(status / 100, #class););
                (Some(quote!(status: u16,)), Some(check), quote!(status))
            }
            Status::Any => (Some(quote!(status: u16,)), None, quote!(status)),
        };
        let (value, response) = self.body(&code, types)?;
        Ok(parse_quote! {
            pub fn #name(self, #status #value) -> Self {
                #check
                Self(#response)
            }
        })
    }

    /// The argument with the value, and the expression that responds with it.
    fn body(
        &self,
        status: &TokenStream,
        types: &TypeSet,
    ) -> Result<(TokenStream, TokenStream), MockError> {
        Ok(match &self.body {
            Body::None => (TokenStream::new(), quote!(self.0.status(#status))),
            Body::Json(ty, media_type) => {
                let Argument { ty, json, .. } = Argument::body(ty);
                // A range of media types includes JSON.
                let media_type = match media_type.contains('*') {
                    true => "application/json",
                    false => *media_type,
                };
                (
                    quote!(value: #ty),
                    quote!(respond(self.0, #status, #media_type, #json.to_string())),
                )
            }
            Body::JsonIn(ty) => {
                let Argument { ty, json, .. } = Argument::body(ty);
                (
                    quote!(media_type: &str, value: #ty),
                    quote!(respond(self.0, #status, media_type, #json.to_string())),
                )
            }
            Body::Text => (
                quote!(value: impl Into<String>),
                quote!(respond(self.0, #status, "text/plain", value.into())),
            ),
            Body::Bytes => (
                quote!(value: impl AsRef<[u8]>),
                quote!(self.0.status(#status).body(value)),
            ),
            Body::Items(plan) => {
                let ty = client_ir::type_of(types, &plan.ty);
                let ty = ty.map_err(|_| MockError::UntypedItems)?;
                let media_type = &plan.media_type;
                let (before, after) = separators(plan);
                (
                    quote!(value: impl IntoIterator<Item = impl ::std::borrow::Borrow<#ty>>),
                    quote!(respond(self.0, #status, #media_type, items::<#ty>(value, #before, #after))),
                )
            }
        })
    }
}

/// What is written before and after each item.
fn separators(items: &ItemsPlan) -> (&'static str, &'static str) {
    let media_type = MediaType::parse(&items.media_type);
    match items.kind {
        StreamKind::Events => ("data: ", "\n\n"),
        // RFC 7464, section 2.2.
        StreamKind::JsonLines if media_type.essence().ends_with("json-seq") => ("\u{1e}", "\n"),
        StreamKind::JsonLines => ("", "\n"),
    }
}
