//! The comparison of two contracts: what differs, who breaks, and a message that proves it.
//!
//! Each value is a set with a producer and a consumer. A difference breaks something if the
//! producer on one side can send a value that the consumer on the other side rejects. Clients
//! produce requests, the server produces responses. A producer sends only the properties it
//! declares; a consumer ignores unknown properties, unless `additionalProperties` forbids them.

mod bodies;
mod candidates;
mod change;
mod cursor;
mod difference;
mod invalid_parts;
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

pub use invalid_parts::invalid_parts;

use crate::finding::Finding;
use crate::model::Contract;
use verdict::Verdicts;

/// How two documents relate to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Two versions of a contract: can clients of the old version use the new one?
    Evolution,
    /// A contract and the server's own document: do both allow the same?
    Drift,
    /// A contract and the types of a client: can the client send and read everything? What the
    /// types allow beyond the contract is not a finding.
    Client,
}

impl Relation {
    /// The names of the old and the new document in findings.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Evolution => ["the old contract", "the new contract"],
            Self::Drift => ["the contract", "the server"],
            Self::Client => ["the contract", "the client"],
        }
    }

    /// What the documents are, unless their names state it: two versions of a contract often have the same name.
    fn documents(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Evolution => Some(self.names()),
            Self::Drift | Self::Client => None,
        }
    }
}

/// Compares two contracts. Findings are sorted by their location in the old document and do not
/// depend on the order of keys in either document.
pub fn compare(old: &Contract, new: &Contract, relation: Relation) -> Vec<Finding> {
    compare_on(old, new, relation, None)
}

/// Compares two contracts on a date, `YYYY-MM-DD`: deprecated operations and parameters may be
/// removed from their sunset date on.
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
