//! Writes `schemas.rs`: the client's own view of the API, to be compared with the contract.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse_quote;

use crate::operations::Operation;

/// The module with the schemas of all answers, parameters and request bodies.
pub(super) fn module(operations: &[Operation]) -> syn::File {
    let declarations = declarations();
    let responses = operations.iter().flat_map(responses);
    let parameters = operations.iter().flat_map(parameters);
    let bodies = operations.iter().filter_map(body);
    parse_quote! {
        use super::types;
        use ::schemars::generate::SchemaSettings;
        use ::schemars::{JsonSchema, Schema};

        #declarations

        /// What the client can read, for every declared answer with a JSON body.
        ///
        /// The types are those of the generated methods. An answer that is missing here is one
        /// whose body the client does not parse.
        pub fn response_schemas() -> Vec<ResponseSchema> {
            Vec::from([#(#responses),*])
        }

        /// What the client can send in each parameter.
        pub fn parameter_schemas() -> Vec<ParameterSchema> {
            Vec::from([#(#parameters),*])
        }

        /// What the client can send as a body. Bodies of raw bytes or text have no schema.
        pub fn request_body_schemas() -> Vec<RequestBodySchema> {
            Vec::from([#(#bodies),*])
        }

        fn read<T: JsonSchema>() -> Schema {
            SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>()
        }

        fn sent<T: JsonSchema>() -> Schema {
            SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
        }
    }
}

fn responses(operation: &Operation) -> impl Iterator<Item = TokenStream> {
    let id = &operation.id;
    operation.responses.iter().map(move |response| {
        let (status, ty) = (&response.status, &response.ty);
        quote! {
            ResponseSchema { operation_id: #id, status: #status, schema: read::<#ty>() }
        }
    })
}

fn parameters(operation: &Operation) -> impl Iterator<Item = TokenStream> {
    let id = &operation.id;
    operation.parameters.iter().map(move |parameter| {
        let (name, location) = (&parameter.name, parameter.location.name());
        let (required, ty) = (parameter.required, &parameter.ty);
        quote! {
            ParameterSchema {
                operation_id: #id,
                location: #location,
                name: #name,
                required: #required,
                schema: sent::<#ty>(),
            }
        }
    })
}

fn body(operation: &Operation) -> Option<TokenStream> {
    let (id, body) = (&operation.id, operation.body.as_ref()?);
    let (media_type, ty) = (&body.media_type, &body.ty);
    Some(quote! {
        RequestBodySchema { operation_id: #id, media_type: #media_type, schema: sent::<#ty>() }
    })
}

fn declarations() -> TokenStream {
    quote! {
        /// What the client can read as the body of an answer.
        #[derive(Debug, Clone)]
        pub struct ResponseSchema {
            /// The operation's id in the contract.
            pub operation_id: &'static str,
            /// The status as the contract declares it: `200`, `4XX` or `default`.
            pub status: &'static str,
            /// A JSON Schema of draft 2020-12.
            pub schema: Schema,
        }

        /// What the client can send in a parameter.
        #[derive(Debug, Clone)]
        pub struct ParameterSchema {
            /// The operation's id in the contract.
            pub operation_id: &'static str,
            /// `path`, `query` or `header`.
            pub location: &'static str,
            /// The name on the wire.
            pub name: &'static str,
            /// Whether the client always sends it.
            pub required: bool,
            /// A JSON Schema of draft 2020-12.
            pub schema: Schema,
        }

        /// What the client can send as a body.
        #[derive(Debug, Clone)]
        pub struct RequestBodySchema {
            /// The operation's id in the contract.
            pub operation_id: &'static str,
            /// The media type that it is sent as.
            pub media_type: &'static str,
            /// A JSON Schema of draft 2020-12.
            pub schema: Schema,
        }
    }
}
