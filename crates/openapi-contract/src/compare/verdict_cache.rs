//! Verdicts about pairs of patterns and schemas that many values share.

use std::collections::{BTreeSet, HashMap};

use crate::model::SchemaId;
use crate::witness::Side;

/// Two sets of patterns, and the lengths of the strings that they apply to.
pub(super) type PatternQuestion = (BTreeSet<String>, BTreeSet<String>, (u64, Option<u64>));

/// A string that matches the old patterns only, and one that matches the new patterns only. `None`
/// if a pattern cannot be decided.
pub(super) type DistinguishingStrings = Option<(Option<String>, Option<String>)>;

/// The verdicts so far.
#[derive(Default)]
pub(super) struct VerdictCache {
    /// The difference between two sets of patterns.
    pub(super) patterns: HashMap<PatternQuestion, DistinguishingStrings>,
    /// Whether the other side accepts every value that this side's schema lets it send.
    pub(super) read: HashMap<(Side, SchemaId, SchemaId), bool>,
}
