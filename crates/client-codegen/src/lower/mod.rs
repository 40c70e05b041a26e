//! Rewrites a contract into what progenitor takes and makes right types of.
//!
//! First the contract becomes one document ([`bundle`]), then one pass after the other changes what
//! progenitor would refuse, or would make wrong types of, and nothing else. Each rewrite is noted
//! with its place in the contract and its price.
//!
//! Some of what a contract says can be said to progenitor only in other words, and is put back into
//! the code it generates: [`OperationOverrides`]s for the requests of an operation, [`NameMangler`] for names.

mod additional_properties;
mod all_of;
mod any_of;
mod bundle;
mod cycles;
mod defaults;
mod drop_response_constraints;
mod ecma_patterns;
mod enum_collisions;
mod merged_object;
mod name_mangling;
mod no_content_statuses;
mod normalize_keywords;
pub(crate) mod nullable;
mod one_of_order;
mod operation_ids;
mod overrides;
mod parameter_styles;
mod parameters;
mod passes;
mod paths;
mod patterns;
mod property_collisions;
mod request_bodies;
mod responses;
mod rewrite_log;
mod simplify_all_of;
mod soundness;
#[cfg(test)]
mod test_support;
mod type_names;
mod version;
pub(crate) mod walk;

use std::collections::BTreeMap;

use openapi_contract::document::Document;
use serde_json::Value;

use crate::contract_info;
use crate::error::GenerateError;

pub(crate) use ecma_patterns::{is_unicode, needs_unicode};
pub(crate) use name_mangling::NameMangler;
pub(crate) use overrides::{
    BodyByStatus, OperationOverrides, ParameterStyle, ResponseArm, StatusRange, StyledParameter,
};
pub use passes::{PASS_PAGES, Pass};
pub use rewrite_log::{Fidelity, FidelityCounts, Rewrite};
pub(crate) use rewrite_log::{PassKind, RewriteLog};
pub use soundness::{SoundnessReport, verify};

/// A contract that progenitor can take.
pub(crate) struct Lowered<'d> {
    /// What progenitor is given.
    pub(crate) draft: Value,
    /// The same with the marks of where it comes from.
    pub(crate) marked: Value,
    /// How names of the draft are really written.
    pub(crate) mangler: NameMangler,
    /// What has to be changed in the generated code, by the operation's id.
    pub(crate) overrides: BTreeMap<String, OperationOverrides>,
    pub(crate) log: RewriteLog<'d>,
}

impl Lowered<'_> {
    /// What the generated client does, in OpenAPI 3.0, with all names as the contract writes them.
    /// The marks are gone then.
    pub(crate) fn take_document(&mut self) -> Value {
        let mut document = std::mem::take(&mut self.marked);
        overrides::restore_contract(&mut document, &self.overrides, &self.mangler);
        self.mangler.demangle_document(&mut document);
        rewrite_log::strip(&mut document, false);
        document
    }
}

/// A contract while passes work on it.
struct Draft<'d> {
    value: Value,
    log: RewriteLog<'d>,
    mangler: NameMangler,
    overrides: BTreeMap<String, OperationOverrides>,
}

/// The passes in their order.
const PASSES: [fn(&mut Draft<'_>); 26] = [
    version::lower,
    normalize_keywords::lower,
    additional_properties::lower,
    cycles::lower,
    simplify_all_of::lower,
    all_of::lower,
    any_of::lower,
    // Objects that were alternatives can have parts that lead back to themselves only now, and what is
    // made of these can have alternatives.
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
    let version = contract_info::version(document)?;
    let mut log = RewriteLog::new(document);
    let value = bundle::bundle(
        document,
        version == contract_info::OpenApiVersion::OpenApi31,
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
    rewrite_log::strip(&mut draft, true);
    Ok(Lowered {
        draft,
        marked: value,
        mangler,
        overrides,
        log,
    })
}
