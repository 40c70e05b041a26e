//! The contract's own quality: what can be said about one document alone.
//!
//! Each rule has an id, a level and a place in the document; [`RULES`] lists them. All of them run
//! together, in one pass over the document.
//!
//! # Levels
//!
//! | level | what it means for a contract |
//! |---|---|
//! | `breaking` | no client can be generated, or it lacks an operation |
//! | `risky` | the contract promises less than it could, or contradicts itself, or the client's types enforce less than it says |
//! | `editorial` | people miss something, or the client has names that the contract did not choose; no message shows it |
//!
//! What keeps a document from being a contract at all is `breaking` as well; [`Contract::read`]
//! reports it, and it can neither be set nor silenced.
//!
//! # Settings in the contract
//!
//! A rule is silenced at a place and below it by `x-lint`, on any object that can have extensions,
//! and on schemas. It gives a reason, for the next reader:
//!
//! ```yaml
//! paths:
//!   /search:
//!     post:
//!       x-lint:
//!         client-error-undocumented: Every query is allowed, and the gateway checks the rest.
//! ```
//!
//! It can also give a rule another level, which is most useful at the root:
//!
//! ```yaml
//! x-lint:
//!   description-missing: {level: risky, reason: Our portal shows the descriptions.}
//! ```
//!
//! The setting nearest to a finding decides; one at the root holds in all files of the contract. A setting without a reason does nothing, and is a
//! finding itself; so is one of a rule that does not exist, and one that nothing is found for.

mod bounds;
mod catalog;
mod components;
mod enums;
mod examples;
mod inventory;
mod members;
mod operations;
mod parameters;
mod paths;
mod placed;
mod prose;
mod references;
mod requests;
mod responses;
mod schemas;
mod settings;
mod tolerated_errors;
mod type_names;

pub use catalog::{LintRule, RULES};

use crate::document::{Document, Entries, NodeId, Value};
use crate::finding::Finding;
use crate::model::Contract;
use crate::rules::Rule;
use inventory::Inventory;
use placed::PlacedOperation;

/// Lints a contract: [`RULES`], with the settings of the contract itself. Findings come in the
/// order of the document.
pub fn lint(contract: &Contract) -> Vec<Finding> {
    let inventory = Inventory::new(&contract.document);
    let operations = placed::operations(contract, &inventory);
    let mut lint = Lint {
        contract,
        document: &contract.document,
        inventory: &inventory,
        operations: &operations,
        findings: Vec::new(),
    };
    for check in CHECKS {
        check(&mut lint);
    }
    let mut findings = settings::apply(&inventory, &contract.document, lint.findings);
    findings.sort_by(|a, b| {
        (&a.old, a.rule.id, &a.fact, &a.sites).cmp(&(&b.old, b.rule.id, &b.fact, &b.sites))
    });
    findings.dedup_by(|next, first| {
        let is_repeated = next.rule == first.rule && next.old == first.old;
        // A shared component violates a rule once, however many operations it does so in.
        if is_repeated && !next.sites.is_empty() && !first.sites.is_empty() {
            first.sites.append(&mut next.sites);
            return true;
        }
        next == first
    });
    findings
}

const CHECKS: [fn(&mut Lint<'_>); 16] = [
    tolerated_errors::check,
    members::check,
    references::check,
    components::check,
    operations::check,
    paths::check,
    parameters::check,
    requests::check,
    responses::check,
    type_names::check,
    enums::check,
    schemas::check,
    bounds::check,
    examples::check,
    prose::check,
    operations::check_callbacks,
];

/// A contract that is being looked at, and what was found so far.
struct Lint<'a> {
    contract: &'a Contract,
    document: &'a Document,
    inventory: &'a Inventory<'a>,
    /// In the order of the document.
    operations: &'a [PlacedOperation<'a>],
    findings: Vec<Finding>,
}

/// Where a rule is violated.
#[derive(Clone, Copy)]
struct LintLocation<'p> {
    node: NodeId,
    member: Option<&'p str>,
    operation: Option<&'p str>,
}

/// The place of a value.
fn at<'p>(node: NodeId) -> LintLocation<'p> {
    LintLocation {
        node,
        member: None,
        operation: None,
    }
}

impl<'p> LintLocation<'p> {
    /// The place of a member, where the value has it.
    fn member(self, key: &'p str) -> Self {
        Self {
            member: Some(key),
            ..self
        }
    }

    /// The same place, as part of an operation.
    fn of(self, operation: &'p PlacedOperation<'_>) -> Self {
        Self {
            operation: Some(&operation.name),
            ..self
        }
    }
}

impl Lint<'_> {
    /// Records that a rule is violated; `fact` says how. The rest is said by the rule's entry in
    /// [`RULES`].
    fn found(&mut self, rule: Rule, place: LintLocation<'_>, fact: String) {
        self.findings
            .push(catalog::finding(self.document, rule, place, fact));
    }
}

/// Whether two values are the same contract: equal but for prose, examples and extensions.
fn is_same_schema(document: &Document, a: NodeId, b: NodeId) -> bool {
    if a == b {
        return true;
    }
    match (document.node(a).value, document.node(b).value) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => {
            let mut pairs = a.iter().zip(b);
            a.len() == b.len() && pairs.all(|(&a, &b)| is_same_schema(document, a, b))
        }
        (Value::Object(first), Value::Object(second)) => {
            let count =
                |entries: Entries<'_>| entries.iter().filter(|entry| !is_prose(entry.key)).count();
            count(first) == count(second)
                && first
                    .iter()
                    .filter(|entry| !is_prose(entry.key))
                    .all(|entry| {
                        document
                            .get(b, entry.key)
                            .is_some_and(|other| is_same_schema(document, entry.value, other))
                    })
        }
        _ => false,
    }
}

fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "description" | "summary" | "example" | "examples" | "externalDocs"
    ) || key.starts_with("x-")
}
