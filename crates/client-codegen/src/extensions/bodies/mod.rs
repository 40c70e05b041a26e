//! The module `bodies`: request bodies that progenitor rejects, which are multipart forms and streams of
//! any media type.
//!
//! Lowering declares such a body as a byte stream. Here the builders are changed so that they accept and
//! send the type that the contract declares.

mod multipart_form;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Type, parse_quote};

pub(crate) use self::multipart_form::{FormPart, PartKind};
use super::lookup::pointer;
use super::{ExtensionInput, ExtensionModule, OperationPart, Snippet, template};
use crate::ast;
use crate::client_ir::Operation;
use crate::error::GenerateError;

/// A request body that lowering declares as a byte stream.
#[derive(Debug, Clone)]
pub(crate) struct UploadBody {
    /// The id of the operation.
    pub(crate) operation_id: String,
    /// The media type in the contract.
    pub(crate) media_type: String,
    /// The media type object in the contract, with `schema` and `encoding`.
    pub(crate) content: Value,
    /// Whether the body is required.
    pub(crate) required: bool,
}

/// The type that a builder accepts as the body.
pub(crate) enum BodyArgument {
    /// A multipart form.
    Form(Ident),
    /// A stream with the declared media type.
    Stream,
    /// A stream together with its media type.
    Content,
}

/// The imports of the module.
const IMPORTS: &str = "use std::fmt;\n\nuse reqwest::Body;\n";

/// Generates the module if there are such bodies, and changes their builders.
pub(super) fn module(
    input: &ExtensionInput<'_>,
    generated: &mut syn::File,
) -> Result<Option<ExtensionModule>, GenerateError> {
    let mut forms = Vec::new();
    let mut has_content = false;
    for body in input.bodies {
        let known = input
            .operations
            .iter()
            .find(|known| known.id == body.operation_id);
        // The operation was omitted, which is a finding.
        let Some(known) = known else { continue };
        let taken = body_argument(known, body)?;
        match &taken {
            BodyArgument::Form(name) => {
                forms.push(OperationPart {
                    builder: known.builder.clone(),
                    code: Snippet::Items(multipart_form::items(
                        input.document,
                        input.types,
                        known,
                        body,
                        name,
                    )),
                });
            }
            BodyArgument::Content => has_content = true,
            BodyArgument::Stream => {}
        }
        rewrite(generated, known, body, &taken)?;
    }
    if forms.is_empty() && !has_content {
        return Ok(None);
    }
    let has_forms = !forms.is_empty();
    let mut head = vec![template(IMPORTS)];
    if has_content {
        head.push(template(include_str!("../templates/content.rs")));
    }
    if has_forms {
        head.push(template(include_str!("../templates/multipart.rs")));
    }
    let doc = "Multipart and streaming request bodies.";
    Ok(Some(ExtensionModule {
        reqwest: if has_forms { &["multipart"] } else { &[] },
        parts: forms,
        ..ExtensionModule::new("bodies", doc, head)
    }))
}

/// Returns the parts of a multipart form.
pub(crate) fn parts(input: &ExtensionInput<'_>, body: &UploadBody) -> Vec<FormPart> {
    multipart_form::parts(input.document, input.types, body)
}

/// Returns the type that the builder of an operation accepts as the body.
pub(crate) fn body_argument(
    known: &Operation,
    body: &UploadBody,
) -> Result<BodyArgument, GenerateError> {
    let media_type = body.media_type.as_str();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("multipart/form-data") {
        let name = format!("{}Form", known.builder);
        return Ok(BodyArgument::Form(Ident::new(
            &name,
            proc_macro2::Span::call_site(),
        )));
    }
    // The caller chooses the media type of a range, and the boundary of other multipart types.
    if essence.contains('*') || essence.to_ascii_lowercase().starts_with("multipart/") {
        return Ok(BodyArgument::Content);
    }
    if !media_type.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        let message = format!("`{media_type}` is not a valid media type");
        return Err(GenerateError::malformed(
            pointer(known, &["requestBody"]),
            message,
        ));
    }
    Ok(BodyArgument::Stream)
}

/// Changes a builder: the type of the field, its setter, and how the body is sent.
fn rewrite(
    generated: &mut syn::File,
    known: &Operation,
    body: &UploadBody,
    taken: &BodyArgument,
) -> Result<(), GenerateError> {
    let unreadable = || GenerateError::UnexpectedCode(format!("the body of `{}`", known.id));
    let builders = ast::builders(generated).ok_or_else(unreadable)?;
    let ty: Type = match taken {
        BodyArgument::Form(name) => parse_quote!(super::bodies::#name),
        BodyArgument::Stream => parse_quote!(reqwest::Body),
        BodyArgument::Content => parse_quote!(super::bodies::Content),
    };
    let held: Type = if body.required {
        parse_quote!(Result<#ty, String>)
    } else {
        parse_quote!(Result<Option<#ty>, String>)
    };
    let field = ast::field(builders, &known.builder, "body");
    field.ok_or_else(unreadable)?.ty = held;

    let mut sending = SendBody {
        body,
        taken,
        done: 0,
    };
    for block in ast::blocks(builders, &known.builder) {
        for item in &mut block.items {
            let syn::ImplItem::Fn(method) = item else {
                continue;
            };
            if method.sig.ident == "body" {
                *method = setter(body, taken, &ty);
                sending.done += 1;
            } else {
                sending.visit_impl_item_fn_mut(method);
            }
        }
    }
    // The setter, the initial value, and the request.
    if sending.done == 3 {
        Ok(())
    } else {
        Err(unreadable())
    }
}

/// Generates the setter of the body.
fn setter(body: &UploadBody, taken: &BodyArgument, ty: &Type) -> syn::ImplItemFn {
    let doc = format!(
        "Sets the request body, with media type `{}`.",
        body.media_type
    );
    let some = if body.required {
        None
    } else {
        Some(quote!(.map(Some)))
    };
    if matches!(taken, BodyArgument::Stream) {
        return parse_quote! {
            #[doc = #doc]
            ///
            /// A streaming body is not buffered.
            pub fn body<B>(mut self, value: B) -> Self
            where
                B: std::convert::TryInto<reqwest::Body>,
            {
                self.body = value
                    .try_into() #some
                    .map_err(|_| "conversion to `reqwest::Body` for body failed".to_string());
                self
            }
        };
    }
    let value = if body.required {
        quote!(value)
    } else {
        quote!(Some(value))
    };
    parse_quote! {
        #[doc = #doc]
        pub fn body(mut self, value: #ty) -> Self {
            self.body = Ok(#value);
            self
        }
    }
}

/// Changes how a body is initialized and sent.
struct SendBody<'a> {
    body: &'a UploadBody,
    taken: &'a BodyArgument,
    done: usize,
}

impl VisitMut for SendBody<'_> {
    fn visit_field_value_mut(&mut self, value: &mut syn::FieldValue) {
        if matches!(&value.member, syn::Member::Named(name) if name == "body") {
            if !self.body.required {
                value.expr = parse_quote!(Ok(None));
            }
            self.done += 1;
        }
        visit_mut::visit_field_value_mut(self, value);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = &*expr else {
            return;
        };
        let Expr::MethodCall(header) = &*call.receiver else {
            return;
        };
        if call.method == "body" && header.method == "header" {
            let request = &header.receiver;
            *expr = syn::parse2(self.send(request)).unwrap_or_else(|_| expr.clone());
            self.done += 1;
        }
    }
}

impl SendBody<'_> {
    /// Returns the expression for the request with its body.
    fn send(&self, request: &Expr) -> TokenStream {
        let media_type = &self.body.media_type;
        match (self.taken, self.body.required) {
            (BodyArgument::Form(_), true) => quote! {
                #request.multipart(body.into_form().map_err(Error::InvalidRequest)?)
            },
            (BodyArgument::Form(_), false) => quote! {
                match body {
                    Some(body) => {
                        #request.multipart(body.into_form().map_err(Error::InvalidRequest)?)
                    }
                    None => #request,
                }
            },
            (BodyArgument::Stream, true) => quote! {
                #request.header(::reqwest::header::CONTENT_TYPE, #media_type).body(body)
            },
            (BodyArgument::Stream, false) => quote! {
                match body {
                    Some(body) => {
                        #request.header(::reqwest::header::CONTENT_TYPE, #media_type).body(body)
                    }
                    None => #request,
                }
            },
            (BodyArgument::Content, true) => quote!(body.attach(#request)),
            (BodyArgument::Content, false) => quote! {
                match body {
                    Some(body) => body.attach(#request),
                    None => #request,
                }
            },
        }
    }
}
