//! Questions about schemas that are settled once, however many places ask them.

use std::collections::{BTreeSet, HashMap};

use crate::model::SchemaId;
use crate::witness::Side;

/// Two sets of patterns, and the lengths of the strings in question.
pub(super) type PatternQuestion = (BTreeSet<String>, BTreeSet<String>, (u64, Option<u64>));

/// A string that only the old patterns match, and one that only the new ones do; nothing where that
/// cannot be told.
pub(super) type DistinguishingStrings = Option<(Option<String>, Option<String>)>;

/// The answers so far.
#[derive(Default)]
pub(super) struct VerdictCache {
    /// How patterns differ.
    pub(super) patterns: HashMap<PatternQuestion, DistinguishingStrings>,
    /// Whether what a side sends by its schema is surely read by the other's.
    pub(super) read: HashMap<(Side, SchemaId, SchemaId), bool>,
}
