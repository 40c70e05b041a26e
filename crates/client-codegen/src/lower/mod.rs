//! Lowers a contract to a document that progenitor accepts and generates correct types from.
//!
//! First, [`bundle`] puts the contract into one document. Then a sequence of passes changes what
//! progenitor would reject or get wrong, and nothing else. Each rewrite is recorded with its location in
//! the contract and its fidelity. The Rust types themselves, such as the enums of unions, are generated
//! by typify within progenitor.
//!
//! What progenitor cannot express goes into the plans of operations, see [`OperationOverrides`], or is
//! restored in the code that it generates, see [`NameMangler`].

mod additional_properties;
mod all_of;
mod any_of;
mod bundle;
mod client_document;
mod cycles;
mod defaults;
mod draft_markers;
mod drop_response_constraints;
mod ecma_patterns;
mod enum_collisions;
mod merged_object;
mod name_mangling;
mod no_content_statuses;
mod normalize_keywords;
pub(crate) mod nullable;
mod one_of_order;
mod openapi_31;
mod operation_ids;
mod overrides;
mod parameter_styles;
mod parameters;
mod paths;
mod patterns;
mod plain_schema;
mod property_collisions;
mod request_bodies;
mod responses;
mod rewrite_log;
mod simplify_all_of;
mod type_names;
mod unused_names;
pub(crate) mod walk;

use std::collections::BTreeMap;

use openapi_contract::document::Document;
use serde_json::Value;

use crate::error::GenerateError;
use crate::openapi_version;

pub(crate) use client_document::client_document;
pub(crate) use ecma_patterns::{is_unicode, needs_unicode};
pub(crate) use name_mangling::NameMangler;
pub(crate) use overrides::{OperationOverrides, ResponseArm, StatusRange};
pub(crate) use responses::{ContentKind, StreamKind, content_kind, preferred_media_type};
pub(crate) use rewrite_log::{Change, PassKind, RewriteLog};

/// A contract that progenitor accepts.
pub(crate) struct Lowered<'d> {
    /// The document for progenitor.
    pub(crate) draft: Value,
    /// The draft, including the [`draft_markers`].
    pub(crate) marked: Value,
    /// Restores mangled names.
    pub(crate) mangler: NameMangler,
    /// Changes to the generated code, by operation id.
    pub(crate) overrides: BTreeMap<String, OperationOverrides>,
    pub(crate) log: RewriteLog<'d>,
}

impl Lowered<'_> {
    /// The document of the generated client in OpenAPI 3.0, with the names of the contract. Takes the
    /// markers out of `self`.
    pub(crate) fn take_document(&mut self) -> Value {
        let mut document = std::mem::take(&mut self.marked);
        overrides::restore_contract(&mut document, &self.overrides, &self.mangler);
        self.mangler.demangle_document(&mut document);
        draft_markers::strip(&mut document, false);
        document
    }
}

/// A contract between two passes.
struct Draft<'d> {
    value: Value,
    log: RewriteLog<'d>,
    mangler: NameMangler,
    overrides: BTreeMap<String, OperationOverrides>,
}

/// The passes in the order in which they run.
const PASSES: [fn(&mut Draft<'_>); 26] = [
    openapi_31::lower,
    normalize_keywords::lower,
    additional_properties::lower,
    cycles::lower,
    simplify_all_of::lower,
    all_of::lower,
    any_of::lower,
    // Merged alternatives can have recursive members, whose merge can have alternatives in turn.
    all_of::lower,
    any_of::lower,
    operation_ids::lower,
    request_bodies::lower,
    no_content_statuses::lower,
    responses::lower,
    one_of_order::lower,
    parameter_styles::lower,
    parameters::lower,
    drop_response_constraints::lower,
    patterns::lower,
    type_names::lower,
    nullable::lower,
    enum_collisions::lower,
    property_collisions::lower,
    defaults::lower,
    paths::lower,
    parameter_styles::finish,
    responses::finish,
];

#[cfg(test)]
thread_local! {
    /// How many contracts this thread has lowered.
    pub(crate) static RUNS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Lowers a contract.
pub(crate) fn lower(document: &Document) -> Result<Lowered<'_>, GenerateError> {
    #[cfg(test)]
    RUNS.set(RUNS.get() + 1);
    let version = openapi_version::version(document)?;
    let mut log = RewriteLog::new(document);
    let value = bundle::bundle(
        document,
        version == openapi_version::OpenApiVersion::OpenApi31,
        &mut log,
    )?;
    let mut draft = Draft {
        value,
        log,
        mangler: NameMangler::default(),
        overrides: BTreeMap::new(),
    };
    for pass in PASSES {
        pass(&mut draft);
    }
    let Draft {
        value,
        log,
        mangler,
        overrides,
    } = draft;
    let mut draft = value.clone();
    draft_markers::strip(&mut draft, true);
    Ok(Lowered {
        draft,
        marked: value,
        mangler,
        overrides,
        log,
    })
}
