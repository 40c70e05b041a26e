//! Rewrites a contract into what progenitor takes and makes right types of.
//!
//! First the contract becomes one document ([`bundle`]), then one pass after the other changes what
//! progenitor would refuse, or would make wrong types of, and nothing else. Each rewrite is noted
//! with its place in the contract and its price.
//!
//! Some of what a contract says can be said to progenitor only in other words, and is put back into
//! the code it generates: [`Treatment`]s for the requests of an operation, [`Spelling`] for names.

mod additional;
mod alternatives;
mod bodies;
mod bodiless;
mod bundle;
#[cfg(test)]
mod cases;
mod cycles;
mod defaults;
mod ecma_patterns;
mod enums;
mod fields;
mod forms;
mod joined;
mod law;
mod merges;
pub(crate) mod nullable;
mod operation_ids;
mod parameters;
mod parts;
mod passes;
mod paths;
mod patterns;
mod relax;
mod responses;
mod rewrite;
mod spelling;
mod styles;
mod treatment;
mod type_names;
mod variants;
mod version;
pub(crate) mod walk;

use std::collections::BTreeMap;

use openapi_contract::document::Document;
use serde_json::Value;

use crate::contract_info;
use crate::error::GenerateError;

pub(crate) use ecma_patterns::{is_unicode, needs_unicode};
pub use law::{Judgement, judge};
pub use passes::{PASS_PAGES, Pass};
pub(crate) use rewrite::{Notes, Says};
pub use rewrite::{Price, Prices, Rewrite};
pub(crate) use spelling::Spelling;
pub(crate) use treatment::{Arm, ReadAs, Statuses, Style, Styled, Treatment};

/// A contract that progenitor can take.
pub(crate) struct Lowered<'d> {
    /// What progenitor is given.
    pub(crate) draft: Value,
    /// The same with the marks of where it comes from.
    pub(crate) marked: Value,
    /// How names of the draft are really written.
    pub(crate) spelling: Spelling,
    /// What has to be changed in the generated code, by the operation's id.
    pub(crate) treatments: BTreeMap<String, Treatment>,
    pub(crate) notes: Notes<'d>,
}

impl Lowered<'_> {
    /// What the generated client does, in OpenAPI 3.0, with all names as the contract writes them.
    /// The marks are gone then.
    pub(crate) fn take_document(&mut self) -> Value {
        let mut document = std::mem::take(&mut self.marked);
        treatment::put_back(&mut document, &self.treatments, &self.spelling);
        self.spelling.put_back(&mut document);
        rewrite::strip(&mut document, false);
        document
    }
}

/// A contract while passes work on it.
struct Draft<'d> {
    value: Value,
    notes: Notes<'d>,
    spelling: Spelling,
    treatments: BTreeMap<String, Treatment>,
}

/// The passes in their order.
const PASSES: [fn(&mut Draft<'_>); 26] = [
    version::lower,
    forms::lower,
    additional::lower,
    cycles::lower,
    parts::lower,
    merges::lower,
    alternatives::lower,
    // Objects that were alternatives can have parts that lead back to themselves only now, and what is
    // made of these can have alternatives.
    merges::lower,
    alternatives::lower,
    operation_ids::lower,
    bodies::lower,
    bodiless::lower,
    responses::lower,
    variants::lower,
    styles::lower,
    parameters::lower,
    relax::lower,
    patterns::lower,
    type_names::lower,
    nullable::lower,
    enums::lower,
    fields::lower,
    defaults::lower,
    paths::lower,
    styles::finish,
    responses::finish,
];

/// Lowers a contract.
pub(crate) fn lower(document: &Document) -> Result<Lowered<'_>, GenerateError> {
    let version = contract_info::version(document)?;
    let mut notes = Notes::new(document);
    let value = bundle::bundle(
        document,
        version == contract_info::Version::OpenApi31,
        &mut notes,
    )?;
    let mut draft = Draft {
        value,
        notes,
        spelling: Spelling::default(),
        treatments: BTreeMap::new(),
    };
    for pass in PASSES {
        pass(&mut draft);
    }
    let Draft {
        value,
        notes,
        spelling,
        treatments,
    } = draft;
    let mut draft = value.clone();
    rewrite::strip(&mut draft, true);
    Ok(Lowered {
        draft,
        marked: value,
        spelling,
        treatments,
        notes,
    })
}
