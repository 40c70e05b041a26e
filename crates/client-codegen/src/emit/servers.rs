//! The servers of the contract.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Item, parse_quote};

use crate::lower::walk;

/// Returns the constant with the servers; nothing if the contract declares none.
pub(crate) fn constant(document: &Value) -> Option<Item> {
    let servers: Vec<TokenStream> = walk::elements(document.get("servers"))
        .filter_map(server)
        .collect();
    if servers.is_empty() {
        return None;
    }
    Some(parse_quote! {
        /// The servers of the contract. `SERVERS[0].url()` is the base URL of the first.
        pub const SERVERS: &[openapi_client_runtime::Server] = &[#(#servers),*];
    })
}

fn server(server: &Value) -> Option<TokenStream> {
    let url = server.get("url")?.as_str()?;
    let description = text(server, "description");
    let variables = walk::entries(server.get("variables")).map(|(name, variable)| {
        let default = text(variable, "default");
        let values = walk::elements(variable.get("enum")).filter_map(Value::as_str);
        quote! {
            openapi_client_runtime::ServerVariable {
                name: #name,
                default: #default,
                values: &[#(#values),*],
            }
        }
    });
    Some(quote! {
        openapi_client_runtime::Server {
            url: #url,
            description: #description,
            variables: &[#(#variables),*],
        }
    })
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
