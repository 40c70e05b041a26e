//! Generates `parameters.rs`: the bounds and defaults of parameters as constants.
//!
//! The generated types do not express them. Hand-written code can use the constants to reject invalid
//! arguments before sending a request.

use openapi_contract::model::{Bound, Contract, Num, Schema};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::parse_quote;

use super::modules::ItemGroup;
use crate::client_ir::Operation;

/// Generates a module for each operation, with a constant for each bound and default.
pub(super) fn modules(operations: &[Operation], contract: &Contract) -> Vec<ItemGroup> {
    let parts = operations.iter().filter_map(|operation| {
        let constants: Vec<TokenStream> = operation
            .plan
            .parameters
            .iter()
            .flat_map(|parameter| {
                let schema = contract.schemas.get(parameter.schema);
                constants(&parameter.setter, &parameter.name, schema)
            })
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
fn constants(setter: &str, name: &str, schema: &Schema) -> Vec<TokenStream> {
    let is_only_integer = schema
        .types()
        .iter()
        .all(|ty| matches!(*ty, "integer" | "null"));
    let Some(rules) = schema.number.as_deref().filter(|_| is_only_integer) else {
        return Vec::new();
    };
    let number = |bound: Option<Bound>| match bound?.value {
        Num::Int(value) => i64::try_from(value).ok(),
        Num::Float(_) => None,
    };
    // The range of a format is no bound of the contract.
    let is_of_format = |value: i64| match rules.format.as_deref() {
        Some("int32") => [i64::from(i32::MIN), i64::from(i32::MAX)].contains(&value),
        Some("int64") => value == i64::MIN || value == i64::MAX,
        Some(_) => true,
        None => false,
    };
    let bound = |bound| number(bound).filter(|value| !is_of_format(*value));
    let default = schema.annotations().default.as_ref();
    let bounds = [
        ("MIN", "The minimum of", bound(rules.minimum)),
        ("MAX", "The maximum of", bound(rules.maximum)),
        (
            "DEFAULT",
            "The default of",
            default.and_then(serde_json::Value::as_i64),
        ),
    ];
    let base = setter
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
