//! Serializes parameters in the OpenAPI styles that progenitor does not support.
//!
//! The [`OperationOverrides`] of an operation list these parameters. If progenitor would reject the type of a
//! parameter, lowering wraps it in an array, and the real type is the item type of that array.

use std::collections::{BTreeMap, HashMap};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, GenericArgument, Ident, Item, PathArguments, Stmt, Token, Type, parse_quote};

use crate::client_ir::{Operation, ParameterLocation};
use crate::lower::{OperationOverrides, ParameterStyle, StyledParameter};

/// The styled parameters of an operation, by setter.
type StyledParameters<'t> = HashMap<String, (ParameterLocation, &'t StyledParameter)>;

/// Returns whether some parameter needs the module `styles`.
pub(crate) fn are_used(overrides: &BTreeMap<String, OperationOverrides>) -> bool {
    let mut overrides = overrides.values();
    overrides.any(|operation_overrides| !operation_overrides.styled.is_empty())
}

/// Returns the styled parameters of an operation.
pub(crate) fn of<'t>(
    operation: &Operation,
    overrides: &'t BTreeMap<String, OperationOverrides>,
) -> StyledParameters<'t> {
    let Some(operation_overrides) = overrides.get(&operation.id) else {
        return HashMap::new();
    };
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let styled = operation_overrides.styled(parameter.location.name(), &parameter.name)?;
        Some((parameter.ident.to_string(), (parameter.location, styled)))
    });
    parameters.collect()
}

/// Restores the types of parameters that lowering has wrapped.
pub(crate) fn retype(
    operations: &mut [Operation],
    overrides: &BTreeMap<String, OperationOverrides>,
) {
    for operation in operations {
        let styled = of(operation, overrides);
        for parameter in &mut operation.parameters {
            let styled = styled.get(&parameter.ident.to_string());
            if styled.is_some_and(|(_, styled)| styled.is_wrapped_in_array) {
                FirstElementType::default().visit_type_mut(&mut parameter.ty);
            }
        }
    }
}

/// Changes the builders of all operations.
pub(crate) fn write(
    file: &mut syn::File,
    operations: &[Operation],
    overrides: &BTreeMap<String, OperationOverrides>,
) {
    let styled: HashMap<String, StyledParameters<'_>> = operations
        .iter()
        .map(|operation| (operation.builder.to_string(), of(operation, overrides)))
        .filter(|(_, styled)| !styled.is_empty())
        .collect();
    if styled.is_empty() {
        return;
    }
    let modules = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    for item in modules.flat_map(|(_, items)| items) {
        match item {
            Item::Struct(builder) => {
                if let Some(parameters) = styled.get(&builder.ident.to_string()) {
                    for field in &mut builder.fields {
                        if let Some(name) = &field.ident
                            && is_wrapped_in_array(parameters, name)
                        {
                            FirstElementType::default().visit_type_mut(&mut field.ty);
                        }
                    }
                }
            }
            Item::Impl(block) => {
                let Type::Path(own) = &*block.self_ty else {
                    continue;
                };
                let builder = own.path.segments.last().map(|last| last.ident.to_string());
                if let Some(parameters) = builder.and_then(|builder| styled.get(&builder)) {
                    methods(block, parameters);
                }
            }
            _ => {}
        }
    }
}

fn methods(block: &mut syn::ItemImpl, parameters: &StyledParameters<'_>) {
    for item in &mut block.items {
        let syn::ImplItem::Fn(method) = item else {
            continue;
        };
        if method.sig.ident == "send" {
            send(&mut method.block, parameters);
        } else if is_wrapped_in_array(parameters, &method.sig.ident) {
            restore_parameter_type(method);
        }
    }
}

/// Restores the parameter type of a method.
pub(crate) fn restore_parameter_type(method: &mut syn::ImplItemFn) {
    FirstElementType::default().visit_signature_mut(&mut method.sig);
}

fn is_wrapped_in_array(parameters: &StyledParameters<'_>, name: &Ident) -> bool {
    let styled = parameters.get(&name.to_string());
    styled.is_some_and(|(_, styled)| styled.is_wrapped_in_array)
}

/// Replaces the first `Vec<T>` by `T`.
#[derive(Default)]
struct FirstElementType {
    is_done: bool,
}

impl VisitMut for FirstElementType {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(element) = element(ty).filter(|_| !self.is_done) {
            self.is_done = true;
            *ty = element;
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

/// Returns the `T` of a `Vec<T>`.
pub(crate) fn element(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Vec")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(element) => Some(element.clone()),
        _ => None,
    }
}

/// Returns the expression for a style in the generated module.
pub(crate) fn named(style: ParameterStyle) -> TokenStream {
    let of_label = |explodes| if explodes { (".", "=") } else { (",", ",") };
    match style {
        ParameterStyle::Exploded => quote!(Exploded),
        ParameterStyle::Deep => quote!(Deep),
        ParameterStyle::Joined { between, equals } => quote!(Joined(#between, #equals)),
        ParameterStyle::Label { explodes } => {
            let (between, equals) = of_label(explodes);
            quote!(Label(#between, #equals))
        }
        ParameterStyle::Matrix { explodes } => quote!(Matrix { explodes: #explodes }),
        ParameterStyle::Json => quote!(Json),
    }
}

/// Changes how a request serializes its parameters.
fn send(block: &mut syn::Block, parameters: &StyledParameters<'_>) {
    let mut sender = StyledSendPatch {
        parameters,
        value: None,
        in_query: Vec::new(),
    };
    sender.visit_block_mut(block);
    let in_query = sender.in_query;
    let is_address = |stmt: &Stmt| {
        matches!(stmt, Stmt::Local(local) if matches!(
            local.init.as_ref().map(|init| &*init.expr),
            Some(Expr::Macro(made)) if made.mac.path.is_ident("format")))
    };
    let Some(at) = block
        .stmts
        .iter()
        .position(is_address)
        .filter(|_| !in_query.is_empty())
    else {
        return;
    };
    let Stmt::Local(address) = &block.stmts[at] else {
        return;
    };
    let url = &address.pat;
    let mut added: Vec<Stmt> = vec![parse_quote!(let mut #url = super::styles::parse_url(#url)?;)];
    added.extend(in_query.iter().map(|(name, style, ident)| -> Stmt {
        parse_quote! {
            super::styles::query(&mut #url, #name, super::styles::Style::#style, &#ident)?;
        }
    }));
    block.stmts.splice(at + 1..at + 1, added);
}

struct StyledSendPatch<'a> {
    parameters: &'a StyledParameters<'a>,
    /// The parameter behind `value`: an optional header is sent in `if let Some(value) = header`.
    value: Option<Ident>,
    /// The name, style and variable of each query parameter.
    in_query: Vec<(String, TokenStream, Ident)>,
}

impl VisitMut for StyledSendPatch<'_> {
    fn visit_expr_if_mut(&mut self, expr: &mut syn::ExprIf) {
        if let Expr::Let(condition) = &*expr.cond {
            self.value = variable(&condition.expr);
        }
        visit_mut::visit_expr_if_mut(self, expr);
        self.value = None;
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = expr else { return };
        match call.method.to_string().as_str() {
            "query" => {
                if let Some(Expr::Reference(sent)) = call.args.first()
                    && let Expr::Call(sent) = &*sent.expr
                    && let Some(ident) = sent.args.last().and_then(variable)
                    && let Some((ParameterLocation::Query, styled)) =
                        self.parameters.get(&ident.to_string())
                {
                    self.in_query
                        .push((styled.name.clone(), named(styled.style), ident));
                    *expr = (*call.receiver).clone();
                }
            }
            "append" => self.header(call),
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, called: &mut syn::Macro) {
        let parsed = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        let Ok(mut arguments) = parsed else { return };
        for argument in &mut arguments {
            if let Some(ident) = in_path(argument)
                && let Some((ParameterLocation::Path, styled)) =
                    self.parameters.get(&ident.to_string())
            {
                let (name, style) = (&styled.name, named(styled.style));
                *argument = parse_quote!(
                    super::styles::path(#name, super::styles::Style::#style, &#ident)?
                );
            }
        }
        called.tokens = arguments.to_token_stream();
    }
}

impl StyledSendPatch<'_> {
    /// Changes `append("name", value.to_string().try_into()?)`, and the same with a cookie.
    fn header(&self, call: &mut syn::ExprMethodCall) {
        let Some(Expr::Try(converted)) = call.args.get_mut(1) else {
            return;
        };
        let Expr::MethodCall(conversion) = &mut *converted.expr else {
            return;
        };
        let Some(held) = written(&conversion.receiver) else {
            return;
        };
        let ident = match &self.value {
            Some(value) if held == "value" => value,
            _ => &held,
        };
        let Some((location, styled)) = self.parameters.get(&ident.to_string()) else {
            return;
        };
        let (name, style) = (&styled.name, named(styled.style));
        let function = match location {
            ParameterLocation::Cookie => quote!(cookie),
            _ => quote!(header),
        };
        *conversion.receiver = parse_quote!(
            super::styles::#function(#name, super::styles::Style::#style, &#held)?
        );
    }
}

/// Returns the variable in `encode_path(&x.to_string())`, or in an expression around it.
fn in_path(argument: &Expr) -> Option<Ident> {
    match argument {
        Expr::Call(encoded) => variable(encoded.args.first()?),
        Expr::MethodCall(call) => in_path(&call.receiver),
        _ => None,
    }
}

/// Returns the variable in `x.to_string()` and `format!("name={}", x.to_string())`.
fn written(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Macro(format) => {
            let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
            let arguments = format.mac.parse_body_with(arguments).ok()?;
            variable(arguments.last()?)
        }
        expr => variable(expr),
    }
}

/// Returns the variable in `x`, `&x` and `x.to_string()`.
fn variable(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident().cloned(),
        Expr::Reference(reference) => variable(&reference.expr),
        Expr::MethodCall(call) => variable(&call.receiver),
        _ => None,
    }
}
