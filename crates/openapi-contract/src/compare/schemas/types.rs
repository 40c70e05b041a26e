//! Comparison of types.

use std::collections::BTreeSet;

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::{Change, code_list};
use crate::compare::difference::Effect;
use crate::finding::Level;
use crate::model::{Schema, StringConstraints, is_checked_format};
use crate::rules;

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
