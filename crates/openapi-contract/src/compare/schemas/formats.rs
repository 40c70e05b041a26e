//! Comparison of `format`, which numbers and strings have.

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::Change;
use crate::compare::difference::Effect;
use crate::rules;

impl SchemaWalk<'_, '_, '_> {
    /// Reports that `format` differs, with the effect that the caller has determined.
    pub(super) fn format(
        &mut self,
        pair: &SchemaPair<'_>,
        left: Option<&String>,
        right: Option<&String>,
        effect: Effect,
    ) {
        let rule = match (left, right) {
            (None, _) => rules::FORMAT_ADDED,
            (_, None) => rules::FORMAT_REMOVED,
            _ => rules::FORMAT_CHANGED,
        };
        let change = Change::keyword("format", left, right);
        self.report(pair, rule, effect, change, &["format"]);
    }
}
