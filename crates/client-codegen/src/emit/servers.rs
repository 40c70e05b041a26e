//! The servers of the contract.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

use crate::client_plan::ServerPlan;

/// Returns the constant with the servers; nothing if the contract declares none.
pub(crate) fn constant(servers: &[ServerPlan]) -> Option<Item> {
    if servers.is_empty() {
        return None;
    }
    let servers = servers.iter().map(server);
    Some(parse_quote! {
        /// The servers of the contract. `SERVERS[0].url()` is the base URL of the first.
        pub const SERVERS: &[openapi_client_runtime::Server] = &[#(#servers),*];
    })
}

fn server(server: &ServerPlan) -> TokenStream {
    let ServerPlan {
        url,
        description,
        variables,
    } = server;
    let variables = variables.iter().map(|variable| {
        let (name, default, values) = (&variable.name, &variable.default, &variable.values);
        quote! {
            openapi_client_runtime::ServerVariable {
                name: #name,
                default: #default,
                values: &[#(#values),*],
            }
        }
    });
    quote! {
        openapi_client_runtime::Server {
            url: #url,
            description: #description,
            variables: &[#(#variables),*],
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::constant;
    use crate::client_plan::{ServerPlan, ServerVariablePlan};

    #[test]
    fn servers_are_a_constant_with_their_variables() {
        assert!(constant(&[]).is_none());
        let server = ServerPlan {
            url: "https://{area}.example.com".to_owned(),
            description: "Live".to_owned(),
            variables: vec![ServerVariablePlan {
                name: "area".to_owned(),
                default: "eu".to_owned(),
                values: vec!["eu".to_owned(), "us".to_owned()],
            }],
        };
        let code = constant(&[server]).into_token_stream().to_string();
        let server = "openapi_client_runtime::Server{url:\"https://{area}.example.com\",description:\"Live\",\
             variables:&[openapi_client_runtime::ServerVariable{name:\"area\",default:\"eu\",values:&[\"eu\",\"us\"],}],}";
        assert!(code.replace(' ', "").contains(server), "{code}");
    }
}
