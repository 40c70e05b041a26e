//! Response bodies that are a union, in which the status selects the variant.

use openapi_contract::rust_names;
use quote::{ToTokens, format_ident};
use syn::{Expr, Fields, Type, parse_quote};

use crate::lower::BodyByStatus;
use crate::types::Types;

/// Returns the expression that decodes a response as the variant of its status, or `None` if the union has
/// no such variant and the body is decoded by its content.
pub(super) fn read(
    arm: &Expr,
    response: &Expr,
    read: &BodyByStatus,
    types: &Types,
) -> Option<Expr> {
    let union = types.enumeration(&rust_names::type_name(&read.union))?;
    let member = rust_names::type_name(&read.alternative);
    let (variant, is_boxed) = union.variants.iter().find_map(|variant| {
        let Fields::Unnamed(fields) = &variant.fields else {
            return None;
        };
        let (name, is_boxed) = named(&fields.unnamed.first()?.ty)?;
        (fields.unnamed.len() == 1 && name == member).then_some((&variant.ident, is_boxed))
    })?;
    let union = &union.ident;
    let code = arm.to_token_stream().to_string();
    let is_error = code.contains("ErrorResponse");
    let is_read = code.contains("from_response");
    let function = match (is_read, is_error) {
        (true, true) => format_ident!("error_by_status"),
        (true, false) => format_ident!("success_by_status"),
        (false, _) => return None,
    };
    let into: Expr = if is_boxed {
        parse_quote!(|body| types::#union::#variant(Box::new(body)))
    } else {
        parse_quote!(types::#union::#variant)
    };
    Some(parse_quote!(super::sending::#function(#response, #into).await))
}

/// Returns the name of a type, and whether it is boxed.
fn named(ty: &Type) -> Option<(String, bool)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != "Box" {
        return Some((last.ident.to_string(), false));
    }
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => named(inner).map(|(name, _)| (name, true)),
        _ => None,
    }
}
