//! Typed mocks: progenitor's code, changed to expect exactly what the client sends.

use std::collections::{BTreeMap, HashMap};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Lit, Token, Type, parse_quote};

use crate::client_ir::{Operation, ParameterLocation};
use crate::error::GenerateError;
use crate::extensions::{COOKIE_VALUE, STYLES};
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout::{companion_files, take_module};
use crate::lower::{OperationOverrides, ParameterStyle};
use crate::patch_operations::parameter_styles;

/// Generates the files of a mock crate's `src/generated`.
pub(super) fn files(
    mut code: syn::File,
    operations: &[Operation],
    overrides: &BTreeMap<String, OperationOverrides>,
    stamp: &FileHeader,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    expect(&mut code, operations, overrides);
    Bodies.visit_file_mut(&mut code);
    let (head, parts) = take_module(&mut code, "operations").unwrap_or_default();
    let added: syn::File = parse_quote! {
        use ::serde::Serialize;

        mod styles;

        use styles::Style;

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
            let pairs = style.pairs(name, &json(value), styles::encoded).into_iter();
            pairs.fold(when, |when, (name, value)| when.cookie(name, value))
        }

        /// Serializes a header parameter.
        pub(crate) fn header<T: Serialize + ?Sized>(name: &str, style: Style, value: &T) -> String {
            style.text(name, &json(value), str::to_owned)
        }

        /// Serializes a path parameter, as a regular expression.
        pub(crate) fn path<T: Serialize + ?Sized>(name: &str, style: Style, value: &T) -> String {
            regex::escape(&style.text(name, &json(value), styles::encoded))
        }

        /// Serializes a path parameter without a style, as a regular expression.
        pub(crate) fn segment<T: Serialize + ?Sized>(value: &T) -> String {
            regex::escape(&styles::segment(&text(value)))
        }

        /// Serializes a header or cookie parameter without a style.
        pub(crate) fn text<T: Serialize + ?Sized>(value: &T) -> String {
            match json(value) {
                ::serde_json::Value::String(text) => text,
                // `1.0` is sent as `1`.
                ::serde_json::Value::Number(number) if number.is_f64() => {
                    number.as_f64().unwrap_or_default().to_string()
                }
                other => other.to_string(),
            }
        }

        fn json<T: Serialize + ?Sized>(value: &T) -> ::serde_json::Value {
            match styles::json(value) {
                Ok(value) => value,
                Err(error) => panic!("cannot serialize the value to JSON: {error}"),
            }
        }
    };
    code.items.extend(added.items);
    let cookies: syn::File = syn::parse_str(COOKIE_VALUE).map_err(GenerateError::unparsable)?;
    code.items.extend(cookies.items);
    let styles: syn::File = syn::parse_str(STYLES).map_err(GenerateError::unparsable)?;
    Ok(companion_files(
        code,
        vec![
            ("operations", None, head, parts),
            ("styles", None, styles.items, Vec::new()),
        ],
        operations,
        stamp,
    ))
}

/// Changes the mocks of all operations to expect parameters as the client serializes them.
fn expect(
    code: &mut syn::File,
    operations: &[Operation],
    overrides: &BTreeMap<String, OperationOverrides>,
) {
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
        let styled = parameter_styles::of(operation, overrides);
        for item in &mut block.items {
            let syn::ImplItem::Fn(method) = item else {
                continue;
            };
            let name = &method.sig.ident;
            let mut parameters = operation.parameters.iter();
            let Some(parameter) = parameters.find(|parameter| parameter.ident == *name) else {
                continue;
            };
            let styled = styled.get(&name.to_string()).map(|(_, styled)| styled);
            if styled.is_some_and(|styled| styled.is_wrapped_in_array) {
                parameter_styles::restore_parameter_type(method);
            }
            let mut expected = Expected {
                name: &parameter.name,
                location: parameter.location,
                style: styled.map(|styled| parameter_styles::named(styled.style)),
                is_deep: styled.is_some_and(|styled| styled.style == ParameterStyle::Deep),
            };
            expected.visit_block_mut(&mut method.block);
        }
    }
}

/// Changes how a mock matches a parameter. progenitor uses `Display`, which arrays and objects do not
/// implement, and which does not encode values.
struct Expected<'a> {
    /// The name in the request.
    name: &'a str,
    location: ParameterLocation,
    /// The style, if progenitor does not support it.
    style: Option<TokenStream>,
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
                let style = self.style.clone().unwrap_or_else(|| quote!(Exploded));
                *expr = parse_quote!(
                    super::query(#receiver, #name, super::Style::#style, &value)
                );
            }
            "query_param_missing" if self.is_deep => {
                *expr = parse_quote!(super::without(#receiver, #name));
            }
            "header" if self.location == ParameterLocation::Cookie => {
                *expr = match &self.style {
                    Some(style) => parse_quote!(
                        super::cookie(#receiver, #name, super::Style::#style, &value)
                    ),
                    None => {
                        parse_quote!(#receiver.cookie(#name, super::cookie_value(super::text(&value))))
                    }
                };
            }
            "header" => {
                *expr = match &self.style {
                    Some(style) => parse_quote!(#receiver.header(
                        #name, super::header(#name, super::Style::#style, &value)
                    )),
                    None => parse_quote!(#receiver.header(#name, super::text(&value))),
                };
            }
            "header_missing" if self.location == ParameterLocation::Cookie => {
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
        let written: Expr = match &self.style {
            Some(style) => parse_quote!(super::path(#name, super::Style::#style, &value)),
            None => parse_quote!(super::segment(&value)),
        };
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
