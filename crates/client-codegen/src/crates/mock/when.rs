//! The methods for requests.

use openapi_contract::model::ParameterIn;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItemFn, parse_quote};

use super::argument::Argument;
use crate::client_ir::{Content, Operation, Parameter};
use crate::client_plan::{BodyKind, FieldPlan, PathPart};
use crate::emit;
use crate::error::MockError;

/// What a URL parser encodes in the path of a URL (WHATWG URL, "path percent-encode set").
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// The methods of an operation: a constructor, one for each parameter, and one for the body.
pub(super) fn methods(operation: &Operation) -> Result<Vec<ImplItemFn>, MockError> {
    let mut methods = vec![new(operation)?];
    for parameter in &operation.parameters {
        methods.push(of_parameter(operation, parameter)?);
    }
    for content in &operation.contents {
        methods.push(of_body(content)?);
    }
    Ok(methods)
}

fn new(operation: &Operation) -> Result<ImplItemFn, MockError> {
    let method = format_ident!("{}", operation.plan.http_method.to_ascii_uppercase());
    for part in operation.plan.path_parts() {
        if let PathPart::Parameter(name) = part
            && !operation.parameters.iter().any(is_in_path(name))
        {
            return Err(MockError::UnknownPathParameter(name.to_owned()));
        }
    }
    let template = template(operation);
    Ok(parse_quote! {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(path(inner.method(::httpmock::Method::#method), #template, None))
        }
    })
}

fn of_parameter(operation: &Operation, parameter: &Parameter) -> Result<ImplItemFn, MockError> {
    let (name, ident) = (&parameter.name, &parameter.ident);
    let style = emit::style(parameter.style);
    if parameter.location == ParameterIn::Path {
        let mut parts = operation.plan.path_parts().into_iter();
        if !parts.any(|part| part == PathPart::Parameter(name)) {
            return Err(MockError::NotInPath(name.clone()));
        }
        let Argument { ty, json, .. } = Argument::required(&parameter.ty);
        let template = template(operation);
        return Ok(parse_quote! {
            pub fn #ident(self, value: #ty) -> Self {
                Self(path(self.0, #template, Some((#name, Style::#style, #json))))
            }
        });
    }
    let expect = match parameter.location {
        ParameterIn::Header => quote!(header),
        ParameterIn::Cookie => quote!(cookie),
        ParameterIn::Query | ParameterIn::Path => quote!(query),
    };
    let (argument, json) = match parameter.required {
        true => {
            let argument = Argument::required(&parameter.ty);
            let json = &argument.json;
            let json = quote!(Some(#json));
            (argument, json)
        }
        false => {
            let argument = Argument::optional(&parameter.ty);
            let json = argument.json.clone();
            (argument, json)
        }
    };
    let Argument { generics, ty, .. } = argument;
    Ok(parse_quote! {
        pub fn #ident #generics(self, value: #ty) -> Self {
            Self(#expect(self.0, #name, Style::#style, #json))
        }
    })
}

fn is_in_path(name: &str) -> impl Fn(&Parameter) -> bool {
    move |parameter| parameter.location == ParameterIn::Path && parameter.name == name
}

/// The path template, as a URL parser writes it.
fn template(operation: &Operation) -> String {
    let parts = operation.plan.path_parts().into_iter();
    let parts = parts.map(|part| match part {
        PathPart::Literal(literal) => utf8_percent_encode(literal, PATH).to_string(),
        PathPart::Parameter(name) => format!("{{{name}}}"),
    });
    parts.collect()
}

fn of_body(content: &Content) -> Result<ImplItemFn, MockError> {
    let (body, name) = (&content.plan, &content.ident);
    let typed = || match &content.typed {
        Some(typed) => Ok(Argument::body(&typed.ty)),
        None => Err(MockError::UntypedBody),
    };
    Ok(match body.kind {
        BodyKind::Json => {
            let Argument { ty, json, .. } = typed()?;
            parse_quote! {
                pub fn #name(self, value: #ty) -> Self {
                    Self(self.0.json_body(#json))
                }
            }
        }
        BodyKind::Form => {
            let Argument { ty, json, .. } = typed()?;
            let media_type = &body.media_type;
            let fields = body.fields.iter().map(field);
            parse_quote! {
                pub fn #name(self, value: #ty) -> Self {
                    Self(self.0.body(form(#media_type, &[#(#fields),*], #json)))
                }
            }
        }
        BodyKind::Text => parse_quote! {
            pub fn #name(self, value: impl Into<String>) -> Self {
                Self(self.0.body(value))
            }
        },
        BodyKind::Bytes => parse_quote! {
            pub fn #name(self, value: impl Into<Vec<u8>>) -> Self {
                Self(bytes(self.0, value.into()))
            }
        },
        BodyKind::Content => parse_quote! {
            /// Expects bytes with this media type.
            pub fn #name(self, media_type: &str, value: impl Into<Vec<u8>>) -> Self {
                Self(bytes(self.0.header("content-type", media_type), value.into()))
            }
        },
        BodyKind::Multipart => parse_quote! {
            /// Expects a form for which this returns true. The boundary between its parts differs in each request.
            pub fn #name(self, is_expected: impl Fn(&[u8]) -> bool + Send + Sync + 'static) -> Self {
                Self(self.0.is_true(move |request| is_expected(request.body_ref())))
            }
        },
    })
}

/// The encoding of a field of a form.
fn field(field: &FieldPlan) -> TokenStream {
    let (name, style) = (&field.name, emit::style(field.style));
    let content_type = match &field.content_type {
        Some(media_type) => quote!(Some(#media_type)),
        None => quote!(None),
    };
    quote! {
        FieldEncoding {
            name: #name,
            style: Style::#style,
            content_type: #content_type,
        }
    }
}
