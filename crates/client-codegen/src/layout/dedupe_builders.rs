//! Moves code that progenitor and typify repeat in every builder to the generated module `sending`.
//!
//! Setters accept and requests send the same values as before, but there is less code to read and compile.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Expr, ExprCall, ExprLit, File, FnArg, ImplItemFn, Item, Lit, LitStr, Local, Pat, Stmt,
    Type, parse_quote,
};

use crate::types::argument_of;

/// Shortens the builders of operations.
pub(super) fn operations(root: &mut File) {
    let modules = root.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    let setters = Setters::of_operations();
    let mut request = ExtractedRequest {
        is_plain: false,
        versioned: parse_quote!(().header("api-version", super::Client::api_version())),
        error_response: parse_quote!(super::sending::error_response(response).await),
    };
    for item in modules.flat_map(|(_, items)| items) {
        let Item::Impl(block) = item else { continue };
        for item in &mut block.items {
            let syn::ImplItem::Fn(method) = item else {
                continue;
            };
            if method.sig.ident == "send" {
                send(&mut method.block, &mut request);
            } else {
                setters.condense(method);
            }
        }
    }
}

/// Prelude types that `types::builder` uses without a path, unless a builder has the same name.
const SHORT: [(&str, &str); 6] = [
    ("convert", "TryInto"),
    ("fmt", "Display"),
    ("option", "Option"),
    ("result", "Result"),
    ("string", "String"),
    ("vec", "Vec"),
];

/// Imported into `types::builder` unless a builder has the same name.
const NULLABLE: &str = "Nullable";

/// Generates the imports of `types::builder`.
pub(super) fn head(builders: &HashSet<String>, has_nullable: bool) -> File {
    let mut head: File = parse_quote! {
        use super::super::sending::convert_field;
    };
    if has_nullable && !builders.contains(NULLABLE) {
        head.items.insert(
            0,
            parse_quote!(
                use super::super::Nullable;
            ),
        );
    }
    if !builders.contains("Display") {
        head.items.insert(
            0,
            parse_quote!(
                use ::std::fmt::Display;
            ),
        );
    }
    head
}

/// Shortens a builder of a type.
pub(super) fn types(file: &mut File, builders: &HashSet<String>, setters: &Setters) {
    for item in &mut file.items {
        let Item::Impl(block) = item else { continue };
        for item in &mut block.items {
            if let syn::ImplItem::Fn(method) = item {
                setters.condense(method);
            }
        }
    }
    ShortNames { builders }.visit_file_mut(file);
}

/// Removes the path of names that are in scope.
struct ShortNames<'a> {
    builders: &'a HashSet<String>,
}

impl ShortNames<'_> {
    /// Returns the last segment of a path if that name is in scope.
    fn known<'p>(&self, path: &'p syn::Path) -> Option<&'p syn::PathSegment> {
        let names: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
        let name = path.segments.last()?;
        let is_known = match (path.leading_colon, names.as_slice()) {
            (Some(_), [std, module, name]) => {
                *std == "std"
                    && SHORT
                        .iter()
                        .any(|(of, short)| *module == of && *name == short)
            }
            (None, [one, two, name]) => *one == "super" && *two == "super" && *name == NULLABLE,
            _ => false,
        };
        let is_free = || !self.builders.contains(&name.ident.to_string());
        (is_known && is_free()).then_some(name)
    }
}

impl VisitMut for ShortNames<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(name) = self.known(path) {
            *path = name.clone().into();
        }
    }
}

/// The syntax that setters are rewritten to. It is parsed once, because there are tens of thousands of them.
pub(super) struct Setters {
    /// The function to call if the conversion error implements `Display`, and the argument type of the setter.
    shown: (Expr, Type),
    /// The function and argument type if the conversion error does not implement `Display`.
    hidden: (Expr, Type),
    value: Expr,
}

impl Setters {
    fn of_operations() -> Self {
        Self::new(
            parse_quote!(super::sending::convert_field),
            parse_quote!(super::sending::convert),
        )
    }

    /// The setters in `types::builder`.
    pub(super) fn of_types() -> Self {
        Self::new(parse_quote!(convert_field), parse_quote!(convert_field))
    }

    fn new(given: Expr, converted: Expr) -> Self {
        Self {
            shown: (
                given,
                parse_quote!(impl ::std::convert::TryInto<(), Error: ::std::fmt::Display>),
            ),
            hidden: (converted, parse_quote!(impl TryInto<()>)),
            value: parse_quote!(value),
        }
    }

    /// Shortens a setter `fn x<T>(mut self, value: T) -> Self where T: TryInto<X>`.
    fn condense(&self, method: &mut ImplItemFn) -> Option<()> {
        let bound = bound(method)?;
        let Stmt::Expr(Expr::Assign(assign), _) = method.block.stmts.first_mut()? else {
            return None;
        };
        let (function, ty) = if bound.shows {
            &self.shown
        } else {
            &self.hidden
        };
        let mut ty = ty.clone();
        *converted_into(&mut ty)? = bound.into;
        let call = self.call(function, &method.sig.ident.to_string());
        *assign.right = conversion(&assign.right, &call)?;
        if let Some(FnArg::Typed(value)) = method.sig.inputs.last_mut() {
            *value.ty = ty;
        }
        method.sig.generics = syn::Generics::default();
        Some(())
    }

    /// `function("name", value)`.
    fn call(&self, function: &Expr, name: &str) -> Expr {
        let name = Expr::Lit(ExprLit {
            attrs: Vec::new(),
            lit: Lit::Str(LitStr::new(name, Span::call_site())),
        });
        Expr::Call(ExprCall {
            attrs: Vec::new(),
            func: Box::new(function.clone()),
            paren_token: Default::default(),
            args: Punctuated::from_iter([name, self.value.clone()]),
        })
    }
}

/// `X` in `impl TryInto<X>`.
fn converted_into(ty: &mut Type) -> Option<&mut Type> {
    let Type::ImplTrait(ty) = ty else { return None };
    let syn::TypeParamBound::Trait(bound) = ty.bounds.first_mut()? else {
        return None;
    };
    argument_of(&mut bound.path)
}

/// The conversion of a setter's value.
struct TryIntoBound {
    into: Type,
    /// Whether the conversion error implements `Display`.
    shows: bool,
}

fn bound(method: &ImplItemFn) -> Option<TryIntoBound> {
    let Some(FnArg::Typed(value)) = method.sig.inputs.last() else {
        return None;
    };
    if !matches!(&*value.pat, Pat::Ident(name) if name.ident == "value") {
        return None;
    }
    let predicates = &method.sig.generics.where_clause.as_ref()?.predicates;
    let syn::WherePredicate::Type(first) = predicates.first()? else {
        return None;
    };
    let syn::TypeParamBound::Trait(bound) = first.bounds.first()? else {
        return None;
    };
    let last = bound.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(into) if last.ident == "TryInto" => Some(TryIntoBound {
            into: into.clone(),
            shows: predicates.len() == 2,
        }),
        _ => None,
    }
}

/// Replaces the start of `value.try_into().map(f).map_err(g)` by a call that includes the error message.
fn conversion(chain: &Expr, beginning: &Expr) -> Option<Expr> {
    let Expr::MethodCall(call) = chain else {
        return None;
    };
    match call.method.to_string().as_str() {
        "try_into" => Some(beginning.clone()),
        "map_err" => conversion(&call.receiver, beginning),
        "map" => {
            let mut call = call.clone();
            *call.receiver = conversion(&call.receiver, beginning)?;
            Some(Expr::MethodCall(call))
        }
        _ => None,
    }
}

/// Shortens a `send` method.
fn send(block: &mut syn::Block, request: &mut ExtractedRequest) {
    let of_map = |stmt: &Stmt| match stmt {
        Stmt::Local(local) => declares(local, "header_map"),
        Stmt::Expr(Expr::MethodCall(call), _) => is_variable(&call.receiver, "header_map"),
        Stmt::Expr(Expr::If(_), _) => true,
        _ => false,
    };
    // Only the API version header, and no header parameters.
    let is_plain = block.stmts.iter().filter(|stmt| of_map(stmt)).count() == 2;
    if is_plain {
        block.stmts.retain(|stmt| !of_map(stmt));
    }
    request.is_plain = is_plain;
    request.visit_block_mut(block);
    exchange(block);
}

/// Replaces the calls of the hooks by one function call.
fn exchange(block: &mut syn::Block) -> Option<()> {
    let at = block
        .stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Local(local) if declares(local, "info")))?;
    let [
        Stmt::Local(info),
        Stmt::Expr(before, _),
        Stmt::Local(result),
        _,
        Stmt::Local(response),
    ] = block.stmts.get(at..at + 5)?
    else {
        return None;
    };
    if !declares(result, "result") || !declares(response, "response") {
        return None;
    }
    let Expr::Struct(info) = &*info.init.as_ref()?.expr else {
        return None;
    };
    let id = &info.fields.first()?.expr;
    // progenitor renames the variables if a parameter has the same name.
    let (client, request) = hooked(before)?;
    let response_stmt: Stmt = parse_quote! {
        let response = super::sending::execute(#client, #request, #id).await?;
    };
    block.stmts.splice(at..at + 5, [response_stmt]);
    // Only the hooks mutate it, which are called elsewhere now.
    if let Some(Stmt::Local(request)) = block.stmts.get_mut(at.checked_sub(1)?)
        && matches!(&request.pat, syn::Pat::Ident(pat) if pat.mutability.is_some())
    {
        request.attrs.clear();
        if let syn::Pat::Ident(pat) = &mut request.pat {
            pat.mutability = None;
        }
    }
    Some(())
}

/// Returns the variables in `client.pre(&mut request, &info).await?`.
fn hooked(before: &Expr) -> Option<(Expr, Expr)> {
    let Expr::Try(tried) = before else {
        return None;
    };
    let Expr::Await(awaited) = &*tried.expr else {
        return None;
    };
    let Expr::MethodCall(call) = &*awaited.base else {
        return None;
    };
    match call.args.first()? {
        Expr::Reference(request) => Some(((*call.receiver).clone(), (*request.expr).clone())),
        _ => None,
    }
}

/// Changes how a request is built and how its response is decoded.
struct ExtractedRequest {
    /// Whether the header map is removed.
    is_plain: bool,
    /// The call that adds the API version header instead.
    versioned: syn::ExprMethodCall,
    /// The expression that decodes an error response.
    error_response: Expr,
}

impl VisitMut for ExtractedRequest {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "headers" && self.is_plain {
            let mut versioned = self.versioned.clone();
            versioned.receiver = call.receiver.clone();
            *call = versioned;
        } else if call.method == "header"
            && let Some(Expr::Call(made)) = call.args.get(1)
            && matches!(&*made.func, Expr::Path(made)
                if made.path.segments.last().is_some_and(|last| last.ident == "from_static"))
            && let Some(value @ Expr::Lit(_)) = made.args.first().cloned()
            && let Some(argument) = call.args.get_mut(1)
        {
            *argument = value;
        }
    }

    fn visit_expr_match_mut(&mut self, found: &mut syn::ExprMatch) {
        let mut arms: Vec<Arm> = Vec::new();
        let mut previous_is_error = false;
        for mut arm in std::mem::take(&mut found.arms) {
            let is_error = arm.guard.is_none() && returns_error_response(&arm.body);
            if is_error {
                *arm.body = self.error_response.clone();
                arm.comma = Some(Default::default());
            }
            match arms.last_mut() {
                Some(last) if is_error && previous_is_error => {
                    last.pat = either(&last.pat, arm.pat);
                }
                _ => arms.push(arm),
            }
            previous_is_error = is_error;
        }
        found.arms = arms;
        visit_mut::visit_expr_match_mut(self, found);
    }
}

/// Merges two match patterns.
fn either(one: &Pat, other: Pat) -> Pat {
    if matches!(other, Pat::Wild(_)) {
        return other;
    }
    let mut cases = match one {
        Pat::Or(either) => either.cases.clone(),
        one => Punctuated::from_iter([one.clone()]),
    };
    cases.push(other);
    Pat::Or(syn::PatOr {
        attrs: Vec::new(),
        leading_vert: None,
        cases,
    })
}

/// Returns whether an expression is `Err(Error::ErrorResponse(ResponseValue::from_response(response).await?))`.
fn returns_error_response(body: &Expr) -> bool {
    let mut body = body;
    if let Expr::Block(block) = body
        && let [Stmt::Expr(only, None)] = block.block.stmts.as_slice()
    {
        body = only;
    }
    let argument = |expr: &Expr, function: &str| match expr {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if path.path.segments.last()?.ident == function => {
                call.args.first().cloned()
            }
            _ => None,
        },
        _ => None,
    };
    let read = argument(body, "Err").and_then(|error| argument(&error, "ErrorResponse"));
    let Some(Expr::Try(read)) = read else {
        return false;
    };
    let Expr::Await(read) = &*read.expr else {
        return false;
    };
    argument(&read.base, "from_response").is_some_and(|response| is_variable(&response, "response"))
}

fn declares(local: &Local, name: &str) -> bool {
    matches!(&local.pat, Pat::Ident(pat) if pat.ident == name)
}

fn is_variable(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use syn::{File, parse_quote};

    use super::{Setters, head, operations, types};
    use crate::pretty_print::print;

    #[test]
    fn setters_become_one_call() {
        let mut file: File = parse_quote! {
            pub mod builder {
                impl<'a> List<'a> {
                    pub fn limit<V>(mut self, value: V) -> Self
                    where
                        V: std::convert::TryInto<u64>,
                    {
                        self.limit = value
                            .try_into()
                            .map(Some)
                            .map_err(|_| "conversion to `u64` for limit failed".to_string());
                        self
                    }
                }
            }
        };
        operations(&mut file);
        let text = print(file);
        assert!(
            text.contains("fn limit(mut self, value: impl TryInto<u64>) -> Self"),
            "{text}"
        );
        let sets = r#"self.limit = super::sending::convert("limit", value).map(Some);"#;
        assert!(text.contains(sets), "{text}");
    }

    #[test]
    fn names_of_builders_keep_their_path() {
        let part: File = parse_quote! {
            pub struct A {
                a: ::std::result::Result<::std::option::Option<super::A>, ::std::string::String>,
                b: ::std::result::Result<super::super::Nullable<super::A>, ::std::string::String>,
            }
        };
        let printed = |builders: HashSet<String>| {
            let mut part = part.clone();
            types(&mut part, &builders, &Setters::of_types());
            print(part)
        };
        let short = printed(HashSet::new());
        assert!(
            short.contains("a: Result<Option<super::A>, String>,"),
            "{short}"
        );
        assert!(
            short.contains("b: Result<Nullable<super::A>, String>,"),
            "{short}"
        );
        let long = printed(HashSet::from(["Nullable".to_owned()]));
        assert!(
            long.contains("b: Result<super::super::Nullable<super::A>, String>,"),
            "{long}"
        );
        let long = printed(HashSet::from(["Option".to_owned()]));
        assert!(
            long.contains("a: Result<::std::option::Option<super::A>, String>,"),
            "{long}"
        );
        assert_eq!(head(&HashSet::new(), false).items.len(), 2);
        assert_eq!(head(&HashSet::new(), true).items.len(), 3);
        for name in ["Display", "Nullable"] {
            let builders = HashSet::from([name.to_owned()]);
            assert_eq!(head(&builders, true).items.len(), 2, "{name}");
        }
    }

    #[test]
    fn error_responses_are_decoded_by_one_function() {
        let mut file: File = parse_quote! {
            pub mod builder {
                impl<'a> A<'a> {
                    pub async fn send(self) -> R {
                        match response.status().as_u16() {
                            404u16 => Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)),
                            429u16 => {
                                Err(Error::ErrorResponse(ResponseValue::from_response(response).await?))
                            }
                            200u16 => ResponseValue::from_response(response).await,
                            500u16..=599u16 => Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)),
                            _ => Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)),
                        }
                    }
                }
            }
        };
        operations(&mut file);
        let text = print(file);
        let arms = [
            "404u16 | 429u16 => super::sending::error_response(response).await,",
            "200u16 => ResponseValue::from_response(response).await,",
            "_ => super::sending::error_response(response).await,",
        ];
        assert!(arms.iter().all(|arm| text.contains(arm)), "{text}");
        assert!(!text.contains("500u16"), "{text}");
    }

    #[test]
    fn header_parameters_are_kept() {
        let mut file: File = parse_quote! {
            pub mod builder {
                impl<'a> A<'a> {
                    pub async fn send(self) -> R {
                        let mut header_map = HeaderMap::with_capacity(2usize);
                        header_map.append(from_static("api-version"), version());
                        if let Some(value) = key {
                            header_map.append("key", value.to_string().try_into()?);
                        }
                        let mut request = client.client.get(url).headers(header_map).build()?;
                    }
                }
            }
        };
        operations(&mut file);
        let text = print(file);
        assert!(text.contains(".headers(header_map)"), "{text}");
        assert_eq!(text.matches("header_map").count(), 4, "{text}");
    }
}
