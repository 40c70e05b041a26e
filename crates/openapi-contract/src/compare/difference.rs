//! A difference, before anyone judged it.

use serde_json::Value;

use super::change::Change;
use super::cursor::Cursor;
use crate::finding::{Level, Location};
use crate::model::SchemaId;
use crate::rules::Rule;
use crate::witness::{Side, WitnessSearch};

/// What a difference does to the set of allowed values, seen from the old document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The new one allows less.
    Narrows,
    /// The new one allows more.
    Widens,
    /// Each allows what the other refuses.
    Both,
    /// All that can be sent is read: that is settled.
    Harmless,
    /// Cannot be told from the keywords.
    Unknown,
    /// No value should break, but a proof to the contrary counts. Otherwise this level.
    Unless(Level),
}

impl Effect {
    /// The effect of a change that removes and one that adds.
    pub(super) fn of(narrows: bool, widens: bool) -> Option<Self> {
        match (narrows, widens) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Narrows),
            (false, true) => Some(Self::Widens),
            (false, false) => None,
        }
    }
}

/// A difference, before anyone judged it.
pub(super) struct Difference {
    pub(super) rule: Rule,
    pub(super) effect: Effect,
    pub(super) change: Change,
    pub(super) old: Location,
    pub(super) new: Location,
    pub(super) candidates: Candidates,
}

impl Difference {
    /// A difference that no message shows.
    pub(super) fn unseen(
        rule: Rule,
        effect: Effect,
        change: Change,
        (old, new): (Location, Location),
    ) -> Self {
        let candidates = Candidates::None;
        Self {
            rule,
            effect,
            change,
            old,
            new,
            candidates,
        }
    }
}

/// Where proofs can come from.
pub(super) enum Candidates {
    /// Values of these schemas, put where the difference is; and before them some that are known to
    /// tell.
    Values(SchemaId, SchemaId, Vec<Value>),
    /// Messages of the side that may send them; the part of them that matters.
    Messages(
        fn(&WitnessSearch<'_>, Side, &Cursor<'_>) -> Vec<Value>,
        String,
    ),
    /// There is nothing to prove.
    None,
}
