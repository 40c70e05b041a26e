//! Findings: what comparison, lint, conformance and code generation report.

mod acceptance;
mod fidelity;
mod id;
mod level;
mod load_error;
mod location;
mod named_pointer;
mod remedy;
mod site;
mod witness;

use schemars::JsonSchema;
use serde::Serialize;

pub use acceptance::Acceptance;
pub use fidelity::Fidelity;
pub use level::Level;
pub use location::Location;
pub(crate) use remedy::{closest, one_of};
pub use site::{Direction, MessagePart, Site};
pub use witness::Witness;

use crate::rules::Rule;

/// A difference, a rule violation, or a rewrite of the generator.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule that reported it.
    #[serde(serialize_with = "rule_id")]
    #[schemars(with = "String")]
    pub rule: Rule,
    /// How much it matters: the worse of `wire` and `rust`.
    pub level: Level,
    /// How much it matters to messages. A break is proved by a witness.
    pub wire: Level,
    /// How much it matters to Rust code that uses the generated client.
    pub rust: Level,
    /// The item of the generated client that is removed or changed, if `rust` is above `editorial`.
    pub rust_item: Option<String>,
    /// How much of the contract the generated client keeps; only findings of the generator have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fidelity: Option<Fidelity>,
    /// The kind of message that it affects, if it affects only one.
    pub direction: Option<Direction>,
    /// The operations and the parts of their messages that it affects: a difference in a shared
    /// component is one finding.
    pub sites: Vec<Site>,
    /// The names that distinguish it from other findings of the rule at the same location.
    #[serde(skip)]
    pub subject: Vec<String>,
    /// What was found.
    pub fact: String,
    /// What it means, and for whom.
    pub consequence: String,
    /// What to do.
    pub remedy: String,
    /// The location in the old document, or in the contract.
    pub old: Option<Location>,
    /// The location in the new document, or in the view that is compared with the contract.
    pub new: Option<Location>,
    /// What the old and the new document are, if their names do not state it.
    #[serde(skip)]
    pub documents: Option<[&'static str; 2]>,
    /// The proof of a break on the wire.
    pub witness: Option<Witness>,
    /// Why the team accepted the change. It does not fail the check, but still requires the version
    /// bump.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

impl Finding {
    /// A finding of this level on the wire, without location, consequence or remedy.
    pub fn new(rule: Rule, level: Level, fact: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            wire: level,
            rust: Level::Editorial,
            rust_item: None,
            fidelity: None,
            direction: None,
            sites: Vec::new(),
            subject: Vec::new(),
            fact: fact.into(),
            consequence: String::new(),
            remedy: String::new(),
            old: None,
            new: None,
            documents: None,
            witness: None,
            accepted: None,
        }
    }

    /// A rewrite of the generator; its level follows from its fidelity.
    pub fn rewrite(rule: Rule, fidelity: Fidelity, fact: impl Into<String>) -> Self {
        Self {
            fidelity: Some(fidelity),
            ..Self::new(rule, fidelity.level(), fact)
        }
    }
}

fn rule_id<S: serde::Serializer>(rule: &Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.id)
}
