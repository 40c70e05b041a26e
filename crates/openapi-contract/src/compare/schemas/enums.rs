//! Comparison of enums.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::{Change, ChangedItem, code_list, short_code_list};
use crate::compare::difference::Effect;
use crate::rules;
use crate::witness::Side;

impl SchemaWalk<'_, '_, '_> {
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
            let short = format!("the enum {noun} {}", short_code_list(values, "and"));
            ChangedItem {
                short_noun: Some(short),
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
}
