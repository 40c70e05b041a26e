//! Combines all cookies of a request into one header.
//!
//! Lowering declares cookies as headers, and progenitor appends one header for each. Servers read only the
//! first `Cookie` header.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Token, parse_quote};

/// Changes `append("cookie", text.try_into()?)` in the builders. Returns whether there was one.
pub(crate) fn join(generated: &mut syn::File) -> bool {
    let mut found = CookiePatch { are_there: false };
    found.visit_file_mut(generated);
    found.are_there
}

struct CookiePatch {
    are_there: bool,
}

impl VisitMut for CookiePatch {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = expr else { return };
        let Some(cookie) = cookie(call) else { return };
        let headers = &call.receiver;
        *expr = parse_quote!(super::sending::add_cookie(&mut #headers, #cookie)?);
        self.are_there = true;
    }
}

/// Returns the expression for the cookie, with an encoded value.
fn cookie(call: &syn::ExprMethodCall) -> Option<Expr> {
    let is_cookie = call.args.first() == Some(&parse_quote!("cookie"));
    let Some(Expr::Try(converted)) = call.args.get(1) else {
        return None;
    };
    let Expr::MethodCall(conversion) = &*converted.expr else {
        return None;
    };
    if call.method != "append" || !is_cookie {
        return None;
    }
    let mut text = (*conversion.receiver).clone();
    if let Expr::Macro(format) = &mut text {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let arguments = format.mac.parse_body_with(parser).ok()?;
        let pattern = arguments.first()?;
        let value = match arguments.get(1)? {
            Expr::MethodCall(text) if text.method == "to_string" => &text.receiver,
            value => value,
        };
        format.mac.tokens = quote!(#pattern, super::sending::cookie_value(#value));
    }
    Some(text)
}
