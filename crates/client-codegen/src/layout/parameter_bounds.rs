//! Generates `parameters.rs`: the bounds and defaults of parameters as constants.
//!
//! The generated types do not express them. Hand-written code can use the constants to reject invalid
//! arguments before sending a request.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::parse_quote;

use super::modules::ItemGroup;
use crate::client_ir::{Operation, Parameter};

/// Generates a module for each operation, with a constant for each bound and default.
pub(super) fn modules(operations: &[Operation], document: &Value) -> Vec<ItemGroup> {
    let parts = operations.iter().filter_map(|operation| {
        let constants: Vec<TokenStream> = operation
            .parameters
            .iter()
            .filter_map(|parameter| {
                let schema = schema_of(document, operation, parameter)?;
                Some(constants(&parameter.ident, &parameter.name, schema))
            })
            .flatten()
            .collect();
        if constants.is_empty() {
            return None;
        }
        let name: Ident = syn::parse_str(&operation.method).ok()?;
        let doc = format!(
            " Bounds and defaults of the parameters of `{}`.",
            operation.plan.id
        );
        Some(ItemGroup {
            name: operation.method.clone(),
            items: vec![parse_quote! {
                #[doc = #doc]
                pub mod #name {
                    #(#constants)*
                }
            }],
        })
    });
    parts.collect()
}

/// Generates the constants of an integer parameter.
fn constants(ident: &Ident, name: &str, schema: &Value) -> Vec<TokenStream> {
    if schema.get("type").and_then(Value::as_str) != Some("integer") {
        return Vec::new();
    }
    let number = |key: &str| schema.get(key).and_then(Value::as_i64);
    let excludes = |key: &str| schema.get(key).and_then(Value::as_bool) == Some(true);
    let min =
        number("minimum").and_then(|min| min.checked_add(i64::from(excludes("exclusiveMinimum"))));
    let max =
        number("maximum").and_then(|max| max.checked_sub(i64::from(excludes("exclusiveMaximum"))));
    let bounds = [
        ("MIN", "The minimum of", min),
        ("MAX", "The maximum of", max),
        ("DEFAULT", "The default of", number("default")),
    ];
    let base = ident
        .to_string()
        .trim_start_matches("r#")
        .trim_end_matches('_')
        .to_uppercase();
    bounds
        .into_iter()
        .filter_map(|(suffix, doc_start, value)| {
            let value = Literal::i64_unsuffixed(value?);
            let constant = format_ident!("{base}_{suffix}");
            let doc = format!(" {doc_start} `{name}`.");
            Some(quote! {
                #[doc = #doc]
                pub const #constant: i64 = #value;
            })
        })
        .collect()
}

/// Returns the schema of a parameter in the contract. Parameters of the operation override those of the path.
fn schema_of<'a>(
    document: &'a Value,
    operation: &Operation,
    parameter: &Parameter,
) -> Option<&'a Value> {
    let item = document.get("paths")?.get(&operation.plan.path)?;
    let own = item.get(operation.plan.http_method)?;
    let declared = [own, item]
        .into_iter()
        .filter_map(|level| level.get("parameters")?.as_array())
        .flatten()
        .filter_map(|declared| resolve(document, declared))
        .find(|declared| {
            declared.get("name").and_then(Value::as_str) == Some(&parameter.name)
                && declared.get("in").and_then(Value::as_str)
                    == Some(parameter.location.to_string().as_str())
        })?;
    resolve(document, declared.get("schema")?)
}

/// Resolves references up to a maximum depth.
fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> Option<&'a Value> {
    for _ in 0..16 {
        match value.get("$ref").and_then(Value::as_str) {
            Some(target) => value = document.pointer(target.strip_prefix('#')?)?,
            None => return Some(value),
        }
    }
    None
}
