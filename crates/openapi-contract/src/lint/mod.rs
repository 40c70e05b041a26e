//! Lint: what can be reported about one document alone.
//!
//! Each rule has an id, a level and a location in the document. [`RULES`] are the rules about the
//! contract itself; other crates add [`RuleSet`]s of their own, for example about the code that they
//! generate from it.
//!
//! # Levels
//!
//! | level | what it means for a contract |
//! |---|---|
//! | `breaking` | the contract cannot be used: parts of it are invalid or have no meaning |
//! | `risky` | the contract contradicts itself, or promises less than it could |
//! | `editorial` | readers miss something, or generated code has worse names; no message changes |
//!
//! Invalid parts are reported as `breaking` as well; these rules can neither be configured nor
//! silenced. Documents that are not contracts are reported by [`Contract::read`].
//!
//! # Settings in the contract
//!
//! `x-lint` silences a rule at an object and below it. It may be used on any object that can have
//! extensions, and on schemas. It gives a reason for the next reader:
//!
//! ```yaml
//! paths:
//!   /search:
//!     post:
//!       x-lint:
//!         client-error-undocumented: Every query is allowed, and the gateway checks the rest.
//! ```
//!
//! It can also change the level of a rule, which is most useful at the root:
//!
//! ```yaml
//! x-lint:
//!   description-missing: {level: risky, reason: Our portal shows the descriptions.}
//! ```
//!
//! The setting closest to a finding applies; a setting at the root applies to all files of the contract.
//! A setting without a reason has no effect and is reported. So is a setting of an unknown rule, and
//! one that matches no finding.

mod bounds;
mod catalog;
mod components;
mod descriptions;
mod enums;
mod examples;
mod inventory;
mod operations;
mod parameters;
mod path_operations;
mod paths;
mod references;
mod requests;
mod required_properties;
mod responses;
mod schemas;
mod settings;
mod tolerated_errors;

pub use catalog::{LintRule, RULES};
pub use inventory::{Component, Inventory, InventoryItem, ObjectKind, Reference};
pub use path_operations::PathOperation;

use crate::document::{Document, NodeId};
use crate::finding::Finding;
use crate::model::Contract;
use crate::rules::Rule;

/// Rules with the check that reports their findings.
#[derive(Clone, Copy, Debug)]
pub struct RuleSet {
    /// The rules.
    pub rules: &'static [LintRule],
    /// Reports all findings of these rules in a contract.
    pub check: fn(&mut Lint<'_>),
}

/// Lints a contract with [`RULES`] and further rules. The settings of the contract (`x-lint`) apply to
/// all of them. Findings are in the order of the document.
pub fn lint(contract: &Contract, further: &[&RuleSet]) -> Vec<Finding> {
    let sets: Vec<&RuleSet> = [&RULES]
        .into_iter()
        .chain(further.iter().copied())
        .collect();
    let inventory = Inventory::new(&contract.document);
    let operations = path_operations::operations(contract, &inventory);
    let mut lint = Lint {
        contract,
        document: &contract.document,
        inventory: &inventory,
        operations: &operations,
        sets: &sets,
        findings: Vec::new(),
    };
    for set in &sets {
        (set.check)(&mut lint);
    }
    let mut findings = settings::apply(&inventory, &contract.document, &sets, lint.findings);
    findings.sort_by(|a, b| {
        (&a.old, a.rule.id, &a.fact, &a.sites).cmp(&(&b.old, b.rule.id, &b.fact, &b.sites))
    });
    findings.dedup_by(|next, first| {
        let is_repeated = next.rule == first.rule && next.old == first.old;
        // A shared component violates a rule once, for all operations that use it.
        if is_repeated && !next.sites.is_empty() && !first.sites.is_empty() {
            first.sites.append(&mut next.sites);
            return true;
        }
        is_repeated && next.fact == first.fact
    });
    findings
}

/// Reports all findings of [`RULES`].
fn check(lint: &mut Lint<'_>) {
    tolerated_errors::check(lint);
    required_properties::check(lint);
    references::check(lint);
    components::check(lint);
    operations::check(lint);
    paths::check(lint);
    parameters::check(lint);
    requests::check(lint);
    responses::check(lint);
    enums::check(lint);
    schemas::check(lint);
    bounds::check(lint);
    examples::check(lint);
    descriptions::check(lint);
}

/// A contract, and the findings reported so far.
#[derive(Debug)]
pub struct Lint<'a> {
    contract: &'a Contract,
    document: &'a Document,
    inventory: &'a Inventory<'a>,
    operations: &'a [PathOperation<'a>],
    sets: &'a [&'a RuleSet],
    findings: Vec<Finding>,
}

impl<'a> Lint<'a> {
    /// The contract.
    pub fn contract(&self) -> &'a Contract {
        self.contract
    }

    /// The document of the contract.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// All objects of the document.
    pub fn inventory(&self) -> &'a Inventory<'a> {
        self.inventory
    }

    /// The operations of `paths`, in the order of the document.
    pub fn operations(&self) -> &'a [PathOperation<'a>] {
        self.operations
    }

    /// Reports a violation of a rule. Level, consequence and remedy are those of the rule; the remedy
    /// can be replaced in the returned finding by one that is specific to it.
    pub fn report(
        &mut self,
        rule: Rule,
        location: LintLocation<'_>,
        fact: impl Into<String>,
    ) -> &mut Finding {
        let finding = catalog::finding(self.document, self.sets, rule, location, fact.into());
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }
}

/// The location of a violation.
#[derive(Clone, Copy, Debug)]
pub struct LintLocation<'p> {
    node: NodeId,
    property: Option<&'p str>,
    operation: Option<&'p str>,
}

/// The location of a value.
pub fn at<'p>(node: NodeId) -> LintLocation<'p> {
    LintLocation {
        node,
        property: None,
        operation: None,
    }
}

impl<'p> LintLocation<'p> {
    /// The location of a property of the value, if it has the property.
    pub fn property(self, key: &'p str) -> Self {
        Self {
            property: Some(key),
            ..self
        }
    }

    /// Adds the operation that contains the location.
    pub fn of(self, operation: &'p PathOperation<'_>) -> Self {
        Self {
            operation: Some(&operation.name),
            ..self
        }
    }
}
