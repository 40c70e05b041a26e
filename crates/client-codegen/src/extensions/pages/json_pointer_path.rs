//! Converts a JSON pointer to a Rust expression that follows it through the generated types.

use openapi_contract::document::unescape_token;
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, Fields, GenericArgument, ItemStruct, Lit, Meta, parse_quote};
use syn::{PathArguments, Token, Type, punctuated::Punctuated};

use crate::types::Types;

/// The generated types that a JSON pointer is followed through.
#[derive(Clone, Copy)]
pub(super) struct TypePaths<'a>(pub(super) &'a Types);

/// The target of a JSON pointer.
pub(super) struct PathTarget {
    /// The expression, of the type or of an `Option` of it.
    pub(super) expr: TokenStream,
    pub(super) optional: bool,
    /// Whether the expression, or the content of its `Option`, is a reference.
    pub(super) borrowed: bool,
    pub(super) ty: Type,
}

/// Whether an expression moves the value or borrows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Value,
    Reference,
}

/// Why a JSON pointer has no target in the generated types.
#[derive(Debug, thiserror::Error)]
pub(super) enum PathError {
    #[error("`{ty}` has no properties, so there is no `{name}`")]
    NoProperties { ty: String, name: String },
    #[error("`{ty}` has no property `{name}`; its properties: {}", list(.known))]
    UnknownProperty {
        ty: String,
        name: String,
        known: Vec<String>,
    },
}

/// Formats names for a message.
fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl TypePaths<'_> {
    /// Returns the type as it is named outside of the module `types`.
    pub(super) fn seen_from_outside(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        QualifiedPaths(self.0).visit_type_mut(&mut ty);
        ty
    }

    /// Follows a pointer from a value of this type.
    ///
    /// # Errors
    /// If a token has no target.
    pub(super) fn follow(
        &self,
        root: &str,
        ty: &Type,
        pointer: &str,
        by: Access,
    ) -> Result<PathTarget, PathError> {
        let root = syn::Ident::new(root, proc_macro2::Span::call_site());
        let mut at = PathStep {
            end: PathTarget {
                expr: quote!(#root),
                optional: false,
                borrowed: by == Access::Reference,
                ty: ty.clone(),
            },
            by,
        };
        for name in pointer.split('/').skip(1).map(unescape_token) {
            self.unwrap(&mut at);
            self.enter(&mut at, &name)?;
        }
        self.unwrap(&mut at);
        Ok(at.end)
    }

    /// Unwraps options, boxes and newtypes around a JSON value.
    fn unwrap(&self, at: &mut PathStep) {
        loop {
            let ty = at.end.ty.clone();
            if let Some(inner) = argument(&ty, "Option") {
                at.option("as_ref", None);
                at.end.ty = inner.clone();
            } else if let Some(inner) = argument(&ty, "Nullable") {
                at.option("as_option", Some("into_option"));
                at.end.ty = inner.clone();
            } else if let Some(inner) = argument(&ty, "Box") {
                at.deref(None);
                at.end.ty = inner.clone();
            } else if let Some(inner) = self.struct_of(&ty).and_then(newtype) {
                at.deref(Some(&self.seen_from_outside(&inner)));
                at.end.ty = inner;
            } else {
                return;
            }
        }
    }

    fn enter(&self, at: &mut PathStep, name: &str) -> Result<(), PathError> {
        let Some(found) = self.struct_of(&at.end.ty) else {
            return Err(PathError::NoProperties {
                ty: display_type(&at.end.ty),
                name: name.to_owned(),
            });
        };
        let Fields::Named(fields) = &found.fields else {
            return Err(PathError::NoProperties {
                ty: found.ident.to_string(),
                name: name.to_owned(),
            });
        };
        let field = fields
            .named
            .iter()
            .find(|field| wire_name(field).as_deref() == Some(name));
        let Some((field, ident)) = field.and_then(|field| Some((field, field.ident.as_ref()?)))
        else {
            return Err(PathError::UnknownProperty {
                ty: found.ident.to_string(),
                name: name.to_owned(),
                known: fields.named.iter().filter_map(wire_name).collect(),
            });
        };
        at.field(ident);
        at.end.ty = field.ty.clone();
        Ok(())
    }

    fn struct_of(&self, ty: &Type) -> Option<ItemStruct> {
        let Type::Path(path) = ty else { return None };
        let last = path.path.segments.last()?;
        // Only `types::X`, and `X` in that module, is a generated type.
        let own = path.path.segments.len() == 1
            || path
                .path
                .segments
                .iter()
                .any(|segment| segment.ident == "types");
        own.then(|| self.0.structure(&last.ident.to_string()))
            .flatten()
    }
}

/// Qualifies the names of the module `types`.
struct QualifiedPaths<'a>(&'a Types);

impl VisitMut for QualifiedPaths<'_> {
    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        visit_mut::visit_type_path_mut(self, ty);
        let segments = &ty.path.segments;
        let is_own = |name: &syn::Ident| self.0.declares(&name.to_string());
        if ty.path.leading_colon.is_none()
            && segments.len() == 1
            && segments
                .first()
                .is_some_and(|segment| is_own(&segment.ident))
        {
            ty.path.segments.insert(0, parse_quote!(types));
        }
    }
}

/// The expression for the tokens that were followed so far.
struct PathStep {
    end: PathTarget,
    by: Access,
}

impl PathStep {
    fn field(&mut self, ident: &syn::Ident) {
        let expr = &self.end.expr;
        self.end.expr = match (self.end.optional, self.by) {
            (false, _) => quote!(#expr.#ident),
            (true, Access::Value) => quote!(#expr.map(|value| value.#ident)),
            (true, Access::Reference) => quote!(#expr.map(|value| &value.#ident)),
        };
        self.end.borrowed = self.end.optional && self.by == Access::Reference;
    }

    /// Unwraps a type with an optional value. The methods convert it to an `Option`.
    fn option(&mut self, borrow: &str, take: Option<&str>) {
        let expr = &self.end.expr;
        let borrow = format_ident!("{borrow}");
        let take = take.map(|take| format_ident!("{take}"));
        self.end.expr = match (self.end.optional, self.by, take) {
            (false, Access::Value, None) => quote!(#expr),
            (false, Access::Value, Some(take)) => quote!(#expr.#take()),
            (false, Access::Reference, _) => quote!(#expr.#borrow()),
            (true, Access::Value, None) => quote!(#expr.flatten()),
            (true, Access::Value, Some(take)) => quote!(#expr.and_then(|value| value.#take())),
            (true, Access::Reference, _) => quote!(#expr.and_then(|value| value.#borrow())),
        };
        self.end.optional = true;
        self.end.borrowed = self.by == Access::Reference;
    }

    /// Unwraps a box, or a newtype around this type.
    fn deref(&mut self, newtype: Option<&Type>) {
        let expr = &self.end.expr;
        self.end.expr = match (self.end.optional, self.by, newtype) {
            (false, Access::Value, None) => quote!((*#expr)),
            (false, Access::Value, Some(inner)) => quote!(<#inner>::from(#expr)),
            (false, Access::Reference, _) if self.end.borrowed => quote!((**#expr)),
            (false, Access::Reference, _) => quote!((*#expr)),
            (true, Access::Value, None) => quote!(#expr.map(|value| *value)),
            (true, Access::Value, Some(inner)) => quote!(#expr.map(<#inner>::from)),
            (true, Access::Reference, _) => quote!(#expr.map(|value| &**value)),
        };
        self.end.borrowed = self.end.optional && self.by == Access::Reference;
    }
}

/// Returns the single argument of a generic type with this name.
pub(super) fn argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match (last.ident == name, arguments.args.first()) {
        (true, Some(GenericArgument::Type(inner))) => Some(inner),
        _ => None,
    }
}

/// Returns the last segment of the path of a type.
pub(super) fn name_of(ty: &Type) -> String {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.map(|segment| segment.ident.to_string())
                .unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// Formats a type for messages.
pub(super) fn display_type(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    text.replace("::std::string::", "")
        .replace("::std::vec::", "")
}

/// Returns the type in a newtype struct.
fn newtype(item: ItemStruct) -> Option<Type> {
    match item.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Some(fields.unnamed.into_iter().next()?.ty)
        }
        _ => None,
    }
}

/// Returns the name of a field in JSON.
fn wire_name(field: &syn::Field) -> Option<String> {
    let renamed = field.attrs.iter().find_map(renamed);
    renamed.or_else(|| Some(field.ident.as_ref()?.to_string()))
}

fn renamed(attribute: &Attribute) -> Option<String> {
    if !attribute.path().is_ident("serde") {
        return None;
    }
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    let metas = attribute.parse_args_with(parse).ok()?;
    metas.iter().find_map(|meta| match meta {
        Meta::NameValue(pair) if pair.path.is_ident("rename") => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use quote::quote;

    use super::{Access, TypePaths, display_type};
    use crate::layout::GeneratedCode;
    use crate::lower::NameMangler;

    #[test]
    fn pointers_become_expressions_by_value_and_by_reference() {
        let code = quote! { pub mod types {
                pub struct Page {
                    #[serde(rename = "nextPage")]
                    pub next_page: Option<Cursor>,
                    pub data: Option<Box<Data>>,
                    pub meta: Data,
                }
                pub struct Cursor(String);
                pub struct Data { pub items: List, pub next: Option<Cursor> }
                pub struct List(pub Vec<Item>);
                pub enum Item {}
        } };
        let (_, types) = GeneratedCode::new(code, &NameMangler::default()).unwrap();
        let types = TypePaths(&types);
        let page = parse_quote!(types::Page);
        for (pointer, by, expr, ty) in [
            (
                "/meta/items",
                Access::Value,
                "<Vec<types::Item>>::from(page.meta.items)",
                "Vec<Item>",
            ),
            (
                "/data/items",
                Access::Value,
                "page.data.map(|value|*value).map(|value|value.items).map(<Vec<types::Item>>::from)",
                "Vec<Item>",
            ),
            (
                "/meta/items",
                Access::Reference,
                "(*page.meta.items)",
                "Vec<Item>",
            ),
            (
                "/nextPage",
                Access::Reference,
                "page.next_page.as_ref().map(|value|&**value)",
                "String",
            ),
        ] {
            let end = types.follow("page", &page, pointer, by).unwrap();
            assert_eq!(end.expr.to_string().replace(' ', ""), expr);
            assert_eq!(display_type(&end.ty), ty);
        }
        let lost = types.follow("page", &page, "/meta/nothing", Access::Value);
        let expected = "`Data` has no property `nothing`; its properties: `items`, `next`";
        assert_eq!(
            lost.err().map(|error| error.to_string()).as_deref(),
            Some(expected)
        );
        let lost = types.follow("page", &page, "/nextPage/deeper", Access::Value);
        let expected = "`String` has no properties, so there is no `deeper`";
        assert_eq!(
            lost.err().map(|error| error.to_string()).as_deref(),
            Some(expected)
        );
    }
}
