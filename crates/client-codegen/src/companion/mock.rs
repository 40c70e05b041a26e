//! The typed mocks: progenitor's, made to compare what a client really sends.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Lit, parse_quote};

use crate::GeneratedFile;
use crate::header::Stamp;
use crate::operations::Operation;
use crate::source::{companion_files, take_module};

/// The files of a mock crate's `src/generated`.
pub(super) fn files(
    mut code: syn::File,
    operations: &[Operation],
    stamp: &Stamp,
) -> Vec<GeneratedFile> {
    Sent.visit_file_mut(&mut code);
    let (head, parts) = take_module(&mut code, "operations").unwrap_or_default();
    let added: syn::File = parse_quote! {
        /// Expects a query parameter with this value: a list is one parameter for each element.
        pub(crate) fn query<T: ::serde::Serialize + ?Sized>(
            when: ::httpmock::When,
            name: &str,
            value: &T,
        ) -> ::httpmock::When {
            match ::serde_json::to_value(value) {
                Ok(::serde_json::Value::Array(elements)) => elements
                    .iter()
                    .fold(when, |when, element| when.query_param(name, plain(element))),
                Ok(value) => when.query_param(name, plain(&value)),
                Err(error) => panic!("`{name}` cannot be written as JSON: {error}"),
            }
        }

        /// A value as it stands in a path or header.
        pub(crate) fn text<T: ::serde::Serialize + ?Sized>(value: &T) -> String {
            match ::serde_json::to_value(value) {
                Ok(value) => plain(&value),
                Err(error) => panic!("a value cannot be written as JSON: {error}"),
            }
        }

        fn plain(value: &::serde_json::Value) -> String {
            match value {
                ::serde_json::Value::String(text) => text.clone(),
                ::serde_json::Value::Array(elements) => {
                    elements.iter().map(plain).collect::<Vec<_>>().join(",")
                }
                other => other.to_string(),
            }
        }
    };
    code.items.extend(added.items);
    companion_files(
        code,
        vec![("operations", None, head, parts)],
        operations,
        stamp,
    )
}

/// Compares values in the form in which a client sends them, where progenitor takes their
/// `Display`, which lists do not have.
struct Sent;

impl VisitMut for Sent {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = expr else { return };
        if call.method == "json_body_obj" {
            // What is no reference yet: numbers, and the type of nothing.
            call.args = parse_quote!(&value);
            return;
        }
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let [name, value] = arguments.as_slice() else {
            return;
        };
        if !is_value_to_string(value) {
            return;
        }
        let receiver = &call.receiver;
        match call.method.to_string().as_str() {
            "query_param" => *expr = parse_quote!(super::query(#receiver, #name, &value)),
            "header" => *expr = parse_quote!(#receiver.header(#name, super::text(&value))),
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        // `format!("^/a/{}$", value.to_string())` makes the pattern of a path.
        if !mac.path.is_ident("format") {
            return;
        }
        let arguments = mac
            .parse_body_with(syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated);
        let Ok(arguments) = arguments else { return };
        let arguments: Vec<&Expr> = arguments.iter().collect();
        if let [
            format @ Expr::Lit(syn::ExprLit {
                lit: Lit::Str(_), ..
            }),
            value,
        ] = arguments.as_slice()
            && is_value_to_string(value)
        {
            mac.tokens = quote::quote!(#format, regex::escape(&super::text(&value)));
        }
    }
}

/// `value.to_string()`
fn is_value_to_string(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) if call.method == "to_string" => {
            matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("value"))
        }
        _ => false,
    }
}
