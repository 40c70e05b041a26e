//! Differences, before their level is known.

use serde_json::Value;

use super::change::Change;
use super::cursor::Cursor;
use crate::finding::{Level, Location};
use crate::model::SchemaId;
use crate::rules::Rule;
use crate::witness::{Side, WitnessSearch};

/// What a difference does to the set of allowed values, from old to new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The new side allows less.
    Narrows,
    /// The new side allows more.
    Widens,
    /// Each side allows values that the other rejects.
    Both,
    /// It is already proved that the receiver accepts every value that the sender may send.
    Harmless,
    /// The effect cannot be derived from the keywords.
    Unknown,
    /// Nothing should break, so the level is this one unless a message proves a break.
    Unless(Level),
}

impl Effect {
    /// The effect of a change that removes values, adds values, or both.
    pub(super) fn of(narrows: bool, widens: bool) -> Option<Self> {
        match (narrows, widens) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Narrows),
            (false, true) => Some(Self::Widens),
            (false, false) => None,
        }
    }
}

/// A difference, before its level is known.
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

/// Where a proof can come from.
pub(super) enum Candidates {
    /// Values of the old and the new schema at the location of the difference, after values that
    /// are known to distinguish the two.
    Values(SchemaId, SchemaId, Vec<Value>),
    /// Messages of the sending side, and the JSON pointer of the part that must be rejected.
    Messages(
        fn(&WitnessSearch<'_>, Side, &Cursor<'_>) -> Vec<Value>,
        String,
    ),
    /// Nothing can prove it.
    None,
}
