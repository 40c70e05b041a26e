//! Verdicts about pairs of patterns and schemas that many values share.

use std::collections::{BTreeSet, HashMap};

use crate::model::SchemaId;
use crate::witness::Side;

/// The old and the new patterns of a string, and the lengths of the strings that are compared.
pub(super) type PatternPair = (BTreeSet<String>, BTreeSet<String>, (u64, Option<u64>));

/// A string that matches the old patterns only, and one that matches the new patterns only. `None`
/// if a pattern cannot be decided.
pub(super) type DistinguishingStrings = Option<(Option<String>, Option<String>)>;

/// The verdicts so far.
#[derive(Default)]
pub(super) struct VerdictCache {
    /// The difference between two sets of patterns.
    pub(super) patterns: HashMap<PatternPair, DistinguishingStrings>,
    /// Whether the other side accepts every value that the schema of [`Side`] allows, by side, sent
    /// schema and accepting schema.
    pub(super) accepted: HashMap<(Side, SchemaId, SchemaId), bool>,
}
