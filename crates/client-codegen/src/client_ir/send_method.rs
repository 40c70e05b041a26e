//! Parses a generated `send` method: where it sends each parameter, and how it decodes each status.

use crate::ast::string_literal;
use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, Ident, Lit, Pat, RangeLimits, Type};

use super::{ParameterLocation, builder_types};

/// The content of a `send` method.
#[derive(Debug)]
pub(super) struct SendMethod {
    /// The name of the client's method.
    pub(super) method: String,
    pub(super) parameters: Vec<SentParameter>,
    /// The media type of a typed body.
    pub(super) body: Option<&'static str>,
    arms: Vec<StatusArm>,
    pub(super) success: Type,
    pub(super) error: Type,
}

/// A parameter that the method sends.
#[derive(Debug)]
pub(super) struct SentParameter {
    pub(super) name: String,
    pub(super) ident: Ident,
    pub(super) location: ParameterLocation,
}

/// An arm of the match on the status.
#[derive(Debug)]
struct StatusArm {
    /// The statuses, inclusive; all statuses for `_`.
    statuses: (u16, u16),
    is_error: bool,
    /// Whether the arm parses the body as JSON.
    is_typed: bool,
}

impl SendMethod {
    /// Parses a `send` method. Returns `None` if its structure is unexpected.
    pub(super) fn read(send: &syn::ImplItemFn, path: &str) -> Option<Self> {
        let syn::ReturnType::Type(_, output) = &send.sig.output else {
            return None;
        };
        let results = builder_types::arguments(output, "Result")?;
        let success = *builder_types::arguments(results.first()?, "ResponseValue")?.first()?;
        let error = *builder_types::arguments(results.get(1)?, "Error")?.first()?;

        let mut reader = SendReader::default();
        reader.visit_block(&send.block);
        let names = template_names(path);
        if names.len() != reader.path.len() {
            return None;
        }
        let in_path = names
            .into_iter()
            .zip(reader.path)
            .map(|(name, ident)| SentParameter {
                name,
                ident,
                location: ParameterLocation::Path,
            });
        Some(Self {
            method: reader.method?,
            parameters: in_path.chain(reader.parameters).collect(),
            body: reader.body,
            arms: reader.arms?,
            success: success.clone(),
            error: error.clone(),
        })
    }

    /// Returns the type of the JSON body of a response with this status.
    pub(super) fn bodies_by_status(&self, status: u16) -> Option<&Type> {
        let arm = self
            .arms
            .iter()
            .find(|arm| (arm.statuses.0..=arm.statuses.1).contains(&status))?;
        arm.is_typed.then_some(if arm.is_error {
            &self.error
        } else {
            &self.success
        })
    }
}

/// Returns the names in a path template, in order.
fn template_names(path: &str) -> Vec<String> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
        .collect()
}

#[derive(Default)]
struct SendReader {
    method: Option<String>,
    path: Vec<Ident>,
    parameters: Vec<SentParameter>,
    body: Option<&'static str>,
    arms: Option<Vec<StatusArm>>,
    /// The parameter behind `value`: an optional header is sent in `if let Some(value) = header`.
    value: Option<Ident>,
}

impl<'ast> Visit<'ast> for SendReader {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(function) = &*call.func
            && function
                .path
                .segments
                .iter()
                .any(|segment| segment.ident == "QueryParam")
            && let (Some(name), Some(ident)) = (
                call.args.first().and_then(string_literal),
                call.args.get(1).and_then(variable),
            )
        {
            self.parameters.push(SentParameter {
                name,
                ident,
                location: ParameterLocation::Query,
            });
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        // Visit the receiver first, so that chained calls are visited in the order they run.
        visit::visit_expr_method_call(self, call);
        match call.method.to_string().as_str() {
            "json" => self.body = Some("application/json"),
            "form_urlencoded" => self.body = Some("application/x-www-form-urlencoded"),
            "append" => {
                let cookie = call.args.get(1).and_then(cookie);
                if let Some((name, ident)) = cookie {
                    let ident = self.named(ident);
                    self.parameters.push(SentParameter {
                        name,
                        ident,
                        location: ParameterLocation::Cookie,
                    });
                } else if let (Some(name), Some(ident)) = (
                    call.args.first().and_then(string_literal),
                    call.args.get(1).and_then(variable),
                ) {
                    let ident = self.named(ident);
                    self.parameters.push(SentParameter {
                        name,
                        ident,
                        location: ParameterLocation::Header,
                    });
                }
            }
            _ => {}
        }
    }

    fn visit_expr_if(&mut self, expr: &'ast syn::ExprIf) {
        if let Expr::Let(condition) = &*expr.cond {
            self.value = variable(&condition.expr);
        }
        visit::visit_expr_if(self, expr);
        self.value = None;
    }

    fn visit_expr_struct(&mut self, expr: &'ast syn::ExprStruct) {
        if expr.path.is_ident("OperationInfo") {
            self.method = expr
                .fields
                .first()
                .and_then(|field| string_literal(&field.expr));
        }
        visit::visit_expr_struct(self, expr);
    }

    fn visit_expr_match(&mut self, expr: &'ast syn::ExprMatch) {
        if matches!(&*expr.expr, Expr::MethodCall(call) if call.method == "as_u16") {
            self.arms = expr.arms.iter().map(arm).collect();
        } else {
            visit::visit_expr_match(self, expr);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if mac.path.is_ident("format") {
            encoded(mac.tokens.clone(), &mut self.path);
        }
    }
}

impl SendReader {
    /// Returns the parameter behind a variable.
    fn named(&self, variable: Ident) -> Ident {
        match &self.value {
            Some(value) if variable == "value" => value.clone(),
            _ => variable,
        }
    }
}

/// Returns the name and the variable in `format!("name={}", x.to_string()).try_into()?`.
fn cookie(expr: &Expr) -> Option<(String, Ident)> {
    match expr {
        Expr::Try(inner) => cookie(&inner.expr),
        Expr::MethodCall(call) => cookie(&call.receiver),
        Expr::Macro(found) if found.mac.path.is_ident("format") => {
            let arguments = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
            let arguments = found.mac.parse_body_with(arguments).ok()?;
            let pattern = string_literal(arguments.first()?)?;
            let name = pattern.strip_suffix("={}")?;
            let name = name.replace("{{", "{").replace("}}", "}");
            Some((name, variable(arguments.get(1)?)?))
        }
        _ => None,
    }
}

fn arm(arm: &syn::Arm) -> Option<StatusArm> {
    let statuses = match &arm.pat {
        Pat::Wild(_) => (0, u16::MAX),
        Pat::Lit(lit) => (number(&lit.lit)?, number(&lit.lit)?),
        Pat::Range(range) if matches!(range.limits, RangeLimits::Closed(_)) => (
            bound(range.start.as_deref()?)?,
            bound(range.end.as_deref()?)?,
        ),
        _ => return None,
    };
    let mut calls = ArmCalls::default();
    calls.visit_expr(&arm.body);
    Some(StatusArm {
        statuses,
        is_error: calls.error,
        is_typed: calls.parses,
    })
}

/// The functions that the body of an arm calls.
#[derive(Default)]
struct ArmCalls {
    error: bool,
    parses: bool,
}

impl<'ast> Visit<'ast> for ArmCalls {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.error |= ident == "Err" || ident == "error_by_status";
        self.parses |=
            ident == "from_response" || ident == "error_by_status" || ident == "success_by_status";
    }
}

fn bound(expr: &Expr) -> Option<u16> {
    match expr {
        Expr::Lit(lit) => number(&lit.lit),
        _ => None,
    }
}

fn number(lit: &Lit) -> Option<u16> {
    match lit {
        Lit::Int(int) => int.base10_parse().ok(),
        _ => None,
    }
}

/// Returns the variable in `x`, `&x`, `x.to_string()` and `x.to_string().try_into()?`.
fn variable(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident().cloned(),
        Expr::Reference(reference) => variable(&reference.expr),
        Expr::MethodCall(call) => variable(&call.receiver),
        Expr::Try(inner) => variable(&inner.expr),
        _ => None,
    }
}

/// Returns the variables in `encode_path(&x.to_string())`, in order.
fn encoded(tokens: TokenStream, found: &mut Vec<Ident>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(ident) if ident == "encode_path")
            && let Some(TokenTree::Group(argument)) = tokens.next()
            && let Ok(expr) = syn::parse2::<Expr>(argument.stream())
        {
            found.extend(variable(&expr));
        }
    }
}
