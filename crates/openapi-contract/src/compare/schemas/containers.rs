//! The keywords of arrays and objects.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{SchemaPair, SchemaWalk};
use crate::compare::change::{Change, ChangedItem, Literal};
use crate::compare::difference::{Candidates, Difference, Effect};
use crate::finding::{Direction, Level, Location};
use crate::model::{ArrayConstraints, Contract, ObjectConstraints, Schema, SchemaId, Schemas};
use crate::pattern::{Language, LanguageSearch};
use crate::rules::{self, Rule};
use crate::witness::{PartKey, Side, ValueStep};

impl SchemaWalk<'_, '_, '_> {
    pub(super) fn arrays(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &ArrayConstraints,
        right: &ArrayConstraints,
    ) {
        if left.constants != right.constants {
            let change = enumeration(left.constants.as_deref(), right.constants.as_deref());
            self.report(
                pair,
                rules::KEYWORD_CHANGED,
                Effect::Unknown,
                change,
                &["enum", "const"],
            );
        }
        let counts = [rules::MIN_ITEMS_RAISED, rules::MIN_ITEMS_LOWERED];
        self.minimum_count(pair, "minItems", counts, left.min_items, right.min_items);
        let counts = [rules::MAX_ITEMS_LOWERED, rules::MAX_ITEMS_RAISED];
        self.maximum_count(pair, "maxItems", counts, left.max_items, right.max_items);
        if left.unique != right.unique {
            let (rule, effect) = if right.unique {
                (rules::UNIQUE_ITEMS_ADDED, Effect::Narrows)
            } else {
                (rules::UNIQUE_ITEMS_REMOVED, Effect::Widens)
            };
            let literal = |is_unique: bool| is_unique.then_some(true);
            let (old, new) = (literal(left.unique), literal(right.unique));
            let change = Change::keyword("uniqueItems", old, new);
            self.report(pair, rule, effect, change, &["uniqueItems"]);
        }
        if left.prefix.is_empty() && right.prefix.is_empty() {
            self.inside(ValueStep::Item, left.items, right.items);
            return;
        }
        if !self.allow_the_same(pair.old, pair.new) {
            let keywords = ["prefixItems", "items"].into_iter();
            let change = Change::all(keywords.filter_map(|keyword| {
                let [old, new] = self.written(pair, keyword);
                (old != new).then(|| Change::keyword(keyword, old, new))
            }));
            let change = match change {
                Change::Several { changes, .. } if changes.is_empty() => {
                    self.keyword_change(pair, "prefixItems")
                }
                change => change,
            };
            self.report(
                pair,
                rules::KEYWORD_CHANGED,
                Effect::Unknown,
                change,
                &["prefixItems", "items"],
            );
        }
    }

    pub(super) fn objects(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &ObjectConstraints,
        right: &ObjectConstraints,
    ) {
        if left.constants != right.constants {
            let change = enumeration(left.constants.as_deref(), right.constants.as_deref());
            self.report(
                pair,
                rules::KEYWORD_CHANGED,
                Effect::Unknown,
                change,
                &["enum", "const"],
            );
        }
        let counts = [rules::MIN_PROPERTIES_RAISED, rules::MIN_PROPERTIES_LOWERED];
        self.minimum_count(
            pair,
            "minProperties",
            counts,
            left.min_properties,
            right.min_properties,
        );
        let counts = [rules::MAX_PROPERTIES_LOWERED, rules::MAX_PROPERTIES_RAISED];
        self.maximum_count(
            pair,
            "maxProperties",
            counts,
            left.max_properties,
            right.max_properties,
        );
        self.pattern_properties(pair, left, right);
        let names: BTreeSet<&String> = [&left.required, &right.required]
            .into_iter()
            .flatten()
            .chain(left.properties.keys())
            .chain(right.properties.keys())
            .collect();
        for name in names {
            self.property(pair, left, right, name);
        }
        self.additional(pair, left, right);
    }

    /// Compares `patternProperties`.
    fn pattern_properties(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &ObjectConstraints,
        right: &ObjectConstraints,
    ) {
        let sender = self.verdicts.sender_at(&self.at);
        let sends_others = |rules: &ObjectConstraints| {
            rules.additional_is_declared && rules.additional != Schemas::NEVER
        };
        let effect = |is_accepted| match (is_accepted, sender) {
            (true, _) => Effect::Harmless,
            (false, Side::Old) => Effect::Narrows,
            (false, Side::New) => Effect::Widens,
        };
        let (old, new) = (&left.pattern_properties, &right.pattern_properties);
        for (pattern, &id) in old {
            if let Some(&other) = new.get(pattern) {
                self.inside(ValueStep::PatternProperty(pattern.clone()), id, other);
                continue;
            }
            let others = right.additional;
            let is_accepted = match sender {
                Side::Old => self.is_accepted(Side::Old, id, others),
                Side::New => !sends_others(right) || self.is_accepted(Side::New, others, id),
            };
            let effect = effect(is_accepted && !names(right, pattern));
            self.pattern_property(pair, pattern, Side::Old, effect);
        }
        for (pattern, &id) in new
            .iter()
            .filter(|(pattern, _)| !old.contains_key(*pattern))
        {
            let others = left.additional;
            let is_accepted = match sender {
                Side::New => self.is_accepted(Side::New, id, others),
                Side::Old => !sends_others(left) || self.is_accepted(Side::Old, others, id),
            };
            let effect = effect(is_accepted && !names(left, pattern));
            self.pattern_property(pair, pattern, Side::New, effect);
        }
    }

    fn pattern_property(
        &mut self,
        pair: &SchemaPair<'_>,
        pattern: &str,
        side: Side,
        effect: Effect,
    ) {
        let (old, new) = self.property_locations(pair, "patternProperties", pattern);
        let difference = Difference {
            rule: rules::PATTERN_PROPERTIES_CHANGED,
            effect,
            change: Change::only(
                format!("the pattern `{pattern}` of `patternProperties`"),
                side,
            ),
            candidates: Candidates::Values(pair.old, pair.new, Vec::new()),
            old,
            new,
        };
        self.verdicts.report(&self.at, difference);
    }

    fn property(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &ObjectConstraints,
        right: &ObjectConstraints,
        name: &str,
    ) {
        let direction = self.at.part.as_ref().map(PartKey::direction);
        let sender = self.verdicts.sender_at(&self.at);
        let (old_id, new_id) = (left.properties.get(name), right.properties.get(name));
        if self.is_not_sent(direction, old_id, new_id) {
            return;
        }
        let (was_required, is_required) =
            (left.required.contains(name), right.required.contains(name));
        let property = |is_required| ChangedItem::named(&format!("property `{name}`"), is_required);
        match (old_id, new_id) {
            (Some(_), None) => {
                // A server that stops sending a property breaks clients that require it. A server
                // that ignores one breaks a client only if it rejects unknown properties.
                let effect = match sender {
                    Side::New if was_required && !is_required => Effect::Widens,
                    _ => Effect::Unless(Level::Risky),
                };
                let change = Change::only(property(was_required), Side::Old);
                let rule = rules::PROPERTY_REMOVED;
                self.report_property(pair, (left, right), rule, effect, change, name);
            }
            (None, Some(_)) => {
                let effect = match sender {
                    Side::Old if is_required && !was_required => Effect::Narrows,
                    _ => Effect::Unless(Level::Compatible),
                };
                let change = Change::only(property(is_required), Side::New);
                let rule = rules::PROPERTY_ADDED;
                self.report_property(pair, (left, right), rule, effect, change, name);
            }
            _ if was_required != is_required => {
                let (rule, effect, side) = if is_required {
                    (rules::PROPERTY_BECAME_REQUIRED, Effect::Narrows, Side::New)
                } else {
                    (rules::PROPERTY_BECAME_OPTIONAL, Effect::Widens, Side::Old)
                };
                let what = format!("the property `{name}`");
                let change = Change::Required { what, side };
                let subject = vec![name.to_owned()];
                let keywords = ["required", "properties"];
                self.at.property = Some(name.to_owned());
                self.report_name_list(subject, pair, rule, effect, change, &keywords);
                self.at.property = None;
            }
            _ => {}
        }
        if let (Some(&old_id), Some(&new_id)) = (old_id, new_id) {
            self.inside(ValueStep::Property(name.to_owned()), old_id, new_id);
        }
    }

    /// Whether neither side sends the property in this direction (`readOnly` and `writeOnly`).
    fn is_not_sent(
        &self,
        direction: Option<Direction>,
        old: Option<&SchemaId>,
        new: Option<&SchemaId>,
    ) -> bool {
        let is_hidden = |contract: &Contract, id: Option<&SchemaId>| {
            id.is_none_or(|&id| {
                let notes = contract.schemas.get(id).annotations();
                match direction {
                    Some(Direction::Request) => notes.read_only,
                    Some(Direction::Response) => notes.write_only,
                    None => false,
                }
            })
        };
        (old.is_some() || new.is_some())
            && is_hidden(self.verdicts.old, old)
            && is_hidden(self.verdicts.new, new)
    }

    /// The property on the side that declares it, and `properties` on the other.
    fn property_locations(
        &self,
        pair: &SchemaPair<'_>,
        list: &str,
        name: &str,
    ) -> (Location, Location) {
        let find = |contract: &Contract, schema: &Schema| {
            schema.sources.iter().find_map(|&source| {
                let properties = contract.document.get(source, list)?;
                contract.document.entry(properties, name)?;
                Some(Location::new(&contract.document, properties, Some(name)))
            })
        };
        let (old, new) = self.locations(pair, &[list]);
        (
            find(self.verdicts.old, pair.left).unwrap_or(old),
            find(self.verdicts.new, pair.right).unwrap_or(new),
        )
    }

    /// Reports a property that one side declares. The receiver ignores it unless it has a schema
    /// for undeclared properties; only then can a message prove a break.
    fn report_property(
        &mut self,
        pair: &SchemaPair<'_>,
        (left, right): (&ObjectConstraints, &ObjectConstraints),
        rule: Rule,
        effect: Effect,
        change: Change,
        name: &str,
    ) {
        let knows_all = left.additional == Schemas::ANY && right.additional == Schemas::ANY;
        // Required on both sides but declared on one: it is sent with any value.
        let is_sent = left.required.contains(name) && right.required.contains(name);
        let candidates = match effect {
            Effect::Unless(_) if knows_all && !is_sent => Candidates::None,
            _ => Candidates::Values(pair.old, pair.new, Vec::new()),
        };
        let (old, new) = self.property_locations(pair, "properties", name);
        let difference = Difference {
            rule,
            effect,
            change,
            old,
            new,
            candidates,
        };
        self.at.property = Some(name.to_owned());
        self.verdicts.report(&self.at, difference);
        self.at.property = None;
    }

    fn additional(
        &mut self,
        pair: &SchemaPair<'_>,
        left: &ObjectConstraints,
        right: &ObjectConstraints,
    ) {
        let (old_id, new_id) = (left.additional, right.additional);
        let keywords = ["additionalProperties"];
        let is_open = |id| id == Schemas::ANY;
        let is_closed = |id| id == Schemas::NEVER;
        if (is_open(old_id) && is_open(new_id)) || (is_closed(old_id) && is_closed(new_id)) {
            return;
        }
        let [old_written, new_written] = self.written(pair, "additionalProperties");
        let literal = |id, written: &Option<Literal>| match () {
            () if is_closed(id) => Some(false.into()),
            () if is_open(id) => written.clone(),
            () => written.clone().or(Some(Literal::Json("{...}".to_owned()))),
        };
        let change = || {
            let (old, new) = (literal(old_id, &old_written), literal(new_id, &new_written));
            Change::keyword("additionalProperties", old, new)
        };
        // A producer that declares no additional properties sends none.
        let sends_none = match self.verdicts.sender_at(&self.at) {
            Side::New => !right.additional_is_declared,
            Side::Old => !left.additional_is_declared,
        };
        let effect = |effect| {
            if sends_none {
                Effect::Unless(Level::Compatible)
            } else {
                effect
            }
        };
        if is_closed(new_id) || (is_open(old_id) && !is_open(new_id)) {
            self.report(
                pair,
                rules::ADDITIONAL_PROPERTIES_NARROWED,
                effect(Effect::Narrows),
                change(),
                &keywords,
            );
        } else if is_closed(old_id) || is_open(new_id) {
            self.report(
                pair,
                rules::ADDITIONAL_PROPERTIES_WIDENED,
                effect(Effect::Widens),
                change(),
                &keywords,
            );
        } else {
            self.inside(ValueStep::Additional, old_id, new_id);
        }
    }
}

/// The change of an `enum` of arrays or objects.
fn enumeration(old: Option<&[Value]>, new: Option<&[Value]>) -> Change {
    let literal = |values: &[Value]| Literal::from(Value::from(values.to_vec()));
    Change::keyword("enum", old.map(literal), new.map(literal))
}

/// Whether objects with these rules may declare a property whose name matches a pattern.
fn names(rules: &ObjectConstraints, pattern: &str) -> bool {
    let lengths = (0, None);
    let pattern = pattern.to_owned();
    let Some(language) = Language::new([&pattern], lengths) else {
        return true;
    };
    let mut properties = rules.properties.keys().chain(&rules.required);
    let mut patterns = rules.pattern_properties.keys();
    properties.any(|name| language.has(name))
        || patterns.any(|other| {
            let both = Language::new([&pattern, other], lengths);
            both.is_none_or(|both| both.shortest() != LanguageSearch::None)
        })
}
