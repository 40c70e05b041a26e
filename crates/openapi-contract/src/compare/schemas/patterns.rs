//! String patterns, compared by the strings they match and not by their text.

use std::collections::BTreeSet;

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::{Change, Literal};
use crate::compare::difference::Effect;
use crate::compare::verdict_cache::DistinguishingStrings;
use crate::model::StringConstraints;
use crate::pattern::{Language, LanguageSearch};
use crate::rules;
use crate::witness::Side;

impl SchemaWalk<'_, '_, '_> {
    /// Compares the patterns of two string schemas.
    pub(super) fn patterns(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &StringConstraints,
        right: &StringConstraints,
    ) {
        let (old, new) = (&left.patterns, &right.patterns);
        let (rule, written) = if old.is_subset(new) {
            (rules::PATTERN_ADDED, Effect::Narrows)
        } else if new.is_subset(old) {
            (rules::PATTERN_REMOVED, Effect::Widens)
        } else {
            (rules::PATTERN_CHANGED, Effect::Unknown)
        };
        // Only strings that can be sent count, so the sender's lengths apply to both sides.
        let sender = match self.verdicts.sender_at(&self.at) {
            Side::Old => left,
            Side::New => right,
        };
        let lengths = (sender.min_length, sender.max_length);
        let key = (old.clone(), new.clone(), lengths);
        let verdicts = &mut self.verdicts.cache.patterns;
        let distinguishing = verdicts
            .entry(key)
            .or_insert_with(|| difference(old, new, lengths));
        let (effect, distinguishing) = match distinguishing.clone() {
            Some((None, None)) => return,
            Some((removed, added)) => (
                Effect::of(removed.is_some(), added.is_some()).unwrap_or(written),
                [removed, added]
                    .into_iter()
                    .flatten()
                    .map(Into::into)
                    .collect(),
            ),
            None => (written, Vec::new()),
        };
        let literal = |patterns: &BTreeSet<String>| match patterns.len() {
            0 => None,
            1 => patterns.first().map(Literal::from),
            _ => Some(Literal::List(patterns.iter().cloned().collect())),
        };
        let change = Change::keyword("pattern", literal(old), literal(new));
        self.report_with(distinguishing, pair, rule, effect, change, &["pattern"]);
    }
}

fn difference(
    old: &BTreeSet<String>,
    new: &BTreeSet<String>,
    lengths: (u64, Option<u64>),
) -> DistinguishingStrings {
    let (old, new) = (Language::new(old, lengths)?, Language::new(new, lengths)?);
    let string = |search| match search {
        LanguageSearch::Found(string) => Some(Some(string)),
        LanguageSearch::None => Some(None),
        LanguageSearch::Unknown => None,
    };
    Some((
        string(old.shortest_difference(&new))?,
        string(new.shortest_difference(&old))?,
    ))
}
