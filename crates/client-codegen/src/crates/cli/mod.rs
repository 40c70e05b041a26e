//! The command line: progenitor's code, extended by binary bodies and arguments of all types, and without
//! panics.

mod bodies;
mod login;
mod names;
mod pages;
mod shapes;

use std::collections::{BTreeSet, HashMap};

use proc_macro2::Ident;
use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, GenericArgument, ImplItem, ImplItemFn, Item, Stmt, Token, Type, TypeParamBound,
    parse_quote,
};

use crate::client_ir::{Operation, element};
use crate::error::GenerateError;
use crate::extensions::ExtensionInput;
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout::{ItemGroup, companion_files};
use crate::options::Options;

/// Generates the files of a CLI crate's `src/generated`.
pub(super) fn files(
    mut code: syn::File,
    input: &ExtensionInput<'_>,
    item_streams: &HashMap<String, Ident>,
    options: &Options,
    stamp: &FileHeader,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let operations = input.operations;
    let mut has_files = false;
    let mut flags = BTreeSet::new();
    for operation in operations {
        let items = item_streams.get(&operation.plan.id);
        let Some([command, call]) = methods(&mut code, operation) else {
            continue;
        };
        let wrapped = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.is_wrapped_in_array);
        for parameter in wrapped {
            let ident = parameter.ident.to_string();
            let argument = &names::kebab(ident.trim_start_matches("r#"));
            ElementArgument { argument }.visit_impl_item_fn_mut(command);
            ElementArgument { argument }.visit_impl_item_fn_mut(call);
        }
        has_files |= complete(command, call, input, operation, items)?;
        flags.extend(bodies::ids(command));
    }
    ArgumentPatch.visit_file_mut(&mut code);
    let mut commands = Vec::new();
    let mut calls = Vec::new();
    for item in &mut code.items {
        match item {
            Item::Impl(block) => take_methods(block, &mut commands, &mut calls),
            Item::Trait(config) if config.ident == "CliConfig" => {
                config.items.push(parse_quote! {
                    /// Opens a file as a request body.
                    fn upload(&self, path: &std::path::Path) -> anyhow::Result<reqwest::Body>;
                });
                config.items.push(parse_quote! {
                    /// Writes a binary response.
                    fn bytes(
                        &self,
                        value: ResponseValue<ByteStream>,
                    ) -> impl std::future::Future<Output = anyhow::Result<()>>;
                });
            }
            _ => {}
        }
    }
    let named = names::items(&mut code, operations, input.document);
    code.items.extend(named);
    code.items.extend(has_files.then(bodies::part));
    code.items.push(parse_quote! {
        /// Parses the value of an argument: a plain string, JSON, or a comma-separated list.
        pub(crate) fn value<T>(text: &str) -> Result<T, String>
        where
            T: ::serde::de::DeserializeOwned + ::serde::Serialize,
        {
            let word = ::serde_json::Value::String(text.to_owned());
            let error = match ::serde_json::from_value(word) {
                Ok(value) => return Ok(value),
                Err(error) => error.to_string(),
            };
            if let Ok(value) = ::serde_json::from_str(text) {
                return Ok(value);
            }
            let element = |element: &str| {
                ::serde_json::from_str(element)
                    .ok()
                    .filter(|value: &::serde_json::Value| !value.is_string())
                    .unwrap_or_else(|| ::serde_json::Value::String(element.to_owned()))
            };
            // serde also reads a struct from an array of its fields, which is never intended here.
            let listed = |list: ::serde_json::Value| {
                let value = ::serde_json::from_value::<T>(list).ok()?;
                let is_list = ::serde_json::to_value(&value).is_ok_and(|value| value.is_array());
                is_list.then_some(value)
            };
            let words = text.split(',').map(|word| ::serde_json::Value::String(word.to_owned()));
            listed(words.collect())
                .or_else(|| listed(text.split(',').map(element).collect()))
                .ok_or(error)
        }
    });
    for module in ["commands", "calls"] {
        let module = quote::format_ident!("{module}");
        code.items.push(parse_quote!(mod #module;));
    }
    code.items.push(parse_quote! {
        /// Credentials and the base URL.
        pub mod login;
    });
    code.items.push(parse_quote! {
        /// What the contract declares of responses, in its order.
        pub mod shapes;
    });
    let head = || {
        vec![parse_quote!(
            use super::*;
        )]
    };
    let block = Some("impl<T: CliConfig> Cli<T>");
    let login = login::module(input, &options.package, &flags);
    let modules = vec![
        ("commands", block, head(), commands),
        ("calls", block, head(), calls),
        ("login", None, login, Vec::new()),
        (
            "shapes",
            None,
            shapes::module(operations, input.document),
            Vec::new(),
        ),
    ];
    Ok(companion_files(code, modules, operations, stamp))
}

/// Returns the names of the functions that define the command of an operation and call it.
fn methods<'c>(code: &'c mut syn::File, operation: &Operation) -> Option<[&'c mut ImplItemFn; 2]> {
    let names = ["cli", "execute"].map(|prefix| format!("{prefix}_{}", operation.method));
    let mut found = [None, None];
    let blocks = code.items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) => Some(&mut block.items),
        _ => None,
    });
    for item in blocks.flatten() {
        let ImplItem::Fn(function) = item else {
            continue;
        };
        if let Some(at) = names.iter().position(|name| function.sig.ident == name) {
            found[at] = Some(function);
        }
    }
    let [command, call] = found;
    Some([command?, call?])
}

/// Removes the methods of each operation from the `impl` block.
fn take_methods(
    block: &mut syn::ItemImpl,
    commands: &mut Vec<ItemGroup>,
    calls: &mut Vec<ItemGroup>,
) {
    for item in std::mem::take(&mut block.items) {
        let name = match &item {
            ImplItem::Fn(function) => function.sig.ident.to_string(),
            _ => String::new(),
        };
        let target = match () {
            () if name.starts_with("cli_") => &mut *commands,
            () if name.starts_with("execute_") => &mut *calls,
            () => {
                block.items.push(item);
                continue;
            }
        };
        target.push(ItemGroup {
            name,
            items: vec![parse_quote!(impl<T: CliConfig> Cli<T> { #item })],
        });
    }
}

/// Adds what progenitor omits from a command: bodies other than JSON, binary responses, and pagination.
/// Returns whether a file is part of a form.
fn complete(
    command: &mut ImplItemFn,
    call: &mut ImplItemFn,
    input: &ExtensionInput<'_>,
    operation: &Operation,
    items: Option<&Ident>,
) -> Result<bool, GenerateError> {
    names::describe(command, operation);
    let body = bodies::Arguments::read(input, operation, command);
    if let Some(body) = &body {
        body.declare(command);
        body.consume(call);
    }
    if let Some(items) = items {
        let flag = pages::declare(command);
        pages::consume(call, &flag, items);
    }
    let success = &operation.success;
    OutputPatch { success }.visit_block_mut(&mut call.block);
    Ok(body.is_some_and(|body| body.has_files))
}

/// Replaces the match arms that progenitor generates as `todo!()`.
struct OutputPatch<'a> {
    success: &'a Type,
}

impl VisitMut for OutputPatch<'_> {
    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        visit_mut::visit_arm_mut(self, arm);
        if !is_todo(&arm.body) {
            return;
        }
        let is_success = matches!(&arm.pat, syn::Pat::TupleStruct(pat) if pat.path.is_ident("Ok"));
        let is_bytes = matches!(self.success, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "ByteStream"));
        let is_text = matches!(self.success, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "String"));
        let has_items = ["EventStream", "JsonLines"]
            .iter()
            .any(|name| crate::client_ir::arguments(self.success, name).is_some());
        *arm.body = match (is_success, is_bytes) {
            (true, true) => parse_quote!({ self.config.bytes(r).await }),
            (true, false) if is_text => {
                parse_quote!({ self.config.bytes(r.map(ByteStream::from)).await })
            }
            (true, false) if has_items => {
                parse_quote!({ self.config.bytes(r.map(|items| items.into_raw())).await })
            }
            (true, false) => parse_quote!({
                let _ = r;
                anyhow::bail!(
                    "the server switched protocols, which the command line does not support"
                )
            }),
            (false, _) => parse_quote!({
                let r = r.into_untyped();
                self.config.error(&r);
                Err(anyhow::Error::new(r))
            }),
        };
    }
}

fn is_todo(body: &Expr) -> bool {
    let mut expr = body;
    while let Expr::Block(block) = expr {
        match block.block.stmts.as_slice() {
            [Stmt::Expr(inner, _)] => expr = inner,
            [Stmt::Macro(inner)] => return inner.mac.path.is_ident("todo"),
            _ => return false,
        }
    }
    matches!(expr, Expr::Macro(mac) if mac.mac.path.is_ident("todo"))
}

/// Changes the type of an argument to that of the parameter.
struct ElementArgument<'a> {
    argument: &'a str,
}

impl VisitMut for ElementArgument<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let names = |arguments: &Punctuated<Expr, Token![,]>| {
            matches!(arguments.first(), Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }))
                if name.value() == self.argument)
        };
        if call.method == "get_one" && names(&call.args) {
            if let Some(turbofish) = &mut call.turbofish
                && let Some(GenericArgument::Type(ty)) = turbofish.args.first_mut()
                && let Some(element) = element(ty)
            {
                *ty = element;
            }
        } else if call.method == "value_parser"
            && matches!(&*call.receiver, Expr::MethodCall(long) if long.method == "long" && names(&long.args))
            && let Some(Expr::Macro(parser)) = call.args.first_mut()
            && let Some(element) = parser.mac.parse_body().ok().as_ref().and_then(element)
        {
            parser.mac.tokens = quote::quote!(#element);
        }
    }
}

/// Makes arguments work for all types, and removes arguments that have no effect.
struct ArgumentPatch;

impl VisitMut for ArgumentPatch {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            // Not every type implements `FromStr`, but all can be deserialized from JSON.
            Expr::Macro(mac)
                if mac
                    .mac
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == "value_parser") =>
            {
                let is_path = mac.mac.tokens.to_string().contains("PathBuf");
                if let (false, Ok(ty)) = (is_path, mac.mac.parse_body::<Type>()) {
                    *expr = parse_quote!(super::value::<#ty>);
                }
            }
            // Bind `self`, which is otherwise unused if there are no commands.
            Expr::Match(found) if found.arms.is_empty() => {
                if matches!(&*found.expr, Expr::Path(path) if path.path.is_ident("self")) {
                    *found.expr = parse_quote!(*self);
                }
            }
            // The value name would repeat the name of the argument.
            Expr::MethodCall(call) if call.method == "value_parser" => {
                let Expr::MethodCall(flag) = &*call.receiver else {
                    return;
                };
                if let Some(Expr::Lit(name)) = flag.args.first().filter(|_| flag.method == "long")
                    && let syn::Lit::Str(name) = &name.lit
                {
                    let value_name = name.value().to_uppercase();
                    let argument = &call.receiver;
                    call.receiver = parse_quote!(#argument.value_name(#value_name));
                }
            }
            // progenitor does not implement this argument.
            Expr::MethodCall(call) if call.method == "arg" => {
                let argument = call.args.first().map(quote::ToTokens::to_token_stream);
                if argument
                    .is_some_and(|argument| argument.to_string().contains("\"json-body-template\""))
                {
                    *expr = (*call.receiver).clone();
                }
            }
            _ => {}
        }
    }

    /// Removes bounds on `JsonSchema`, which is behind a cargo feature of the client.
    fn visit_where_clause_mut(&mut self, clause: &mut syn::WhereClause) {
        for predicate in &mut clause.predicates {
            if let syn::WherePredicate::Type(predicate) = predicate {
                let bounds = std::mem::take(&mut predicate.bounds);
                let is_schema = |bound: &TypeParamBound| {
                    matches!(bound, TypeParamBound::Trait(bound)
                        if bound.path.segments.first().is_some_and(|first| first.ident == "schemars"))
                };
                predicate.bounds = bounds
                    .into_iter()
                    .filter(|bound| !is_schema(bound))
                    .collect();
            }
        }
    }
}

/// Returns the string at a JSON pointer.
fn string_at<'a>(document: &'a Value, pointer: &str) -> Option<&'a str> {
    document.pointer(pointer).and_then(Value::as_str)
}
