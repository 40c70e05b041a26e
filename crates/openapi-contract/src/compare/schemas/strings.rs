//! Comparison of the keywords of strings: lengths, formats and contents. Patterns are compared in
//! `patterns`.

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::Change;
use crate::compare::difference::Effect;
use crate::finding::Level;
use crate::model::{StringConstraints, is_checked_format};
use crate::rules;

impl SchemaWalk<'_, '_, '_> {
    pub(super) fn strings(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &StringConstraints,
        right: &StringConstraints,
    ) {
        if self.constants(pair, left.constants.as_ref(), right.constants.as_ref()) {
            return;
        }
        let lengths = [rules::MIN_LENGTH_RAISED, rules::MIN_LENGTH_LOWERED];
        self.minimum_count(
            pair,
            "minLength",
            lengths,
            left.min_length,
            right.min_length,
        );
        let lengths = [rules::MAX_LENGTH_LOWERED, rules::MAX_LENGTH_RAISED];
        self.maximum_count(
            pair,
            "maxLength",
            lengths,
            left.max_length,
            right.max_length,
        );
        if left.patterns != right.patterns {
            self.patterns(pair, left, right);
        }
        if left.formats != right.formats {
            let (first, last) = (left.formats.first(), right.formats.first());
            let checked =
                |format: Option<&String>| format.is_some_and(|name| is_checked_format(name));
            let effect = match (checked(first), checked(last)) {
                (true, true) => Effect::Unknown,
                (true, false) => Effect::Widens,
                (false, true) => Effect::Narrows,
                // Validators do not check this format; it only documents the string.
                (false, false) => Effect::Unless(Level::Risky),
            };
            self.format(pair, first, last, effect);
        }
        if left.content != right.content {
            let keywords = ["contentEncoding", "contentMediaType"];
            let changes = keywords.into_iter().filter_map(|keyword| {
                let (old, new) = (left.content.get(keyword), right.content.get(keyword));
                (old != new).then(|| Change::keyword(keyword, old, new))
            });
            self.content(pair, Change::all(changes), &keywords);
        }
    }

    /// Reports that a string has another content type, encoding or schema.
    pub(super) fn content(&mut self, pair: &SchemaPair<'_>, change: Change, keywords: &[&str]) {
        let effect = Effect::Unless(Level::Risky);
        self.report(pair, rules::CONTENT_CHANGED, effect, change, keywords);
    }
}
