//! Generates what progenitor does not: each subject in a module of its own, beside its code.
//!
//! Everything is read off the contract as it was written, and off the generated code. Where a
//! subject has to reach into progenitor's code, it changes the parsed code before it is printed.

mod auth;
mod bodies;
mod headers;
mod hooks;
mod lookup;
mod nullable;
mod pages;
mod parameter_styles;
mod retry;
mod sending;

use std::borrow::Cow;
use std::collections::HashMap;

use proc_macro2::Ident;
use serde_json::Value;
use syn::Item;

use crate::client_ir::Operation;
use crate::error::GenerateError;
use crate::lower::Lowered;
use crate::types::Types;

pub(crate) use auth::{CredentialScheme, SchemeKind, credential_schemes};
pub(crate) use bodies::{BodyArgument, FormPart, PartKind, UploadBody, body_argument, parts};
pub(crate) use hooks::with_credentials;
pub(crate) use parameter_styles::STYLES;
pub(crate) use sending::COOKIE_VALUE;

/// What the generators of this module go by.
#[derive(Clone, Copy)]
pub(crate) struct ExtensionInput<'a> {
    /// The contract, as the client carries it out.
    pub(crate) document: &'a Value,
    /// The operations of the generated client.
    pub(crate) operations: &'a [Operation],
    /// Whether the crate has hooks and a state for them of its own.
    pub(crate) own_state: bool,
    /// The generated types.
    pub(crate) types: &'a Types,
    /// The request bodies that progenitor was told are streams of bytes.
    pub(crate) bodies: &'a [UploadBody],
    /// Whether bodies of answers are read by the status.
    pub(crate) reads_by_status: bool,
    /// Whether parameters have styles that progenitor does not know.
    pub(crate) has_styles: bool,
    /// Whether parameters are cookies.
    pub(crate) has_cookies: bool,
}

/// A module to stand beside progenitor's.
#[derive(Debug)]
pub(crate) struct ExtensionModule {
    pub(crate) name: &'static str,
    /// What its declaration says it is.
    pub(crate) doc: &'static str,
    /// Whether only generated code uses it.
    pub(crate) is_private: bool,
    /// The cargo feature that it needs.
    pub(crate) feature: Option<&'static str>,
    /// The features of `reqwest` that it needs.
    pub(crate) reqwest: &'static [&'static str],
    /// What stands before the parts.
    pub(crate) head: Vec<Snippet>,
    /// What is about one operation each.
    pub(crate) parts: Vec<OperationPart>,
}

/// What a module has for an operation.
#[derive(Debug)]
pub(crate) struct OperationPart {
    /// The operation's builder.
    pub(crate) builder: Ident,
    pub(crate) code: Snippet,
}

/// Code of a module.
#[derive(Debug)]
pub(crate) enum Snippet {
    Items(Vec<Item>),
    /// As it stands in a file. What has always the same form is written this way: to parse it only
    /// to print it again takes longer than all else that a small contract needs.
    Text(Cow<'static, str>),
}

impl Snippet {
    /// The items; none of a text.
    pub(crate) fn items(&self) -> &[Item] {
        match self {
            Self::Items(items) => items,
            Self::Text(_) => &[],
        }
    }
}

impl ExtensionModule {
    fn new(name: &'static str, doc: &'static str, head: Vec<Snippet>) -> Self {
        Self {
            name,
            doc,
            is_private: false,
            feature: None,
            reqwest: &[],
            head,
            parts: Vec::new(),
        }
    }
}

/// The request bodies that progenitor is told are streams of bytes.
pub(crate) fn bodies(lowered: &Lowered<'_>) -> Vec<UploadBody> {
    let bodies = lowered
        .overrides
        .iter()
        .filter_map(|(id, operation_overrides)| {
            let body = operation_overrides
                .body
                .as_ref()
                .filter(|body| body.is_stream)?;
            Some(UploadBody {
                operation_id: id.clone(),
                media_type: body.media_type.clone(),
                content: body.content.clone(),
                required: body.required,
            })
        });
    bodies.collect()
}

/// The extensions of a client.
#[derive(Debug, Default)]
pub(crate) struct Extensions {
    pub(crate) modules: Vec<ExtensionModule>,
    /// For each paginated operation, the method of its builder that streams the items of all pages.
    pub(crate) item_streams: HashMap<String, Ident>,
}

impl Extensions {
    /// The module of this name.
    pub(crate) fn module(&self, name: &str) -> Option<&ExtensionModule> {
        self.modules.iter().find(|module| module.name == name)
    }
}

/// Generates the modules, and changes progenitor's code where it calls them.
pub(crate) fn write(
    input: &ExtensionInput<'_>,
    generated: &mut syn::File,
) -> Result<Extensions, GenerateError> {
    let mut modules = vec![sending::module(input, generated)];
    modules.extend(input.has_styles.then(parameter_styles::module));
    modules.extend(input.types.need_nullable().then(nullable::module));
    let auth = auth::module(input)?;
    if !input.own_state {
        modules.push(hooks::module(input, auth.is_some(), generated)?);
    }
    modules.extend(auth);
    modules.push(retry::module());
    modules.extend(headers::module(input));
    let pages = pages::module(input, generated)?;
    modules.extend(pages.module);
    modules.extend(bodies::module(input, generated)?);
    Ok(Extensions {
        modules,
        item_streams: pages.item_streams,
    })
}

/// A file that is generated as it is written in this crate.
fn template(text: &'static str) -> Snippet {
    Snippet::Text(Cow::Borrowed(text))
}
