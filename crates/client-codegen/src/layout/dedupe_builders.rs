//! Replaces code that progenitor and typify repeat in every builder by calls of the runtime crate.
//!
//! Setters accept and requests send the same values as before, but there is less code to read and compile.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprCall, ExprLit, File, FnArg, ImplItemFn, Item, Lit, LitStr, Pat, Stmt, Type,
    parse_quote,
};

use crate::types::argument_of;

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
        use ::openapi_client_runtime::convert_field;
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use syn::{File, parse_quote};

    use super::{Setters, head, types};
    use crate::pretty_print::print;

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
}
