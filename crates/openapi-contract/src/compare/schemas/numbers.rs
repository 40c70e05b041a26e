//! Comparison of the keywords of numbers: `minimum`, `maximum`, `multipleOf`.

use std::collections::BTreeSet;

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::{Change, Literal, RangeEnd};
use crate::compare::difference::Effect;
use crate::finding::Level;
use crate::model::{Bound, Contract, Num, NumberConstraints, Schema};
use crate::rules;

impl SchemaWalk<'_, '_, '_> {
    pub(super) fn numbers(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &NumberConstraints,
        right: &NumberConstraints,
    ) {
        if self.constants(pair, left.constants.as_ref(), right.constants.as_ref()) {
            return;
        }
        let minimum = compare_bounds(left.minimum, right.minimum, Bound::is_above);
        let maximum = compare_bounds(left.maximum, right.maximum, Bound::is_below);
        let is_written = |keywords: &[&str]| {
            has_keyword(self.verdicts.old, pair.left, keywords)
                || has_keyword(self.verdicts.new, pair.right, keywords)
        };
        let minimum_is_written = is_written(&["minimum", "exclusiveMinimum"]);
        let maximum_is_written = is_written(&["maximum", "exclusiveMaximum"]);
        if let Some(effect) = minimum.filter(|_| minimum_is_written) {
            let rule = if effect == Effect::Narrows {
                rules::MINIMUM_RAISED
            } else {
                rules::MINIMUM_LOWERED
            };
            let change = Change::bound(RangeEnd::Minimum, left.minimum, right.minimum);
            self.report(
                pair,
                rule,
                effect,
                change,
                &["minimum", "exclusiveMinimum", "format"],
            );
        }
        if let Some(effect) = maximum.filter(|_| maximum_is_written) {
            let rule = if effect == Effect::Narrows {
                rules::MAXIMUM_LOWERED
            } else {
                rules::MAXIMUM_RAISED
            };
            let change = Change::bound(RangeEnd::Maximum, left.maximum, right.maximum);
            self.report(
                pair,
                rule,
                effect,
                change,
                &["maximum", "exclusiveMaximum", "format"],
            );
        }
        if left.format != right.format {
            // The format implies a range where no keyword sets one.
            let implied = [
                minimum.filter(|_| !minimum_is_written),
                maximum.filter(|_| !maximum_is_written),
            ];
            let narrows = implied.contains(&Some(Effect::Narrows));
            let widens = implied.contains(&Some(Effect::Widens));
            let effect = Effect::of(narrows, widens).unwrap_or(Effect::Unless(Level::Editorial));
            self.format(pair, left.format.as_ref(), right.format.as_ref(), effect);
        }
        if left.multiple_of != right.multiple_of {
            let literal = |numbers: &BTreeSet<Num>| {
                let numbers: Vec<String> = numbers.iter().map(Num::to_string).collect();
                (!numbers.is_empty()).then(|| Literal::Bare(numbers.join(" and ")))
            };
            let (old, new) = (literal(&left.multiple_of), literal(&right.multiple_of));
            self.report(
                pair,
                rules::MULTIPLE_OF_CHANGED,
                multiple_effect(&left.multiple_of, &right.multiple_of),
                Change::keyword("multipleOf", old, new),
                &["multipleOf"],
            );
        }
    }
}

fn has_keyword(contract: &Contract, schema: &Schema, keywords: &[&str]) -> bool {
    schema.sources.iter().any(|&source| {
        keywords
            .iter()
            .any(|keyword| contract.document.get(source, keyword).is_some())
    })
}

/// The effect of moving one end of a range.
fn compare_bounds(
    old: Option<Bound>,
    new: Option<Bound>,
    is_stricter: fn(Bound, Bound) -> bool,
) -> Option<Effect> {
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Effect::Narrows),
        (Some(_), None) => Some(Effect::Widens),
        (Some(old), Some(new)) if is_stricter(new, old) => Some(Effect::Narrows),
        (Some(old), Some(new)) if is_stricter(old, new) => Some(Effect::Widens),
        _ => None,
    }
}

/// The effect of other divisors: a multiple of an old divisor narrows, a factor of one widens.
fn multiple_effect(old: &BTreeSet<Num>, new: &BTreeSet<Num>) -> Effect {
    let implies = |all: &BTreeSet<Num>, others: &BTreeSet<Num>| {
        others
            .iter()
            .all(|&divisor| all.iter().any(|one| one.is_multiple_of(divisor)))
    };
    match (implies(new, old), implies(old, new)) {
        (true, false) => Effect::Narrows,
        (false, true) => Effect::Widens,
        _ => Effect::Unknown,
    }
}
