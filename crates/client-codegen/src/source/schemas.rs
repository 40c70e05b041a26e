//! Writes `schemas.rs`: the client's own view of the API, to be compared with the contract.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::parse_quote;

use super::groups::{Group, Groups};
use crate::operations::Operation;

/// How many entries a file has at most. Each is a few lines.
const ENTRIES: usize = 300;

/// The modules with the schemas of all answers, parameters and request bodies, and their paths.
pub(super) fn modules(operations: &[Operation], groups: &Groups) -> Vec<(String, syn::File)> {
    let entries = operations.iter().map(entries).sum::<usize>();
    if entries <= ENTRIES && groups.features().next().is_none() {
        return vec![("schemas".to_owned(), whole(operations))];
    }
    let files = deal(operations, groups);
    let gates = files.iter().map(|file| match &file.group.feature {
        Some(feature) => quote!(#[cfg(feature = #feature)]),
        None => quote!(),
    });
    let gates: Vec<TokenStream> = gates.collect();
    let names: Vec<Ident> = files
        .iter()
        .map(|file| format_ident!("{}", file.module))
        .collect();
    let declarations = declarations();
    let root = parse_quote! {
        #(#gates mod #names;)*

        #declarations

        /// What the client can read, for every declared answer with a JSON body.
        ///
        /// The types are those of the generated methods. An answer that is missing here is one
        /// whose body the client does not parse.
        pub fn response_schemas() -> Vec<ResponseSchema> {
            let mut all = Vec::new();
            #(#gates all.extend(#names::responses());)*
            all
        }

        /// What the client can send in each parameter.
        pub fn parameter_schemas() -> Vec<ParameterSchema> {
            let mut all = Vec::new();
            #(#gates all.extend(#names::parameters());)*
            all
        }

        /// What the client can send as a body. Bodies of raw bytes or text have no schema.
        pub fn request_body_schemas() -> Vec<RequestBodySchema> {
            let mut all = Vec::new();
            #(#gates all.extend(#names::bodies());)*
            all
        }
    };
    let mut modules = vec![("schemas/mod".to_owned(), root)];
    modules.extend(
        files
            .iter()
            .map(|file| (format!("schemas/{}", file.module), part(&file.operations))),
    );
    modules
}

/// The operations of one file.
struct File<'a> {
    module: String,
    group: &'a Group,
    operations: Vec<&'a Operation>,
}

fn deal<'a>(operations: &'a [Operation], groups: &'a Groups) -> Vec<File<'a>> {
    let mut files = Vec::new();
    for (at, group) in groups.all().iter().enumerate() {
        let own = operations
            .iter()
            .filter(|operation| groups.of_method(&operation.method) == at);
        let mut chunks: Vec<Vec<&Operation>> = Vec::new();
        let mut room = 0;
        for operation in own {
            let needed = entries(operation);
            match chunks.last_mut() {
                Some(chunk) if needed <= room => {
                    chunk.push(operation);
                    room -= needed;
                }
                _ => {
                    chunks.push(vec![operation]);
                    room = ENTRIES.saturating_sub(needed);
                }
            }
        }
        let is_alone = chunks.len() == 1;
        files.extend(
            chunks
                .into_iter()
                .enumerate()
                .map(|(number, operations)| File {
                    module: match is_alone {
                        true => group.module.clone(),
                        false => format!("{}_{}", group.module, number + 1),
                    },
                    group,
                    operations,
                }),
        );
    }
    files
}

fn entries(operation: &Operation) -> usize {
    operation.responses.len() + operation.parameters.len() + usize::from(operation.body.is_some())
}

/// The schemas of some of the operations.
fn part(operations: &[&Operation]) -> syn::File {
    let responses = operations.iter().flat_map(|operation| responses(operation));
    let parameters = operations
        .iter()
        .flat_map(|operation| parameters(operation));
    let bodies = operations.iter().filter_map(|operation| body(operation));
    parse_quote! {
        use super::*;
        use super::super::types;

        pub(super) fn responses() -> Vec<ResponseSchema> {
            Vec::from([#(#responses),*])
        }

        pub(super) fn parameters() -> Vec<ParameterSchema> {
            Vec::from([#(#parameters),*])
        }

        pub(super) fn bodies() -> Vec<RequestBodySchema> {
            Vec::from([#(#bodies),*])
        }
    }
}

/// The one module of a contract that is not large.
fn whole(operations: &[Operation]) -> syn::File {
    let declarations = declarations();
    let responses = operations.iter().flat_map(responses);
    let parameters = operations.iter().flat_map(parameters);
    let bodies = operations.iter().filter_map(body);
    parse_quote! {
        use super::types;

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
    }
}

fn responses(operation: &Operation) -> impl Iterator<Item = TokenStream> {
    let id = &operation.id;
    operation.responses.iter().map(move |response| {
        let (status, ty) = (&response.status, &response.ty);
        quote! {
            response::<#ty>(#id, #status)
        }
    })
}

fn parameters(operation: &Operation) -> impl Iterator<Item = TokenStream> {
    let id = &operation.id;
    operation.parameters.iter().map(move |parameter| {
        let (name, location) = (&parameter.name, parameter.location.name());
        let (required, ty) = (parameter.required, &parameter.ty);
        quote! {
            parameter::<#ty>(#id, #location, #name, #required)
        }
    })
}

fn body(operation: &Operation) -> Option<TokenStream> {
    let (id, body) = (&operation.id, operation.body.as_ref()?);
    let (media_type, ty) = (&body.media_type, &body.ty);
    Some(quote! {
        body::<#ty>(#id, #media_type)
    })
}

fn declarations() -> TokenStream {
    quote! {
        use ::schemars::generate::SchemaSettings;
        use ::schemars::{JsonSchema, Schema};

        fn response<T: JsonSchema>(operation_id: &'static str, status: &'static str) -> ResponseSchema {
            let settings = SchemaSettings::draft2020_12().for_deserialize();
            let schema = settings.into_generator().into_root_schema_for::<T>();
            ResponseSchema { operation_id, status, schema }
        }

        fn parameter<T: JsonSchema>(
            operation_id: &'static str,
            location: &'static str,
            name: &'static str,
            required: bool,
        ) -> ParameterSchema {
            ParameterSchema { operation_id, location, name, required, schema: sent::<T>() }
        }

        fn body<T: JsonSchema>(operation_id: &'static str, media_type: &'static str) -> RequestBodySchema {
            RequestBodySchema { operation_id, media_type, schema: sent::<T>() }
        }

        fn sent<T: JsonSchema>() -> Schema {
            SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
        }

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
