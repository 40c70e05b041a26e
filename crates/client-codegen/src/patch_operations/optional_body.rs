//! Optional request bodies. progenitor always sends a body.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Fields, GenericArgument, PathArguments, Type, parse_quote};

/// Makes the body of a builder optional.
pub(super) fn field(builder: &mut syn::ItemStruct) {
    let Fields::Named(fields) = &mut builder.fields else {
        return;
    };
    let is_body = |field: &&mut syn::Field| field.ident.as_ref().is_some_and(|name| name == "body");
    let Some(Type::Path(held)) = fields
        .named
        .iter_mut()
        .find(is_body)
        .map(|body| &mut body.ty)
    else {
        return;
    };
    let Some(last) = held.path.segments.last_mut() else {
        return;
    };
    if let PathArguments::AngleBracketed(arguments) = &mut last.arguments
        && let Some(GenericArgument::Type(body)) = arguments.args.first_mut()
    {
        *body = parse_quote!(Option<#body>);
    }
}

/// Changes a method of the builder.
pub(super) fn method(method: &mut syn::ImplItemFn) {
    let name = method.sig.ident.to_string();
    match name.as_str() {
        "new" => NewPatch.visit_block_mut(&mut method.block),
        "body" | "body_map" => SetterPatch {
            is_change: name == "body_map",
        }
        .visit_block_mut(&mut method.block),
        "send" => SendPatchOptionalBody.visit_block_mut(&mut method.block),
        _ => {}
    }
}

/// Initializes the builder without a body.
struct NewPatch;

impl VisitMut for NewPatch {
    fn visit_field_value_mut(&mut self, value: &mut syn::FieldValue) {
        if matches!(&value.member, syn::Member::Named(name) if name == "body") {
            value.expr = parse_quote!(Ok(None));
        }
    }
}

/// Sets the body: `self.body = ..`.
struct SetterPatch {
    is_change: bool,
}

impl VisitMut for SetterPatch {
    fn visit_expr_assign_mut(&mut self, assignment: &mut syn::ExprAssign) {
        let value = &assignment.right;
        *assignment.right = if self.is_change {
            parse_quote!(self.body.map(|body| Some(f(body.unwrap_or_default()))))
        } else {
            parse_quote!(#value.map(Some))
        };
    }
}

/// Sends the body if there is one.
struct SendPatchOptionalBody;

impl VisitMut for SendPatchOptionalBody {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Try(tried) = &*expr
            && let Some((receiver, method)) = sends(&tried.expr)
            && method == "form_urlencoded"
        {
            let without = without_type(receiver);
            *expr = parse_quote! {
                match &body {
                    Some(body) => #receiver.form_urlencoded(body)?,
                    None => #without,
                }
            };
        } else if let Some((receiver, method)) = sends(expr)
            && method == "json"
        {
            let without = without_type(receiver);
            *expr = parse_quote! {
                match &body {
                    Some(body) => #receiver.json(body),
                    None => #without,
                }
            };
        } else if let Expr::MethodCall(call) = &mut *expr
            && call.method == "and_then"
            && is_body(&call.receiver)
            && let Some(Expr::Closure(made)) = call.args.first_mut()
        {
            // `body.and_then(|v| types::T::try_from(v).map_err(..))`
            let inner = made.clone();
            *made = parse_quote!(|body| body.map(#inner).transpose());
        }
    }
}

/// Returns the receiver and method of `request.json(&body)`.
fn sends(expr: &Expr) -> Option<(&Expr, &syn::Ident)> {
    let Expr::MethodCall(call) = expr else {
        return None;
    };
    match call.args.first() {
        Some(Expr::Reference(body)) if is_body(&body.expr) => Some((&call.receiver, &call.method)),
        _ => None,
    }
}

fn is_body(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("body"))
}

/// Removes the `Content-Type` of a request without a body.
fn without_type(request: &Expr) -> &Expr {
    match request {
        Expr::MethodCall(call)
            if call.method == "header"
                && matches!(call.args.first(), Some(Expr::Path(name))
                    if name.path.segments.last().is_some_and(|last| last.ident == "CONTENT_TYPE")) =>
        {
            &call.receiver
        }
        other => other,
    }
}
