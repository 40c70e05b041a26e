//! How methods take values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

/// An argument of a method.
pub(super) struct Argument {
    /// The generic parameters that the method needs for it.
    pub(super) generics: TokenStream,
    pub(super) ty: TokenStream,
    /// The expression that makes JSON of the argument `value`: a `Value`, or an `Option<Value>` of an optional one.
    pub(super) json: TokenStream,
}

/// How values of a type are passed.
enum Passing<'t> {
    /// Numbers, booleans and `()`.
    Value,
    /// Strings, as `&str`.
    Text,
    /// Types that the client declares, some of which are small enums. Both values and references are accepted.
    Declared,
    /// An `Option` of this.
    Nullable(&'t Type),
    Reference,
}

impl<'t> Passing<'t> {
    fn of(ty: &'t Type) -> Self {
        let path = match ty {
            Type::Path(path) => &path.path,
            Type::Tuple(tuple) if tuple.elems.is_empty() => return Self::Value,
            _ => return Self::Reference,
        };
        let Some(last) = path.segments.last() else {
            return Self::Reference;
        };
        if path.segments.len() > 1 && path.segments[0].ident == "types" {
            return Self::Declared;
        }
        match &last.arguments {
            PathArguments::None if last.ident == "String" => Self::Text,
            PathArguments::None if is_scalar(&last.ident) => Self::Value,
            PathArguments::AngleBracketed(generic) if last.ident == "Option" => {
                match generic.args.first() {
                    Some(GenericArgument::Type(inner)) => Self::Nullable(inner),
                    _ => Self::Reference,
                }
            }
            _ => Self::Reference,
        }
    }
}

/// Whether a type of the standard library is a number or a boolean.
fn is_scalar(name: &syn::Ident) -> bool {
    let name = name.to_string();
    let name = name.strip_prefix("NonZero").unwrap_or(&name);
    let scalars = [
        "bool", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
        "u64", "u128", "usize",
    ];
    scalars.contains(&name.to_ascii_lowercase().as_str())
}

impl Argument {
    /// A body.
    pub(super) fn body(ty: &Type) -> Self {
        match Passing::of(ty) {
            Passing::Declared => Self::new(quote!(&#ty), quote!(json(value))),
            _ => Self::required(ty),
        }
    }

    /// A required parameter.
    pub(super) fn required(ty: &Type) -> Self {
        match Passing::of(ty) {
            Passing::Value => Self::new(quote!(#ty), quote!(json(&value))),
            Passing::Text => Self::new(quote!(&str), quote!(json(value))),
            Passing::Reference => Self::new(quote!(&#ty), quote!(json(value))),
            Passing::Declared => Self::new(
                quote!(impl ::std::borrow::Borrow<#ty>),
                quote!(json::<#ty>(value.borrow())),
            ),
            Passing::Nullable(inner) => {
                let held = held(inner, &TokenStream::new());
                Self::new(quote!(Option<#held>), quote!(json(&value)))
            }
        }
    }

    /// An optional parameter.
    pub(super) fn optional(ty: &Type) -> Self {
        let lifetime = quote!('a);
        let generics = match Passing::of(ty) {
            Passing::Declared => {
                return Self::new(
                    quote!(impl Expected<#ty>),
                    quote!(Expected::<#ty>::into_json(value)),
                );
            }
            Passing::Value => TokenStream::new(),
            Passing::Text | Passing::Reference | Passing::Nullable(_) => quote!(<'a>),
        };
        let held = match Passing::of(ty) {
            Passing::Nullable(_) => quote!(&'a #ty),
            _ => held(ty, &lifetime),
        };
        Self {
            generics,
            ty: quote!(impl Into<Option<#held>>),
            json: quote!(value.into().map(|value| json(&value))),
        }
    }

    fn new(ty: TokenStream, json: TokenStream) -> Self {
        Self {
            generics: TokenStream::new(),
            ty,
            json,
        }
    }
}

/// What an `Option` holds for a value of a type.
fn held(ty: &Type, lifetime: &TokenStream) -> TokenStream {
    match Passing::of(ty) {
        Passing::Value => quote!(#ty),
        Passing::Text => quote!(&#lifetime str),
        Passing::Declared | Passing::Reference | Passing::Nullable(_) => quote!(&#lifetime #ty),
    }
}

#[cfg(test)]
mod tests {
    use syn::{Type, parse_quote};

    use super::Argument;

    #[test]
    fn small_values_are_passed_by_value_and_others_by_reference() {
        let cases: [[Type; 4]; 7] = [
            [
                parse_quote!(i64),
                parse_quote!(i64),
                parse_quote!(i64),
                parse_quote!(impl Into<Option<i64>>),
            ],
            [
                parse_quote!(::std::num::NonZeroU64),
                parse_quote!(::std::num::NonZeroU64),
                parse_quote!(::std::num::NonZeroU64),
                parse_quote!(impl Into<Option<::std::num::NonZeroU64>>),
            ],
            [
                parse_quote!(()),
                parse_quote!(()),
                parse_quote!(()),
                parse_quote!(impl Into<Option<()>>),
            ],
            [
                parse_quote!(::std::string::String),
                parse_quote!(&str),
                parse_quote!(&str),
                parse_quote!(impl Into<Option<&'a str>>),
            ],
            [
                parse_quote!(types::Kind),
                parse_quote!(&types::Kind),
                parse_quote!(impl ::std::borrow::Borrow<types::Kind>),
                parse_quote!(impl Expected<types::Kind>),
            ],
            [
                parse_quote!(Vec<i64>),
                parse_quote!(&Vec<i64>),
                parse_quote!(&Vec<i64>),
                parse_quote!(impl Into<Option<&'a Vec<i64>>>),
            ],
            [
                parse_quote!(Option<String>),
                parse_quote!(Option<&str>),
                parse_quote!(Option<&str>),
                parse_quote!(impl Into<Option<&'a Option<String>>>),
            ],
        ];
        for [ty, body, required, optional] in cases {
            let parsed = |argument: Argument| syn::parse2::<Type>(argument.ty).unwrap();
            assert_eq!(parsed(Argument::body(&ty)), body);
            assert_eq!(parsed(Argument::required(&ty)), required);
            assert_eq!(parsed(Argument::optional(&ty)), optional);
        }
    }
}
