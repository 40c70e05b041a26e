//! The comparison: where two contracts differ, who breaks, and the proof.
//!
//! Each value is compared as a set with a producer and a consumer. Something breaks when the
//! producer on one side can send what the consumer on the other side refuses. Clients produce
//! requests, the server produces responses. A producer is read closed-world (it sends what it
//! declares), a consumer open-world (it ignores what it does not know, unless
//! `additionalProperties` says otherwise).

mod bodies;
mod candidates;
mod change;
mod cursor;
mod difference;
mod memo;
mod operations;
mod parameters;
mod phrases;
mod remedies;
mod responses;
mod rust;
mod schemas;
mod security_schemes;
mod servers;
mod sunset;
mod verdict;
mod verdict_cache;

use crate::finding::Finding;
use crate::model::Contract;
use verdict::Verdicts;

/// How two documents stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Two versions of one contract: does the new one break who follows the old one?
    Evolution,
    /// A contract and the server's view of it: do both allow the same?
    Drift,
    /// A contract and the types of a client: can the client express and read all of it? What the
    /// types allow beyond the contract is no finding.
    Client,
}

impl Relation {
    /// What the old and the new document are called in findings.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Evolution => ["the old contract", "the new contract"],
            Self::Drift => ["the contract", "the server"],
            Self::Client => ["the contract", "the client"],
        }
    }
}

/// Compares two contracts. Findings come in the order of the old document, and are the same
/// whatever the order of members in either document.
///
/// Both contracts must have been read without problems.
pub fn compare(old: &Contract, new: &Contract, relation: Relation) -> Vec<Finding> {
    compare_on(old, new, relation, None)
}

/// The same on a day, `YYYY-MM-DD`: a deprecated operation may be gone from its sunset on.
pub fn compare_on(
    old: &Contract,
    new: &Contract,
    relation: Relation,
    today: Option<&str>,
) -> Vec<Finding> {
    let mut verdicts = Verdicts::new(old, new, relation);
    if relation == Relation::Evolution {
        servers::compare(&mut verdicts);
        security_schemes::compare(&mut verdicts);
    }
    operations::compare(&mut verdicts, today);
    verdicts.finish()
}
