//! Findings: what comparisons and lints report.

mod acceptance;
mod id;
mod level;
mod load_error;
mod location;
mod site;
mod witness;

use schemars::JsonSchema;
use serde::Serialize;

pub use acceptance::Acceptance;
pub use level::Level;
pub use location::Location;
pub use site::{Direction, Site};
pub use witness::Witness;

use crate::rules::Rule;

/// One difference or rule violation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule that found it.
    #[serde(serialize_with = "rule_id")]
    #[schemars(with = "String")]
    pub rule: Rule,
    /// How much it matters: the worse of `wire` and `rust`.
    pub level: Level,
    /// How much it matters to the messages. Where this is breaking, a witness proves it.
    pub wire: Level,
    /// How much it matters to Rust code written against the generated client.
    pub rust: Level,
    /// The item of the generated client that is gone or changed, where `rust` is above `editorial`.
    pub rust_item: Option<String>,
    /// Which message it is about, if one.
    pub direction: Option<Direction>,
    /// Everything it reaches: a difference in a shared component is one finding.
    pub sites: Vec<Site>,
    /// The names it is about, where its places are lists of several. They tell findings of a rule
    /// apart that share a place.
    #[serde(skip)]
    pub subject: Vec<String>,
    /// What is the case.
    pub fact: String,
    /// What that means, and for whom.
    pub consequence: String,
    /// What to do.
    pub remedy: String,
    /// The place in the old document or the contract.
    pub old: Option<Location>,
    /// The place in the new document or the other view.
    pub new: Option<Location>,
    /// The proof; every difference that is breaking on the wire has one.
    pub witness: Option<Witness>,
    /// Why the change is made all the same, where the team decided so. It fails nothing then, and
    /// still asks for its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

fn rule_id<S: serde::Serializer>(rule: &Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.id)
}
