//! Path templates with a query: `/a?b={b}`.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Token, parse_quote};

/// Changes `format!("{}/a?b={}", client.baseurl, encode_path(&b.to_string()))` to encode the characters that
/// have a meaning in a query as well.
pub(super) fn encode(called: &mut syn::Macro) {
    if !called.path.is_ident("format") {
        return;
    }
    let parsed = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
    let Ok(mut arguments) = parsed else { return };
    let template = match arguments.first() {
        Some(Expr::Lit(syn::ExprLit {
            lit: Lit::Str(text),
            ..
        })) => text.value(),
        _ => return,
    };
    let Some((path, _)) = template.split_once('?') else {
        return;
    };
    // The first argument is the template.
    let first = 1 + path.matches("{}").count();
    for argument in arguments.iter_mut().skip(first) {
        if let Expr::Call(_) = argument {
            *argument = parse_quote!(#argument.replace('&', "%26").replace('+', "%2B"));
        }
    }
    called.tokens = arguments.to_token_stream();
}
