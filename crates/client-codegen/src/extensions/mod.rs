//! Generates the modules for features that progenitor does not support, such as authentication and retries.
//!
//! Each feature is a separate module. Its input is the plan of the client and the generated code; pagination also
//! changes the generated builders.

mod auth;
mod bodies;
mod headers;
mod hooks;
mod nullable;
mod pages;
mod retry;

use std::borrow::Cow;
use std::collections::HashMap;

use openapi_contract::document::JsonPointer;
use proc_macro2::Ident;
use syn::Item;

use crate::client_ir::Operation;
use crate::client_plan::ClientPlan;
use crate::error::GenerateError;

pub(crate) use crate::client_plan::SchemeKind;
pub(crate) use auth::{CredentialScheme, credential_schemes};
pub(crate) use bodies::part_doc;
pub(crate) use hooks::with_credentials;

/// The input of the generators.
#[derive(Clone, Copy)]
pub(crate) struct ExtensionInput<'a> {
    /// What the client does.
    pub(crate) plan: &'a ClientPlan,
    /// The operations of the generated client.
    pub(crate) operations: &'a [Operation],
    /// Whether the crate has hand-written hooks and a state for them.
    pub(crate) own_state: bool,
}

/// A module next to progenitor's.
#[derive(Debug)]
pub(crate) struct ExtensionModule {
    pub(crate) name: &'static str,
    /// The documentation of the module.
    pub(crate) doc: &'static str,
    /// Whether the module is private.
    pub(crate) is_private: bool,
    /// The cargo feature that enables the module.
    pub(crate) feature: Option<&'static str>,
    /// The required features of the runtime crate.
    pub(crate) runtime: &'static [&'static str],
    /// The features of the runtime crate that are features of the generated crate.
    pub(crate) forwarded: &'static [&'static str],
    /// The code before the parts.
    pub(crate) head: Vec<Snippet>,
    /// The code for each operation.
    pub(crate) parts: Vec<OperationPart>,
}

/// The code of a module for one operation.
#[derive(Debug)]
pub(crate) struct OperationPart {
    /// The builder of the operation.
    pub(crate) builder: Ident,
    pub(crate) code: Snippet,
}

/// Code of a module, parsed or as text.
#[derive(Debug)]
pub(crate) enum Snippet {
    Items(Vec<Item>),
    /// Formatted source text, which is neither parsed nor printed again. For a small contract, parsing would
    /// take longer than everything else.
    Text(Cow<'static, str>),
}

impl ExtensionModule {
    fn new(name: &'static str, doc: &'static str, head: Vec<Snippet>) -> Self {
        Self {
            name,
            doc,
            is_private: false,
            feature: None,
            runtime: &[],
            forwarded: &[],
            head,
            parts: Vec::new(),
        }
    }
}

/// The extensions of a client.
#[derive(Debug, Default)]
pub(crate) struct Extensions {
    pub(crate) modules: Vec<ExtensionModule>,
    /// The method that streams the items of all pages, for each paginated operation.
    pub(crate) item_streams: HashMap<String, Ident>,
    /// The field of the builder with the URL of the next page, for each operation that follows links.
    pub(crate) links: HashMap<String, Ident>,
}

impl Extensions {
    /// Returns the module with this name.
    pub(crate) fn module(&self, name: &str) -> Option<&ExtensionModule> {
        self.modules.iter().find(|module| module.name == name)
    }
}

/// Generates the modules, and adds calls of them to progenitor's code.
pub(crate) fn write(
    input: &ExtensionInput<'_>,
    generated: &mut syn::File,
) -> Result<Extensions, GenerateError> {
    let mut modules = Vec::new();
    modules.extend(nullable::module(&input.plan.types));
    let auth = auth::module(input);
    if !input.own_state {
        modules.push(hooks::module(input, auth.is_some()));
    }
    modules.extend(auth);
    modules.push(retry::module());
    modules.extend(headers::module(input));
    let pages = pages::module(input, generated)?;
    modules.extend(pages.module);
    modules.extend(bodies::module(input)?);
    Ok(Extensions {
        modules,
        item_streams: pages.item_streams,
        links: pages.links,
    })
}

/// Creates code from a template, which is copied unchanged.
fn template(text: &'static str) -> Snippet {
    Snippet::Text(Cow::Borrowed(text))
}

/// Returns the JSON pointer of a value in an operation.
fn pointer(operation: &Operation, tokens: &[&str]) -> JsonPointer {
    let operation: [&str; 3] = ["paths", &operation.plan.path, operation.plan.http_method];
    operation.iter().chain(tokens).collect()
}

/// Returns the description in the contract for a doc comment, or the given default.
fn described(description: &str, default: impl FnOnce() -> String) -> String {
    match description.trim() {
        "" => default(),
        text => text.to_owned(),
    }
}
