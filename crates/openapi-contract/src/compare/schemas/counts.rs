//! Comparison of counts: `minLength`, `maxItems`, `minProperties` and the like.

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::Change;
use crate::compare::difference::Effect;
use crate::rules::Rule;

impl SchemaWalk<'_, '_, '_> {
    /// Compares a minimum count. `rules` are those for raising and for lowering it.
    pub(super) fn minimum_count(
        &mut self,
        pair: &SchemaPair<'_>,
        keyword: &str,
        rules: [Rule; 2],
        left: u64,
        right: u64,
    ) {
        let (rule, effect) = match right.cmp(&left) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Greater => (rules[0], Effect::Narrows),
            std::cmp::Ordering::Less => (rules[1], Effect::Widens),
        };
        let some = |count: u64| (count > 0).then_some(count);
        let change = Change::keyword(keyword, some(left), some(right));
        self.report(pair, rule, effect, change, &[keyword]);
    }

    /// Compares a maximum count. `rules` are those for lowering and for raising it.
    pub(super) fn maximum_count(
        &mut self,
        pair: &SchemaPair<'_>,
        keyword: &str,
        rules: [Rule; 2],
        left: Option<u64>,
        right: Option<u64>,
    ) {
        let (old, new) = (left.unwrap_or(u64::MAX), right.unwrap_or(u64::MAX));
        let (rule, effect) = match new.cmp(&old) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Less => (rules[0], Effect::Narrows),
            std::cmp::Ordering::Greater => (rules[1], Effect::Widens),
        };
        let change = Change::keyword(keyword, left, right);
        self.report(pair, rule, effect, change, &[keyword]);
    }
}
