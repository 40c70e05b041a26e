//! Changes the generated operations where progenitor does not support the contract.
//!
//! The [`OperationOverrides`] of lowering list the necessary changes.

mod by_status;
pub(crate) mod cookies;
mod dropshot_stream;
mod form_bodies;
mod optional_body;
pub(crate) mod parameter_styles;
mod query_in_path;
pub(crate) mod times;

use std::collections::{BTreeMap, HashMap};

use openapi_contract::rust_names;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Lit, Pat, parse_quote};

use crate::ast::string_literal;
use crate::lower::{OperationOverrides, ResponseArm, StatusRange};
use crate::types::Types;

/// Returns whether some response bodies are decoded by status.
pub(crate) fn reads_by_status(overrides: &BTreeMap<String, OperationOverrides>) -> bool {
    overrides
        .values()
        .any(|operation_overrides| !operation_overrides.bodies_by_status.is_empty())
}

/// Changes the builders of all operations.
pub(crate) fn finish(
    file: &mut syn::File,
    overrides: &BTreeMap<String, OperationOverrides>,
    types: &Types,
) {
    let by_builder: HashMap<String, &OperationOverrides> = overrides
        .iter()
        .map(|(id, operation_overrides)| (rust_names::builder_name(id), operation_overrides))
        .collect();
    let nothing = OperationOverrides::default();
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        if module.ident != "builder" {
            continue;
        }
        let Some((_, items)) = &mut module.content else {
            continue;
        };
        for item in items {
            if let Item::Struct(builder) = item {
                let operation_overrides = by_builder.get(&builder.ident.to_string());
                if operation_overrides
                    .is_some_and(|operation_overrides| operation_overrides.may_lack_body)
                {
                    optional_body::field(builder);
                }
                continue;
            }
            let Item::Impl(block) = item else { continue };
            let syn::Type::Path(own) = &*block.self_ty else {
                continue;
            };
            let Some(builder) = own.path.segments.last() else {
                continue;
            };
            let builder = builder.ident.to_string();
            let operation_overrides = by_builder.get(&builder).copied().unwrap_or(&nothing);
            dropshot_stream::adapt(block, types);
            let mut sender = SendPatch {
                operation_overrides,
                types,
            };
            for item in &mut block.items {
                let syn::ImplItem::Fn(method) = item else {
                    continue;
                };
                if method.sig.ident == "send" {
                    sender.visit_block_mut(&mut method.block);
                }
                if operation_overrides.may_lack_body {
                    optional_body::method(method);
                }
                form_bodies::FormFields.visit_block_mut(&mut method.block);
            }
        }
    }
}

/// Changes a `send` method.
struct SendPatch<'a> {
    operation_overrides: &'a OperationOverrides,
    types: &'a Types,
}

impl VisitMut for SendPatch<'_> {
    fn visit_macro_mut(&mut self, called: &mut syn::Macro) {
        query_in_path::encode(called);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) => {
                if let Some(new) = self.method_call(call) {
                    *expr = new;
                }
            }
            Expr::Match(found) => self.arms(found),
            _ => {}
        }
    }
}

impl SendPatch<'_> {
    fn method_call(&self, call: &mut syn::ExprMethodCall) -> Option<Expr> {
        let receiver = &call.receiver;
        match call.method.to_string().as_str() {
            // `reqwest::Client` has no methods for these HTTP methods.
            method @ ("options" | "trace") if is_client(receiver) => {
                let url = call.args.first()?;
                let method = quote::format_ident!("{}", method.to_uppercase());
                Some(parse_quote!(#receiver.request(::reqwest::Method::#method, #url)))
            }
            "header" => {
                let value = match last_ident(call.args.first()?)?.as_str() {
                    "CONTENT_TYPE" => self.content_type()?,
                    "ACCEPT" => self.operation_overrides.accept.as_deref()?,
                    _ => return None,
                };
                if !is_header_value(value) {
                    return None;
                }
                *call.args.get_mut(1)? =
                    parse_quote!(::reqwest::header::HeaderValue::from_static(#value));
                None
            }
            "json" => {
                let value = self.content_type().filter(|value| is_header_value(value))?;
                let body = call.args.first()?;
                Some(parse_quote! {
                    #receiver
                        .header(
                            ::reqwest::header::CONTENT_TYPE,
                            ::reqwest::header::HeaderValue::from_static(#value),
                        )
                        .json(#body)
                })
            }
            "append" => {
                self.cookie(call);
                None
            }
            _ => None,
        }
    }

    /// The media type of the body, if the generated code has another.
    fn content_type(&self) -> Option<&str> {
        let body = self.operation_overrides.body.as_ref()?;
        (!body.is_stream).then_some(body.media_type.as_str())
    }

    /// Sends a cookie instead of a header: `append("name", value.to_string().try_into()?)`.
    fn cookie(&self, call: &mut syn::ExprMethodCall) {
        let Some(name) = call.args.first().and_then(string_literal) else {
            return;
        };
        if !self.operation_overrides.cookies.contains(&name) {
            return;
        }
        let Some(Expr::Try(converted)) = call.args.get_mut(1) else {
            return;
        };
        let Expr::MethodCall(conversion) = &mut *converted.expr else {
            return;
        };
        let written = &conversion.receiver;
        let pattern = format!("{}={{}}", name.replace('{', "{{").replace('}', "}}"));
        conversion.receiver = parse_quote!(format!(#pattern, #written));
        if let Some(name) = call.args.first_mut() {
            *name = parse_quote!("cookie");
        }
    }

    fn arms(&self, found: &mut syn::ExprMatch) {
        let Expr::MethodCall(status) = &*found.expr else {
            return;
        };
        if status.method != "as_u16" {
            return;
        }
        let Some(response) = response_of(status) else {
            return;
        };
        if self.operation_overrides.catches_all {
            for arm in &mut found.arms {
                if matches!(arm.pat, Pat::Wild(_)) {
                    *arm.body = parse_quote! {
                        Err(Error::ErrorResponse(
                            ResponseValue::from_response(#response).await?
                        ))
                    };
                }
            }
        }
        for (statuses, what) in &self.operation_overrides.arms {
            let body: Expr = match what {
                ResponseArm::Empty => parse_quote!(ResponseValue::empty(#response).map(|()| None)),
                ResponseArm::Unexpected => parse_quote!(Err(Error::UnexpectedResponse(#response))),
            };
            if let Some(arm) = found
                .arms
                .iter_mut()
                .find(|arm| bounds(&arm.pat) == Some(*statuses))
            {
                *arm.body = body;
                continue;
            }
            let StatusRange { first, last } = *statuses;
            let arm: syn::Arm = if first == last {
                parse_quote!(#first => #body,)
            } else {
                parse_quote!(#first..=#last => #body,)
            };
            found.arms.push(arm);
        }
        for read in &self.operation_overrides.bodies_by_status {
            let arm = found.arms.iter_mut().find(|arm| match read.statuses {
                Some(statuses) => bounds(&arm.pat) == Some(statuses),
                None => matches!(arm.pat, Pat::Wild(_)),
            });
            if let Some(arm) = arm
                && let Some(body) = by_status::read(&arm.body, &response, read, self.types)
            {
                *arm.body = body;
            }
        }
        // A range must come after the statuses that it contains.
        found.arms.sort_by_key(|arm| match bounds(&arm.pat) {
            Some(statuses) => statuses.last - statuses.first,
            None => u16::MAX,
        });
        // With a `default` response, progenitor generates a second catch-all arm, which is unreachable.
        let wild = found
            .arms
            .iter()
            .position(|arm| matches!(arm.pat, Pat::Wild(_)));
        if let Some(wild) = wild {
            found.arms.truncate(wild + 1);
        }
        for arm in &mut found.arms {
            arm.comma = Some(Default::default());
        }
    }
}

/// Returns the variable in `response.status().as_u16()`.
fn response_of(status: &syn::ExprMethodCall) -> Option<Expr> {
    match &*status.receiver {
        Expr::MethodCall(inner) if inner.method == "status" => Some((*inner.receiver).clone()),
        _ => None,
    }
}

/// Returns whether an expression is the `reqwest::Client`.
fn is_client(expr: &Expr) -> bool {
    matches!(expr, Expr::Field(field)
        if matches!(&field.member, syn::Member::Named(name) if name == "client"))
}

fn last_ident(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

fn bounds(pat: &Pat) -> Option<StatusRange> {
    let number = |expr: &Expr| match expr {
        Expr::Lit(syn::ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().ok(),
        _ => None,
    };
    match pat {
        Pat::Lit(lit) => match &lit.lit {
            Lit::Int(number) => {
                let status = number.base10_parse().ok()?;
                Some(StatusRange {
                    first: status,
                    last: status,
                })
            }
            _ => None,
        },
        Pat::Range(range) => Some(StatusRange {
            first: number(range.start.as_deref()?)?,
            last: number(range.end.as_deref()?)?,
        }),
        _ => None,
    }
}

/// Returns whether a string is a valid header value. An invalid one would panic when it is sent.
fn is_header_value(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}
