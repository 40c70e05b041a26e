//! Optional properties for which typify does not distinguish a missing from a null or empty value.
//!
//! typify generates an `Option` for an optional nullable property and omits it if it is `None`, so null cannot be
//! sent. It generates a `Vec` for an optional array and omits it if it is empty, so an empty array cannot be
//! sent. Here the first becomes a `Nullable` and the second an `Option`: in the type, in its builder, and in the
//! code that constructs values.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, Field, Fields, GenericArgument, Ident, ImplItem, Item, Meta, Path, PathArguments, Token,
    Type, TypeParamBound, WherePredicate, parse_quote,
};

use crate::optional_property_markers::{EMPTY_MARK, NULL_MARK, WRAP_MARK};

/// An `Option` of any JSON value, as printed tokens.
pub(super) const UNTYPED: &str = ":: std :: option :: Option < :: serde_json :: Value >";

/// The new type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PropertyKind {
    /// A `Nullable`, unless it is any JSON value.
    Nullable,
    /// An `Option` around the array or map.
    List,
}

/// The fields whose types change, by struct or enum variant.
#[derive(Debug, Default)]
pub(crate) struct OptionalProperties {
    of: HashMap<String, HashMap<String, PropertyKind>>,
}

impl OptionalProperties {
    /// Reads the absence markers in the declaration of a type.
    pub(crate) fn add(&mut self, name: &str, declaration: &[TokenTree]) {
        let body = declaration.iter().find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        });
        if let Some(body) = body {
            self.read(name, body.stream());
        }
    }

    /// Reads the fields of a struct or variant, or the variants of an enum.
    fn read(&mut self, owner: &str, body: TokenStream) {
        let mut attributes: Vec<Group> = Vec::new();
        let mut last: Option<Ident> = None;
        for token in body {
            match token {
                TokenTree::Ident(ident) => last = Some(ident),
                TokenTree::Group(group) => match (group.delimiter(), last.take()) {
                    (Delimiter::Bracket, _) => attributes.push(group),
                    (Delimiter::Brace, Some(variant)) => {
                        self.read(&format!("{owner}::{variant}"), group.stream());
                    }
                    _ => {}
                },
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    // A path has two colons.
                    let field = last.take().filter(|_| punct.spacing() == Spacing::Alone);
                    if let Some((field, kind)) = field.zip(kind(&attributes)) {
                        let of = self.of.entry(owner.to_owned()).or_default();
                        of.insert(field.to_string(), kind);
                    }
                    attributes.clear();
                }
                TokenTree::Punct(punct) if punct.as_char() == ',' => attributes.clear(),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Returns whether some fields become `Nullable`.
    pub(crate) fn have_nullable(&self) -> bool {
        let mut kinds = self.of.values().flat_map(HashMap::values);
        kinds.any(|kind| *kind == PropertyKind::Nullable)
    }

    /// Rewrites the fields in a part of the code to their new types.
    pub(crate) fn apply_nullable(&self, path: &str, file: &mut syn::File) {
        let at = DeclarationPatch {
            members: self,
            nullable: match path {
                "types" => parse_quote!(super::Nullable),
                _ => parse_quote!(super::super::Nullable),
            },
        };
        for item in &mut file.items {
            match (path, item) {
                ("types", item @ (Item::Struct(_) | Item::Enum(_))) => at.declaration(item),
                ("types/builder", item) => at.builder(item),
                (_, item) => ValuePatch(&at).visit_item_mut(item),
            }
        }
    }
}

/// Removes the absence markers from printed tokens.
pub(crate) fn unmarked(mut text: String) -> String {
    let [wrap, null, empty] = [WRAP_MARK, NULL_MARK, EMPTY_MARK].map(escaped);
    for mark in [format!("{null}{wrap}"), null, empty] {
        if text.contains(&mark) {
            text = text.replace(&format!("# [doc = \"{mark}\"]"), "");
            text = text.replace(&mark, "");
        }
    }
    text
}

/// Returns a marker as it is escaped in a literal.
fn escaped(mark: char) -> String {
    mark.escape_unicode().to_string()
}

/// Returns the new type of a field, from the markers in its attributes.
fn kind(attributes: &[Group]) -> Option<PropertyKind> {
    let marks = |mark: char| {
        let docs = attributes.iter().map(Group::to_string);
        let mut docs = docs.filter(|text| text.starts_with("[doc"));
        docs.any(|text| text.contains(&escaped(mark)))
    };
    let serde = attributes.iter().map(Group::to_string);
    let serde: String = serde.filter(|text| text.starts_with("[serde")).collect();
    let skips = serde.contains("skip_serializing_if");
    let is_option = serde.contains("\"::std::option::Option::is_none\"");
    // A recursive field is boxed and has only a default.
    let is_boxed = || !skips && serde.contains("default") && !serde.contains("default =");
    if skips && serde.contains("::is_empty\"") {
        (!marks(EMPTY_MARK)).then_some(PropertyKind::List)
    } else if is_option || is_boxed() {
        marks(NULL_MARK).then_some(PropertyKind::Nullable)
    } else {
        None
    }
}

/// A module in the generated code.
struct DeclarationPatch<'a> {
    members: &'a OptionalProperties,
    /// The path of `Nullable` in the module.
    nullable: Path,
}

impl DeclarationPatch<'_> {
    fn of(&self, owner: &str, member: Option<&Ident>) -> Option<PropertyKind> {
        let of = self.members.of.get(owner)?;
        of.get(&member?.to_string()).copied()
    }

    fn declaration(&self, item: &mut Item) {
        match item {
            Item::Struct(item) => self.fields(&item.ident.to_string(), &mut item.fields),
            Item::Enum(item) => {
                for variant in &mut item.variants {
                    let owner = format!("{}::{}", item.ident, variant.ident);
                    self.fields(&owner, &mut variant.fields);
                }
            }
            _ => {}
        }
    }

    fn fields(&self, owner: &str, fields: &mut Fields) {
        for field in fields {
            if is_untyped(&field.ty) {
                let present = "super::nullable::present";
                serde(
                    field,
                    &[
                        parse_quote!(default),
                        parse_quote!(deserialize_with = #present),
                    ],
                );
                continue;
            }
            let Some(kind) = self.of(owner, field.ident.as_ref()) else {
                continue;
            };
            self.retype(&mut field.ty, kind);
            let skips = match kind {
                PropertyKind::Nullable => "super::Nullable::is_absent",
                PropertyKind::List => "::std::option::Option::is_none",
            };
            serde(
                field,
                &[
                    parse_quote!(default),
                    parse_quote!(skip_serializing_if = #skips),
                ],
            );
        }
    }

    /// Changes the builder of a type.
    fn builder(&self, item: &mut Item) {
        match item {
            Item::Struct(item) => {
                let owner = item.ident.to_string();
                for field in &mut item.fields {
                    if let Some(kind) = self.of(&owner, field.ident.as_ref())
                        && let Some(ty) = argument(&mut field.ty)
                    {
                        self.retype(ty, kind);
                    }
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let owner = item.self_ty.to_token_stream().to_string();
                for item in &mut item.items {
                    if let ImplItem::Fn(setter) = item
                        && let Some(kind) = self.of(&owner, Some(&setter.sig.ident))
                        && let Some(ty) = converted(&mut setter.sig.generics)
                    {
                        self.retype(ty, kind);
                    }
                }
            }
            _ => {}
        }
    }

    fn retype(&self, ty: &mut Type, kind: PropertyKind) {
        match kind {
            PropertyKind::List => *ty = parse_quote!(::std::option::Option<#ty>),
            PropertyKind::Nullable if is_untyped(ty) => {}
            PropertyKind::Nullable => {
                let nullable = &self.nullable;
                let inner = match &*ty {
                    Type::Path(path) if is_option(&path.path) => argument(ty),
                    // A property that is always null is `()`.
                    _ => Some(&mut *ty),
                };
                if let Some(inner) = inner {
                    *ty = parse_quote!(#nullable<#inner>);
                }
            }
        }
    }
}

/// Changes the code that constructs values of the changed types.
struct ValuePatch<'a>(&'a DeclarationPatch<'a>);

impl VisitMut for ValuePatch<'_> {
    fn visit_expr_struct_mut(&mut self, value: &mut syn::ExprStruct) {
        visit_mut::visit_expr_struct_mut(self, value);
        let names = value.path.segments.iter().map(|segment| &segment.ident);
        let names: Vec<String> = names
            .filter(|name| *name != "super")
            .map(Ident::to_string)
            .collect();
        let owner = names.join("::");
        for field in &mut value.fields {
            let syn::Member::Named(name) = &field.member else {
                continue;
            };
            if let Some(kind) = self.0.of(&owner, Some(name)) {
                self.change(&mut field.expr, kind);
            }
        }
    }
}

impl ValuePatch<'_> {
    fn change(&self, value: &mut Expr, kind: PropertyKind) {
        let (function, argument) = match &*value {
            Expr::Call(call) => (&*call.func, call.args.first()),
            other => (other, None),
        };
        let name = match function {
            Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let nullable = &self.0.nullable;
        let changed: Expr = match (kind, name.as_deref(), argument) {
            // `Default::default()` is the missing property.
            (_, Some("default"), None) => return,
            (PropertyKind::List, ..) => parse_quote!(::std::option::Option::Some(#value)),
            (PropertyKind::Nullable, Some("None"), None) => parse_quote!(#nullable::Null),
            (PropertyKind::Nullable, Some("Some"), Some(inner)) if !is_json(inner) => {
                parse_quote!(#nullable::Value(#inner))
            }
            _ => return,
        };
        *value = changed;
    }
}

/// Returns whether an expression deserializes any JSON value.
fn is_json(value: &Expr) -> bool {
    let text = value.to_token_stream().to_string();
    text.contains("from_str :: < :: serde_json :: Value >")
}

fn is_option(path: &Path) -> bool {
    let last = path.segments.last();
    last.is_some_and(|last| last.ident == "Option")
}

fn is_untyped(ty: &Type) -> bool {
    ty.to_token_stream().to_string() == UNTYPED
}

/// Returns the first argument of a generic type.
fn argument(ty: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = ty else { return None };
    argument_of(&mut path.path)
}

/// Returns the first argument of a generic type or trait, given its path.
pub(crate) fn argument_of(path: &mut Path) -> Option<&mut Type> {
    let PathArguments::AngleBracketed(arguments) = &mut path.segments.last_mut()?.arguments else {
        return None;
    };
    match arguments.args.first_mut()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// Returns the type that a setter converts to: `X` in `where T: TryInto<X>`.
fn converted(generics: &mut syn::Generics) -> Option<&mut Type> {
    let WherePredicate::Type(first) = generics.where_clause.as_mut()?.predicates.first_mut()?
    else {
        return None;
    };
    match first.bounds.first_mut()? {
        TypeParamBound::Trait(bound) => argument_of(&mut bound.path),
        _ => None,
    }
}

/// Sets serde attributes of a field, replacing those with the same names.
fn serde(field: &mut Field, entries: &[Meta]) {
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    for attribute in &mut field.attrs {
        let Ok(mut metas) = attribute.parse_args_with(parse) else {
            continue;
        };
        if !attribute.path().is_ident("serde") {
            continue;
        }
        let is_kept = |meta: &Meta| entries.iter().all(|entry| entry.path() != meta.path());
        metas = metas.into_iter().filter(is_kept).collect();
        metas.extend(entries.iter().cloned());
        if let Meta::List(list) = &mut attribute.meta {
            list.tokens = metas.into_token_stream();
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::{EMPTY_MARK, NULL_MARK, OptionalProperties, WRAP_MARK, unmarked};
    use crate::pretty_print::print;

    /// Parses a declaration with markers and prints the result.
    fn generated_with(name: &str, code: TokenStream) -> (OptionalProperties, String) {
        let mut members = OptionalProperties::default();
        let tokens: Vec<_> = code.clone().into_iter().collect();
        members.add(name, &tokens);
        let text = rewrite(&members, "types", code);
        (members, text)
    }

    fn rewrite(members: &OptionalProperties, path: &str, code: TokenStream) -> String {
        let mut file = syn::parse_str(&unmarked(code.to_string())).unwrap();
        members.apply_nullable(path, &mut file);
        print(file).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn has(text: &str, parts: &[&str]) {
        for part in parts {
            assert!(text.contains(part), "`{part}` is not in `{text}`");
        }
    }

    fn change() -> TokenStream {
        let null = format!("{NULL_MARK}{WRAP_MARK}");
        let described = format!("{NULL_MARK}The name.");
        let empty = EMPTY_MARK.to_string();
        quote! {
            pub struct Change {
                #[doc = #described]
                #[serde(rename = "Name", skip_serializing_if = "::std::option::Option::is_none")]
                pub name: ::std::option::Option<::std::string::String>,
                #[doc = #null]
                #[serde(default)]
                pub next: ::std::option::Option<::std::boxed::Box<Change>>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub size: ::std::option::Option<u8>,
                #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                pub tags: ::std::vec::Vec<u8>,
                #[doc = #empty]
                #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                pub none: ::std::vec::Vec<u8>,
                #[doc = #null]
                #[serde(deserialize_with = "::std::option::Option::deserialize")]
                pub owner: ::std::option::Option<u8>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pub any: ::std::option::Option<::serde_json::Value>,
            }
        }
    }

    #[test]
    fn marked_fields_change_type() {
        let (members, text) = generated_with("Change", change());
        assert!(members.have_nullable());
        let absent = r#"skip_serializing_if = "super::Nullable::is_absent""#;
        let none = r#"skip_serializing_if = "::std::option::Option::is_none""#;
        has(
            &text,
            &[
                &format!(
                    r#"///The name. #[serde( rename = "Name", default, {absent} )] pub name: super::Nullable<::std::string::String>,"#
                ),
                &format!(
                    "#[serde(default, {absent})] pub next: super::Nullable<::std::boxed::Box<Change>>,"
                ),
                &format!("#[serde({none})] pub size: ::std::option::Option<u8>,"),
                &format!(
                    "#[serde(default, {none})] pub tags: ::std::option::Option<::std::vec::Vec<u8>>,"
                ),
                "pub none: ::std::vec::Vec<u8>,",
                "pub owner: ::std::option::Option<u8>,",
                &format!(
                    r#"#[serde( {none}, default, deserialize_with = "super::nullable::present" )] pub any"#
                ),
            ],
        );
    }

    #[test]
    fn marked_fields_of_variants_change_type() {
        let null = NULL_MARK.to_string();
        let (_, text) = generated_with(
            "Choice",
            quote! {
                pub enum Choice {
                    Circle {
                        #[doc = #null]
                        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                        radius: ::std::option::Option<f64>,
                    },
                    Square(::std::option::Option<f64>),
                }
            },
        );
        has(
            &text,
            &[
                "radius: super::Nullable<f64>,",
                "Square(::std::option::Option<f64>),",
            ],
        );
    }

    #[test]
    fn builders_follow_changed_types() {
        let (members, _) = generated_with("Change", change());
        let text = rewrite(
            &members,
            "types/builder",
            quote! {
                pub struct Change {
                    name: ::std::result::Result<::std::option::Option<::std::string::String>, ::std::string::String>,
                    tags: ::std::result::Result<::std::vec::Vec<u8>, ::std::string::String>,
                }
                impl Change {
                    pub fn name<T>(mut self, value: T) -> Self
                    where
                        T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                        T::Error: ::std::fmt::Display,
                    {
                        self
                    }
                }
            },
        );
        has(
            &text,
            &[
                "name: ::std::result::Result< super::super::Nullable<::std::string::String>, ::std::string::String, >,",
                "tags: ::std::result::Result< ::std::option::Option<::std::vec::Vec<u8>>, ::std::string::String, >,",
                "T: ::std::convert::TryInto<super::super::Nullable<::std::string::String>>,",
            ],
        );
    }

    #[test]
    fn constructed_values_follow_changed_types() {
        let (members, _) = generated_with("Change", change());
        let text = rewrite(
            &members,
            "types/defaults",
            quote! {
                pub(crate) fn all_change() -> super::Change {
                    super::Change {
                        name: ::std::option::Option::Some("a".to_string()),
                        next: ::std::option::Option::None,
                        size: ::std::option::Option::Some(1_u8),
                        tags: vec![1_u8],
                        none: Default::default(),
                    }
                }
            },
        );
        has(
            &text,
            &[
                r#"name: super::super::Nullable::Value("a".to_string()),"#,
                "next: super::super::Nullable::Null,",
                "size: ::std::option::Option::Some(1_u8),",
                "tags: ::std::option::Option::Some(vec![1_u8]),",
                "none: Default::default(),",
            ],
        );
    }
}
