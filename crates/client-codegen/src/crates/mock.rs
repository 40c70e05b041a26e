//! Typed mocks: progenitor's code, changed to expect exactly what the client sends.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Lit, Token, Type, parse_quote};

use openapi_contract::model::ParameterIn;

use crate::client_ir::Operation;
use crate::emit;
use crate::error::GenerateError;
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout::{companion_files, take_module};
use crate::plan::Style;

/// Generates the files of a mock crate's `src/generated`.
pub(super) fn files(
    mut code: syn::File,
    operations: &[Operation],
    stamp: &FileHeader,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    expect(&mut code, operations)?;
    Bodies.visit_file_mut(&mut code);
    let (head, parts) = take_module(&mut code, "operations").unwrap_or_default();
    let added: syn::File = parse_quote! {
        use ::serde::Serialize;

        use ::openapi_client_runtime::style::{self, Style};

        /// Expects a query parameter.
        pub(crate) fn query<T: Serialize + ?Sized>(
            when: ::httpmock::When,
            name: &str,
            style: Style,
            value: &T,
        ) -> ::httpmock::When {
            let pairs = style.pairs(name, &json(value), str::to_owned).into_iter();
            pairs.fold(when, |when, (name, value)| when.query_param(name, value))
        }

        /// Expects that the query has no property of a `deepObject` parameter.
        pub(crate) fn without(when: ::httpmock::When, name: &str) -> ::httpmock::When {
            let start = format!("{name}[");
            when.is_false(move |request| {
                let sent = request.query_params();
                sent.iter().any(|(name, _)| name.starts_with(&start))
            })
        }

        /// Expects a cookie parameter.
        pub(crate) fn cookie<T: Serialize + ?Sized>(
            when: ::httpmock::When,
            name: &str,
            style: Style,
            value: &T,
        ) -> ::httpmock::When {
            let pairs = style.in_cookie(name, &json(value)).into_iter();
            pairs.fold(when, |when, (name, value)| when.cookie(name, value))
        }

        /// Serializes a header parameter.
        pub(crate) fn header<T: Serialize + ?Sized>(name: &str, style: Style, value: &T) -> String {
            style.text(name, &json(value), str::to_owned)
        }

        /// Serializes a path parameter, as a regular expression.
        pub(crate) fn path<T: Serialize + ?Sized>(name: &str, style: Style, value: &T) -> String {
            regex::escape(&style.in_path(name, &json(value)))
        }

        fn json<T: Serialize + ?Sized>(value: &T) -> ::serde_json::Value {
            match style::json(value) {
                Ok(value) => value,
                Err(error) => panic!("cannot serialize the value to JSON: {error}"),
            }
        }
    };
    code.items.extend(added.items);
    Ok(companion_files(
        code,
        vec![("operations", None, head, parts)],
        operations,
        stamp,
    ))
}

/// Changes the mocks of all operations to expect parameters as the client serializes them.
fn expect(code: &mut syn::File, operations: &[Operation]) -> Result<(), GenerateError> {
    let by_mock: HashMap<String, &Operation> = operations
        .iter()
        .map(|operation| (format!("{}When", operation.builder), operation))
        .collect();
    let modules = code.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) => module.content.as_mut(),
        _ => None,
    });
    for item in modules.flat_map(|(_, items)| items) {
        let Item::Impl(block) = item else { continue };
        let Type::Path(own) = &*block.self_ty else {
            continue;
        };
        let mock = own.path.segments.last().map(|last| last.ident.to_string());
        let Some(operation) = mock.and_then(|mock| by_mock.get(&mock)) else {
            continue;
        };
        for item in &mut block.items {
            let syn::ImplItem::Fn(method) = item else {
                continue;
            };
            let name = method.sig.ident.clone();
            let mut parameters = operation.parameters.iter();
            let Some(parameter) = parameters.find(|parameter| parameter.ident == name) else {
                continue;
            };
            if parameter.is_wrapped_in_array && !emit::restore_parameter_type(method) {
                return Err(GenerateError::UnexpectedCode(format!(
                    "the mock of `{}` has no array `{name}`",
                    operation.plan.id
                )));
            }
            let mut expected = Expected {
                name: &parameter.name,
                location: parameter.location,
                style: emit::style(parameter.style),
                is_deep: parameter.style == Style::DeepObject,
            };
            expected.visit_block_mut(&mut method.block);
        }
    }
    Ok(())
}

/// Changes how a mock matches a parameter. progenitor uses `Display`, which arrays and objects do not
/// implement, and which does not encode values.
struct Expected<'a> {
    /// The name in the request.
    name: &'a str,
    location: ParameterIn,
    /// The style in the runtime crate.
    style: Ident,
    /// Whether the style is `deepObject`.
    is_deep: bool,
}

impl VisitMut for Expected<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = expr else { return };
        let (receiver, name) = (&call.receiver, self.name);
        match call.method.to_string().as_str() {
            "query_param" => {
                let style = &self.style;
                *expr = parse_quote!(
                    super::query(#receiver, #name, super::Style::#style, &value)
                );
            }
            "query_param_missing" if self.is_deep => {
                *expr = parse_quote!(super::without(#receiver, #name));
            }
            "header" if self.location == ParameterIn::Cookie => {
                let style = &self.style;
                *expr = parse_quote!(super::cookie(#receiver, #name, super::Style::#style, &value));
            }
            "header" => {
                let style = &self.style;
                *expr = parse_quote!(#receiver.header(
                    #name, super::header(#name, super::Style::#style, &value)
                ));
            }
            "header_missing" if self.location == ParameterIn::Cookie => {
                *expr = parse_quote!(#receiver.cookie_missing(#name));
            }
            _ => {}
        }
    }

    /// Changes the path pattern `format!("^/a/{}$", value.to_string())`, in which the parameter may occur
    /// twice.
    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        if !mac.path.is_ident("format") {
            return;
        }
        let parsed = mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        let pattern = parsed.ok().and_then(|arguments| match arguments.first()? {
            Expr::Lit(syn::ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        });
        let Some(pattern) = pattern else { return };
        let pattern = pattern.replace("{}", "{0}");
        let name = self.name;
        let style = &self.style;
        let written: Expr = parse_quote!(super::path(#name, super::Style::#style, &value));
        mac.tokens = quote!(#pattern, #written).to_token_stream();
    }
}

/// Passes bodies by reference, which progenitor does not do for numbers and `()`.
struct Bodies;

impl VisitMut for Bodies {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "json_body_obj" {
            call.args = parse_quote!(&value);
        }
    }
}
