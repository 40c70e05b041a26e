//! Runs progenitor, which generates `Client` and the structs of the builders.

mod comparison;
mod document;

pub use comparison::comparison_document;
pub(crate) use document::replacement;

use ::progenitor::{GenerationSettings, Generator, InterfaceStyle};
use openapiv3::OpenAPI;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use serde::Deserialize;

use crate::client_plan::ClientPlan;
use crate::contract_info::ContractInfo;
use crate::error::GenerateError;
use crate::panics;

#[cfg(test)]
thread_local! {
    /// The number of times that this thread has run progenitor.
    pub(crate) static RUNS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Runs progenitor on a document that says what the plan says. The `Client` has a field of the type `state`, if
/// given.
pub(crate) fn generate(
    plan: &ClientPlan,
    info: &ContractInfo,
    state: Option<TokenStream>,
) -> Result<TokenStream, GenerateError> {
    #[cfg(test)]
    RUNS.set(RUNS.get() + 1);
    let (document, replacements) = document::document(plan, info);
    let openapi = OpenAPI::deserialize(&document)
        .map_err(|error| rejected(format!("its document: {error}")))?;
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder);
    for (schema, ty) in replacements {
        settings.with_replacement(schema, ty, std::iter::empty());
    }
    if let Some(state) = state {
        settings.with_inner_type(state);
    }
    panics::catch(|| Generator::new(&settings).generate_tokens(&openapi))
        .map_err(|panic| rejected(panic.to_string()))?
        .map_err(|error| rejected(error.to_string()))
}

/// The code with an empty body for each method: all of them are generated anew, and parsing them takes long.
pub(crate) fn without_bodies(code: TokenStream) -> TokenStream {
    let mut is_block = false;
    let items = code.into_iter().map(|token| match token {
        TokenTree::Ident(word) => {
            is_block |= word == "impl";
            // An `impl Trait` in a signature is no block.
            is_block &= word != "fn";
            TokenTree::Ident(word)
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let content = match std::mem::take(&mut is_block) {
                true => methods(group.stream()),
                false => without_bodies(group.stream()),
            };
            let mut inner = Group::new(Delimiter::Brace, content);
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    });
    items.collect()
}

/// The content of an `impl` block with empty bodies.
fn methods(content: TokenStream) -> TokenStream {
    let tokens = content.into_iter().map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            TokenTree::Group(Group::new(Delimiter::Brace, TokenStream::new()))
        }
        other => other,
    });
    tokens.collect()
}

/// progenitor rejects nothing that the document contains.
fn rejected(message: String) -> GenerateError {
    GenerateError::UnexpectedCode(message)
}
