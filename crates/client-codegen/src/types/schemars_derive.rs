//! Derives `JsonSchema` for the generated types, behind the cargo feature `schemars`.
//!
//! A generated `Deserialize` may check constraints that the fields do not show. They are extracted from the
//! generated code and added to the schema.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Ident, MacroDelimiter, Meta, MetaList, Path, Token};

use super::checks::{ValueCheck, checks};
use crate::ast::string_literal;
use crate::doc_comments;
use crate::error::GenerateError;

/// The derive that progenitor adds to generated types, as a placeholder.
///
/// typify would recognize the real name and implement the trait of an old version of schemars for some types.
pub(crate) const SCHEMA_DERIVE: &str = "generated::JsonSchema";

/// Replaces the placeholder by a derive behind the cargo feature, and adds the constraints.
pub(crate) fn derive_on_demand(file: &mut syn::File) -> Result<(), GenerateError> {
    let mut rewrite = FeatureGatedDerive {
        checks: checks(file),
        failed: None,
    };
    rewrite.visit_file_mut(file);
    match rewrite.failed {
        Some(error) => Err(GenerateError::UnexpectedCode(error.to_string())),
        None => Ok(()),
    }
}

struct FeatureGatedDerive {
    checks: BTreeMap<Ident, ValueCheck>,
    failed: Option<syn::Error>,
}

impl VisitMut for FeatureGatedDerive {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        match take_derive(&mut item.attrs) {
            Ok(true) => {
                item.attrs
                    .push(on_demand(quote!(derive(::schemars::JsonSchema))));
                if let Some(check) = self.checks.get(&item.ident) {
                    item.attrs.extend(check.attribute());
                }
                item.attrs.extend(required(&item.fields));
            }
            Ok(false) => {}
            Err(error) => self.failed = Some(error),
        }
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        match take_derive(&mut item.attrs) {
            Ok(true) => item
                .attrs
                .push(on_demand(quote!(derive(::schemars::JsonSchema)))),
            Ok(false) => {}
            Err(error) => self.failed = Some(error),
        }
        visit_mut::visit_item_enum_mut(self, item);
    }
}

/// Returns an attribute that depends on the cargo feature.
fn on_demand(attribute: TokenStream) -> Attribute {
    doc_comments::outer(Meta::List(MetaList {
        path: Ident::new("cfg_attr", Span::call_site()).into(),
        delimiter: MacroDelimiter::Paren(Default::default()),
        tokens: quote!(feature = "schemars", #attribute),
    }))
}

/// Removes the placeholder from the derives. Returns whether it was present.
fn take_derive(attributes: &mut [Attribute]) -> syn::Result<bool> {
    let mut found = false;
    for attribute in attributes
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let paths = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)?;
        let kept = paths.iter().filter(|path| {
            path.segments
                .last()
                .is_none_or(|segment| segment.ident != "JsonSchema")
        });
        let kept: Vec<&Path> = kept.collect();
        if kept.len() < paths.len() {
            found = true;
            if let Meta::List(derive) = &mut attribute.meta {
                derive.tokens = quote!(#(#kept),*);
            }
        }
    }
    Ok(found)
}

/// Marks required nullable fields, which the derive would treat as optional.
fn required(fields: &syn::Fields) -> Option<Attribute> {
    let is_strict = |field: &syn::Field| {
        serde(field)
            .iter()
            .any(|meta| meta.path().is_ident("deserialize_with"))
    };
    if !fields.iter().any(is_strict) {
        return None;
    }
    let names = fields.iter().filter_map(|field| {
        let metas = serde(field);
        let is = |name: &str| metas.iter().any(|meta| meta.path().is_ident(name));
        if ["default", "flatten", "skip_serializing_if"]
            .into_iter()
            .any(is)
        {
            return None;
        }
        let renamed = metas.iter().find_map(|meta| match meta {
            Meta::NameValue(pair) if pair.path.is_ident("rename") => string_literal(&pair.value),
            _ => None,
        });
        renamed.or_else(|| Some(field.ident.as_ref()?.to_string()))
    });
    let names: Vec<String> = names.collect();
    Some(on_demand(
        quote!(schemars(extend("required" = [#(#names),*]))),
    ))
}

/// Returns the `#[serde(...)]` entries of a field.
fn serde(field: &syn::Field) -> Vec<Meta> {
    let attributes = field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"));
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    attributes
        .filter_map(|attribute| attribute.parse_args_with(parse).ok())
        .flatten()
        .collect()
}
