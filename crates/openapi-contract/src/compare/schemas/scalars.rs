//! Types, enums, and the keywords of numbers and strings.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::{Change, ChangedItem, Literal, RangeEnd, code_list};
use crate::compare::difference::Effect;
use crate::finding::Level;
use crate::model::{
    Bound, Contract, Num, NumberConstraints, Schema, StringConstraints, is_checked_format,
};
use crate::rules::{self, Rule};
use crate::witness::Side;

impl SchemaWalk<'_, '_, '_> {
    pub(super) fn types(&mut self, pair: &SchemaPair<'_>) {
        let of = |schema: &Schema| {
            let mut types: BTreeSet<&str> = schema.types().into_iter().collect();
            types.remove("null");
            types
        };
        let (left, right) = (of(pair.left), of(pair.right));
        if left == right {
            return;
        }
        // Every integer is a number. In parameters and headers every scalar is also a string.
        let is_text = self.at.is_text(self.verdicts.old);
        let is_scalar = |name: &str| !matches!(name, "array" | "object");
        let covers = |all: &BTreeSet<&str>, schema: &Schema, name: &str| {
            all.contains(name)
                || (name == "integer" && all.contains("number"))
                || (is_text && is_scalar(name) && schema.string.as_deref().is_some_and(is_any_text))
        };
        let narrows = left.iter().any(|name| !covers(&right, pair.right, name));
        let widens = right.iter().any(|name| !covers(&left, pair.left, name));
        let Some(effect) = Effect::of(narrows, widens) else {
            return;
        };
        // There, an array also accepts a single value if its items do.
        let becomes_list =
            is_text && right.contains("array") && left.iter().all(|name| is_scalar(name));
        let effect = if becomes_list && self.at.is_split(self.verdicts.old) {
            // A value with a comma is now read as two items.
            Effect::Unless(Level::Risky)
        } else if becomes_list {
            Effect::Unless(Level::Compatible)
        } else {
            effect
        };
        let rule = match effect {
            Effect::Narrows => rules::TYPE_NARROWED,
            Effect::Widens => rules::TYPE_WIDENED,
            _ => rules::TYPE_CHANGED,
        };
        let listed = |types: &BTreeSet<&str>, schema: &Schema| match types.len() {
            0 if schema.null => "`null`".to_owned(),
            0 => "impossible to satisfy".to_owned(),
            _ => code_list(types, "or"),
        };
        let change = Change::Quality {
            noun: "the type",
            old: listed(&left, pair.left),
            new: listed(&right, pair.right),
        };
        self.report(
            pair,
            rule,
            effect,
            change,
            &["type", "anyOf", "oneOf", "enum"],
        );
    }

    /// Compares the enum values of two schemas that both have an enum.
    pub(super) fn enumeration<T: Ord + Display>(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &BTreeSet<T>,
        right: &BTreeSet<T>,
    ) {
        let enum_values = |values: &[String]| {
            let is_plural = values.len() > 1;
            let noun = if is_plural { "values" } else { "value" };
            ChangedItem {
                is_plural,
                ..format!("the enum {noun} {}", code_list(values, "and")).into()
            }
        };
        let removed: Vec<String> = left.difference(right).map(T::to_string).collect();
        let added: Vec<String> = right.difference(left).map(T::to_string).collect();
        if !removed.is_empty() {
            let change = Change::only(enum_values(&removed), Side::Old);
            self.report_name_list(
                removed,
                pair,
                rules::ENUM_VALUE_REMOVED,
                Effect::Narrows,
                change,
                &["enum", "const"],
            );
        }
        if !added.is_empty() {
            let change = Change::only(enum_values(&added), Side::New);
            self.report_name_list(
                added,
                pair,
                rules::ENUM_VALUE_ADDED,
                Effect::Widens,
                change,
                &["enum", "const"],
            );
        }
    }

    /// Compares enums. Returns whether one side has an enum, which makes all other keywords
    /// redundant.
    pub(super) fn constants<T: Ord + Display>(
        &mut self,
        pair: &SchemaPair<'_>,
        left: Option<&BTreeSet<T>>,
        right: Option<&BTreeSet<T>>,
    ) -> bool {
        let limited = |values: &BTreeSet<T>, side| Change::Enum {
            values: values.iter().map(T::to_string).collect(),
            side,
        };
        match (left, right) {
            (None, None) => return false,
            (Some(left), Some(right)) => self.enumeration(pair, left, right),
            (None, Some(right)) => {
                let change = limited(right, Side::New);
                self.report(
                    pair,
                    rules::ENUM_ADDED,
                    Effect::Narrows,
                    change,
                    &["enum", "const"],
                );
            }
            (Some(left), None) => {
                let change = limited(left, Side::Old);
                self.report(
                    pair,
                    rules::ENUM_REMOVED,
                    Effect::Widens,
                    change,
                    &["enum", "const"],
                );
            }
        }
        true
    }

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

/// Whether a validator accepts every string.
fn is_any_text(rules: &StringConstraints) -> bool {
    let plain = StringConstraints {
        formats: rules.formats.clone(),
        content: rules.content.clone(),
        ..StringConstraints::default()
    };
    *rules == plain && !rules.formats.iter().any(|format| is_checked_format(format))
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
