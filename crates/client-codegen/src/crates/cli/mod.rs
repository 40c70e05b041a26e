//! The command line: a command for each operation, whose flags are the parameters and the body.

mod arguments;
mod bodies;
mod body_properties;
mod commands;
mod flags;
mod login;
mod names;
mod pages;
mod shapes;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use proc_macro2::Ident;
use syn::{ImplItemFn, Item, parse_quote};

use self::commands::OperationCommand;
use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::extensions::ExtensionInput;
use crate::files::GeneratedFile;
use crate::header::FileHeader;
use crate::layout::{ItemGroup, companion_files};
use crate::options::Options;

/// What the command line is generated from.
pub(super) struct CliInput<'a> {
    pub(super) client: &'a ExtensionInput<'a>,
    /// The path of the client's generated module.
    pub(super) module: syn::Path,
    /// The method that streams the items of all pages, for each paginated operation.
    pub(super) item_streams: &'a HashMap<String, Ident>,
}

/// Generates the files of a CLI crate's `src/generated`.
pub(super) fn files(
    input: &CliInput<'_>,
    options: &Options,
    stamp: &FileHeader,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let CliInput { client, .. } = input;
    let operations = client.operations;
    let mut has_files = false;
    let mut flags = BTreeSet::new();
    let mut commands = Vec::new();
    let mut calls = Vec::new();
    for operation in operations {
        let OperationCommand {
            command,
            call,
            flags: own,
            has_files: sends_files,
        } = commands::command(input, operation)?;
        commands.push(method(command));
        calls.push(method(call));
        flags.extend(own);
        has_files |= sends_files;
    }
    let mut root = root(&input.module, operations);
    root.items
        .extend(names::items(operations, &client.plan.tags));
    root.items.extend(has_files.then(bodies::part));
    root.items.extend(helpers());
    let block = Some("impl<T: CliConfig> Cli<T>");
    let head = || {
        vec![parse_quote!(
            use super::*;
        )]
    };
    let login = login::module(client, &options.package, &flags);
    let shapes = shapes::module(operations, &client.plan.types);
    let modules = vec![
        ("commands", block, head(), commands),
        ("calls", block, head(), calls),
        ("login", None, login, Vec::new()),
        ("shapes", None, shapes, Vec::new()),
    ];
    Ok(companion_files(root, modules, operations, stamp))
}

/// A method of the command line, as a part of a module.
fn method(function: ImplItemFn) -> ItemGroup {
    ItemGroup {
        name: function.sig.ident.to_string(),
        items: vec![parse_quote!(impl<T: CliConfig> Cli<T> { #function })],
    }
}

/// Generates the command line, what a program implements for it, and the list of commands.
fn root(module: &syn::Path, operations: &[Operation]) -> syn::File {
    let variants: Vec<_> = operations
        .iter()
        .map(|operation| &operation.builder)
        .collect();
    let ids = operations.iter().map(|operation| &operation.plan.id);
    let commands = operations.iter().map(commands::name);
    let calls: Vec<Ident> = operations.iter().map(commands::call_name).collect();
    parse_quote! {
        use #module::*;
        use anyhow::Context as _;

        /// The commands of a client.
        pub struct Cli<T: CliConfig> {
            client: Client,
            config: T,
        }

        impl<T: CliConfig> Cli<T> {
            /// Creates the commands of this client.
            pub fn new(client: Client, config: T) -> Self {
                Self { client, config }
            }

            /// Returns the flags and the help of a command.
            pub fn get_command(cmd: CliCommand) -> ::clap::Command {
                match cmd {
                    #(CliCommand::#variants => Self::#commands(),)*
                }
            }

            /// Sends the request of a command.
            pub async fn execute(
                &self,
                cmd: CliCommand,
                matches: &::clap::ArgMatches,
            ) -> anyhow::Result<()> {
                match cmd {
                    #(CliCommand::#variants => self.#calls(matches).await,)*
                }
            }
        }

        /// What a program does with responses and files. The methods of operations can change a request before it
        /// is sent.
        pub trait CliConfig {
            fn success_item<T>(&self, value: &ResponseValue<T>)
            where
                T: serde::Serialize + std::fmt::Debug;
            fn success_no_item(&self, value: &ResponseValue<()>);
            fn error<T>(&self, value: &Error<T>)
            where
                T: serde::Serialize + std::fmt::Debug;
            fn list_start<T>(&self)
            where
                T: serde::Serialize + std::fmt::Debug;
            fn list_item<T>(&self, value: &T)
            where
                T: serde::Serialize + std::fmt::Debug;
            fn list_end_success<T>(&self)
            where
                T: serde::Serialize + std::fmt::Debug;
            fn list_end_error<T>(&self, value: &Error<T>)
            where
                T: serde::Serialize + std::fmt::Debug;
            #(
                fn #calls(
                    &self,
                    matches: &::clap::ArgMatches,
                    request: &mut builder::#variants,
                ) -> anyhow::Result<()> {
                    Ok(())
                }
            )*
            /// Opens a file as a request body.
            fn upload(&self, path: &std::path::Path) -> anyhow::Result<reqwest::Body>;
            /// Writes a binary response.
            fn bytes(
                &self,
                value: ResponseValue<ByteStream>,
            ) -> impl std::future::Future<Output = anyhow::Result<()>>;
        }

        /// A command: an operation of the contract.
        #[derive(Copy, Clone, Debug)]
        pub enum CliCommand {
            #(#variants,)*
        }

        impl CliCommand {
            /// The id of the operation in the contract.
            pub fn operation_id(&self) -> &'static str {
                match *self {
                    #(CliCommand::#variants => #ids,)*
                }
            }
        }
    }
}

/// Generates the parser of values, and declares the other modules.
fn helpers() -> Vec<Item> {
    let file: syn::File = parse_quote! {
        /// Parses the value of an argument: a plain string, JSON, or a comma-separated list.
        pub(crate) fn value<T>(text: &str) -> Result<T, String>
        where
            T: ::serde::de::DeserializeOwned + ::serde::Serialize,
        {
            let word = ::serde_json::Value::String(text.to_owned());
            let error = match ::serde_json::from_value(word) {
                Ok(value) => return Ok(value),
                Err(error) => error.to_string(),
            };
            if let Ok(value) = ::serde_json::from_str(text) {
                return Ok(value);
            }
            let element = |element: &str| {
                ::serde_json::from_str(element)
                    .ok()
                    .filter(|value: &::serde_json::Value| !value.is_string())
                    .unwrap_or_else(|| ::serde_json::Value::String(element.to_owned()))
            };
            // serde also reads a struct from an array of its fields, which is never intended here.
            let listed = |list: ::serde_json::Value| {
                let value = ::serde_json::from_value::<T>(list).ok()?;
                let is_list = ::serde_json::to_value(&value).is_ok_and(|value| value.is_array());
                is_list.then_some(value)
            };
            let words = text.split(',').map(|word| ::serde_json::Value::String(word.to_owned()));
            listed(words.collect())
                .or_else(|| listed(text.split(',').map(element).collect()))
                .ok_or(error)
        }

        mod commands;

        mod calls;

        /// Credentials and the base URL.
        pub mod login;

        /// What the contract declares of responses, in its order.
        pub mod shapes;
    };
    file.items
}

/// An operation without a command.
fn unexpected(operation: &Operation, what: &str) -> GenerateError {
    GenerateError::UnexpectedCode(format!("the operation `{}` {what}", operation.plan.id))
}
