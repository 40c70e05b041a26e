//! The command of an operation: its flags, and the function that sends the request.

use std::collections::BTreeSet;

use openapi_contract::model::ParameterIn;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{ImplItemFn, Type, parse_quote};

use super::arguments::Argument;
use super::flags::{Flags, flag};
use super::{CliInput, bodies, names, pages, unexpected};
use crate::client_ir::{Operation, Parameter};
use crate::client_plan::{ParameterPlan, Reading, ResponseBody};
use crate::error::GenerateError;
use crate::types::TypeSet;

/// The command of an operation.
pub(super) struct OperationCommand {
    /// The function that declares the command.
    pub(super) command: ImplItemFn,
    /// The function that sends the request.
    pub(super) call: ImplItemFn,
    /// The flags of the command.
    pub(super) flags: BTreeSet<String>,
    /// Whether parts of a form are files.
    pub(super) has_files: bool,
}

/// The name of the function that declares the command.
pub(super) fn name(operation: &Operation) -> Ident {
    format_ident!("cli_{}", operation.method)
}

/// The name of the function that sends the request.
pub(super) fn call_name(operation: &Operation) -> Ident {
    format_ident!("execute_{}", operation.method)
}

/// Generates the command of an operation. Flags have the order of the contract: parameters, then the body.
pub(super) fn command(
    input: &CliInput<'_>,
    operation: &Operation,
) -> Result<OperationCommand, GenerateError> {
    let types = &input.client.plan.types;
    let streams_pages = operation.plan.dropshot_items.is_some();
    let mut flags = Flags::new();
    let mut limit = None;
    for (parameter, plan) in operation.parameters.iter().zip(&operation.plan.parameters) {
        if streams_pages && parameter.name == pages::PAGE_TOKEN {
            continue;
        }
        let id = add_parameter(types, parameter, plan, &mut flags)?;
        if parameter.location == ParameterIn::Query && parameter.name == pages::LIMIT {
            limit = Some((id, &parameter.ty));
        }
    }
    bodies::add(types, operation, &mut flags)?;
    let items = input.item_streams.get(&operation.plan.id);
    let pages = match items {
        Some(items) => Some(pages::add(items, &mut flags)),
        None if streams_pages => Some(pages::dropshot(limit)),
        None => None,
    };
    let sending = match pages {
        Some(pages) if streams_pages => pages,
        pages => {
            let single = single(operation)?;
            quote!(#pages #single)
        }
    };
    let Flags {
        mut taken,
        arguments,
        statements,
        has_files,
    } = flags;
    taken.remove("help");
    let (name, call) = (name(operation), call_name(operation));
    let about = names::about(operation);
    let method = Ident::new(&operation.method, Span::call_site());
    Ok(OperationCommand {
        command: parse_quote! {
            pub fn #name() -> ::clap::Command {
                ::clap::Command::new("") #about #(.arg(#arguments))*
            }
        },
        call: parse_quote! {
            pub async fn #call(&self, matches: &::clap::ArgMatches) -> anyhow::Result<()> {
                let mut request = self.client.#method();
                #(#statements)*
                self.config.#call(matches, &mut request)?;
                #sending
            }
        },
        flags: taken,
        has_files,
    })
}

/// Adds the flag of a parameter, and returns its name.
fn add_parameter(
    types: &TypeSet,
    parameter: &Parameter,
    plan: &ParameterPlan,
    flags: &mut Flags,
) -> Result<String, GenerateError> {
    let Parameter { ident, ty, .. } = parameter;
    let help = match default(plan) {
        Some(default) => format!("{} [default: {default}]", plan.doc),
        None => plan.doc.clone(),
    };
    let id = flags.unused(&flag(ident));
    let argument = Argument::value(types, id.clone(), &plan.ty, help.trim())?;
    let is_required = parameter.required;
    flags
        .arguments
        .push(argument.tokens(&quote!(.required(#is_required))));
    flags.statements.push(quote! {
        if let Some(value) = matches.get_one::<#ty>(#id) {
            request = request.#ident(value.clone());
        }
    });
    Ok(id)
}

/// The default value of a parameter, as it is given to its flag. The server fills it in.
fn default(parameter: &ParameterPlan) -> Option<String> {
    match parameter.default.as_ref()? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Generates the statements that send one request and pass on the response.
fn single(operation: &Operation) -> Result<TokenStream, GenerateError> {
    let success = match output(operation)? {
        Output::Value => quote! {
            self.config.success_item(&response);
            Ok(())
        },
        Output::Nothing => quote! {
            self.config.success_no_item(&response);
            Ok(())
        },
        Output::Bytes => quote!(self.config.bytes(response).await),
        Output::Text => quote!(self.config.bytes(response.map(ByteStream::from)).await),
        Output::Items => {
            quote!(
                self.config
                    .bytes(response.map(|items| items.into_raw()))
                    .await
            )
        }
        Output::Upgrade => quote! {
            let _ = response;
            anyhow::bail!(
                "the server switched protocols, which the command line does not support"
            )
        },
    };
    let untyped = (!has_error_value(operation)).then(|| quote!(let error = error.into_untyped();));
    Ok(quote! {
        let result = request.send().await;
        match result {
            Ok(response) => { #success }
            Err(error) => {
                #untyped
                self.config.error(&error);
                Err(anyhow::Error::new(error))
            }
        }
    })
}

/// What a successful response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    /// A value that can be serialized.
    Value,
    Nothing,
    Bytes,
    Text,
    /// A stream of items.
    Items,
    /// A connection with another protocol.
    Upgrade,
}

/// What the successful responses of an operation are. All have the same type.
fn output(operation: &Operation) -> Result<Output, GenerateError> {
    let responses = operation.plan.responses.iter();
    let outputs = responses.filter_map(|response| match &response.reading {
        Reading::Success(body) => Some(match body {
            ResponseBody::Json { .. } | ResponseBody::Variant(_) | ResponseBody::ByMediaType(_) => {
                Output::Value
            }
            ResponseBody::Empty => Output::Nothing,
            ResponseBody::Stream => Output::Bytes,
            ResponseBody::Text => Output::Text,
            ResponseBody::Items(_) => Output::Items,
            ResponseBody::Upgrade => Output::Upgrade,
            // `None` of the type of the others.
            ResponseBody::Absent => return None,
        }),
        Reading::Error(_) | Reading::Unexpected => None,
    });
    let outputs: Vec<Output> = outputs.collect();
    match outputs.as_slice() {
        [first, others @ ..] if others.iter().all(|other| other == first) => Ok(*first),
        all if all.contains(&Output::Upgrade) => Ok(Output::Upgrade),
        _ => Err(unexpected(
            operation,
            "has successful responses of several kinds, or none",
        )),
    }
}

/// Whether the declared errors of an operation are a value that can be serialized.
fn has_error_value(operation: &Operation) -> bool {
    let responses = operation.plan.responses.iter();
    let errors = responses.filter_map(|response| match &response.reading {
        Reading::Error(body) => Some(body),
        Reading::Success(_) | Reading::Unexpected => None,
    });
    let are_values = errors.map(|body| match body {
        ResponseBody::Json { .. }
        | ResponseBody::Variant(_)
        | ResponseBody::ByMediaType(_)
        | ResponseBody::Text
        | ResponseBody::Empty => true,
        ResponseBody::Absent
        | ResponseBody::Stream
        | ResponseBody::Items(_)
        | ResponseBody::Upgrade => false,
    });
    let is_unit = matches!(&operation.error, Type::Tuple(unit) if unit.elems.is_empty());
    are_values.reduce(|all, one| all && one).unwrap_or(is_unit)
}
