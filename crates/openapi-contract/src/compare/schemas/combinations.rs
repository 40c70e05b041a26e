//! `oneOf` and `anyOf`, and the keywords that the canonical form keeps unread.

use std::collections::{BTreeMap, BTreeSet};

use super::inclusion::Inclusion;
use super::{SchemaPair, SchemaWalk};
use crate::compare::Relation;
use crate::compare::change::{Change, Literal, code_list};
use crate::compare::difference::{Candidates, Difference, Effect};
use crate::finding::Level;
use crate::model::{Contract, Opaque, Schema, SchemaId};
use crate::rules;
use crate::witness::{Side, ValueStep};

impl SchemaWalk<'_, '_, '_> {
    /// Compares alternatives. A schema without alternatives counts as its own single alternative.
    pub(super) fn unions(&mut self, pair: &SchemaPair<'_>) {
        if pair.left.unions.len() > 1 || pair.right.unions.len() > 1 {
            self.undecided_unions(pair);
            return;
        }
        if !pair.left.unions.is_empty() && !pair.right.unions.is_empty() {
            self.parts(pair);
        }
        let members = |schema: &Schema, id| match schema.unions.first() {
            Some(union) => union.members.clone(),
            None => vec![id],
        };
        let (old, new) = (members(pair.left, pair.old), members(pair.right, pair.new));
        let matching = self.matching(pair, &old, &new);
        for &(i, j) in &matching {
            self.null_counts = false;
            self.inside(ValueStep::Member { old: i, new: j }, old[i], new[j]);
        }
        let removed = (0..old.len()).filter(|i| !matching.iter().any(|(old, _)| old == i));
        let added = (0..new.len()).filter(|j| !matching.iter().any(|(_, new)| new == j));
        let name = |contract: &Contract, id| contract.schemas.get(id).component.clone();
        let removed: Vec<_> = removed
            .map(|i| (i, name(self.verdicts.old, old[i])))
            .collect();
        let added: Vec<_> = added
            .map(|j| (j, name(self.verdicts.new, new[j])))
            .collect();
        let shown = |name: &Option<String>| match name {
            Some(name) => format!("the alternative `{name}`"),
            None => "an inline alternative".to_owned(),
        };

        // The other alternatives may still allow the values of a removed one.
        let keywords = ["oneOf", "anyOf"];
        for (i, name) in removed {
            let is_kept = self.is_accepted_without_null(Side::Old, old[i], pair.new);
            let effect = if is_kept {
                Effect::Harmless
            } else {
                Effect::Narrows
            };
            let change = Change::only(shown(&name), Side::Old);
            let subject = name.into_iter().collect();
            let rule = rules::UNION_MEMBER_REMOVED;
            self.report_name_list(subject, pair, rule, effect, change, &keywords);
        }
        for (j, name) in added {
            let is_known = self.is_accepted_without_null(Side::New, new[j], pair.old);
            let effect = if is_known {
                Effect::Harmless
            } else {
                Effect::Widens
            };
            let change = Change::only(shown(&name), Side::New);
            let subject = name.into_iter().collect();
            let rule = rules::UNION_MEMBER_ADDED;
            self.report_name_list(subject, pair, rule, effect, change, &keywords);
        }
        self.discriminator(pair);
        let kind = |schema: &Schema| schema.unions.first().map(|union| union.exactly_one);
        if let (Some(left), Some(right)) = (kind(pair.left), kind(pair.right))
            && left != right
        {
            let shown = |exactly_one: bool| if exactly_one { "`oneOf`" } else { "`anyOf`" };
            let change = Change::Quality {
                noun: "the keyword that combines the alternatives",
                old: shown(left).to_owned(),
                new: shown(right).to_owned(),
            };
            self.report(
                pair,
                rules::UNION_CHANGED,
                Effect::Unless(Level::Editorial),
                change,
                &keywords,
            );
        }
    }

    /// Validators ignore discriminators, but generated code reads them.
    fn discriminator(&mut self, pair: &SchemaPair<'_>) {
        let of = |schema: &Schema| {
            schema
                .unions
                .first()
                .and_then(|union| union.discriminator.clone())
        };
        if self.verdicts.relation == Relation::Evolution && of(pair.left) != of(pair.right) {
            let change = discriminator_change(of(pair.left), of(pair.right));
            let (old, new) = self.locations(pair, &["discriminator", "oneOf", "anyOf"]);
            let rule = rules::DISCRIMINATOR_CHANGED;
            let effect = Effect::Unless(Level::Risky);
            let difference = Difference::unseen(rule, effect, change, (old, new));
            self.verdicts.report(&self.at, difference);
        }
    }

    fn undecided_unions(&mut self, pair: &SchemaPair<'_>) {
        if !self.allow_the_same(pair.old, pair.new) {
            let change = Change::Quality {
                noun: "the combination of alternatives",
                old: shown_unions(self.verdicts.old, pair.left),
                new: shown_unions(self.verdicts.new, pair.right),
            };
            let keywords = ["oneOf", "anyOf"];
            let is_accepted = match self.verdicts.sender_at(&self.at) {
                Side::Old => self.is_accepted_without_null(Side::Old, pair.old, pair.new),
                Side::New => self.is_accepted_without_null(Side::New, pair.new, pair.old),
            };
            let effect = if is_accepted {
                Effect::Harmless
            } else {
                Effect::Unknown
            };
            self.report(pair, rules::UNION_CHANGED, effect, change, &keywords);
        }
    }

    /// Whether `from` sends the value at this location, and the other side certainly accepts every
    /// value that `sent` allows.
    pub(super) fn is_accepted(&mut self, from: Side, sent: SchemaId, read: SchemaId) -> bool {
        let (old, new) = (self.verdicts.old, self.verdicts.new);
        let (sender, reader) = match from {
            Side::Old => (old, new),
            Side::New => (new, old),
        };
        let null_is_accepted = !sender.schemas.get(sent).null || reader.schemas.get(read).null;
        null_is_accepted && self.is_accepted_without_null(from, sent, read)
    }

    /// Like [`is_accepted`](Self::is_accepted), but ignores null: whether an alternative may be null
    /// is decided by the union around it.
    fn is_accepted_without_null(&mut self, from: Side, sent: SchemaId, read: SchemaId) -> bool {
        if self.verdicts.sender_at(&self.at) != from {
            return false;
        }
        let key = (from, sent, read);
        if let Some(&is_accepted) = self.verdicts.cache.accepted.get(&key) {
            return is_accepted;
        }
        let is_accepted = self.is_included(from, sent, read);
        self.verdicts.cache.accepted.insert(key, is_accepted);
        is_accepted
    }

    fn is_included(&self, from: Side, sent: SchemaId, read: SchemaId) -> bool {
        let values = self.verdicts.value_fingerprints();
        let (old, new) = (self.verdicts.old, self.verdicts.new);
        match from {
            Side::Old => {
                let is_same = |a, b| values.are_same(a, b);
                Inclusion::new(old, new, &is_same).holds(sent, read)
            }
            Side::New => {
                let is_same = |a, b| values.are_same(b, a);
                Inclusion::new(new, old, &is_same).holds(sent, read)
            }
        }
    }

    /// Whether two schemas allow the same values, whatever their component names.
    pub(super) fn allow_the_same(&self, old: SchemaId, new: SchemaId) -> bool {
        self.verdicts.value_fingerprints().are_same(old, new)
    }

    /// Pairs the alternatives of both sides: equal ones first, then those with a common
    /// discriminator value, then those with the same component name, then the rest if both sides
    /// have equally many left.
    fn matching(
        &self,
        pair: &SchemaPair<'_>,
        old: &[SchemaId],
        new: &[SchemaId],
    ) -> Vec<(usize, usize)> {
        let mut matching: Vec<(usize, usize)> = Vec::new();
        let is_free = |matching: &[(usize, usize)], i: usize, j: usize| {
            !matching.iter().any(|&(old, new)| old == i || new == j)
        };
        let names = |contract: &Contract, ids: &[SchemaId]| -> Vec<Option<String>> {
            let component = |&id: &SchemaId| contract.schemas.get(id).component.clone();
            ids.iter().map(component).collect()
        };
        let left_names = names(self.verdicts.old, old);
        let right_names = names(self.verdicts.new, new);
        let values_of = |schema: &Schema, names: &[Option<String>]| -> Vec<BTreeSet<String>> {
            names
                .iter()
                .map(|name| discriminator_values(schema, name.as_deref()))
                .collect()
        };
        let (left_values, right_values) = (
            values_of(pair.left, &left_names),
            values_of(pair.right, &right_names),
        );
        let is_equal = |i: usize, j: usize| self.allow_the_same(old[i], new[j]);
        let shares_value = |i: usize, j: usize| !left_values[i].is_disjoint(&right_values[j]);
        let is_named =
            |i: usize, j: usize| left_names[i].is_some() && left_names[i] == right_names[j];
        let tests: [&dyn Fn(usize, usize) -> bool; 3] = [&is_equal, &shares_value, &is_named];
        for test in tests {
            for i in 0..old.len() {
                for j in 0..new.len() {
                    if is_free(&matching, i, j) && test(i, j) {
                        matching.push((i, j));
                    }
                }
            }
        }
        let rest_old: Vec<usize> = (0..old.len())
            .filter(|&i| is_free(&matching, i, usize::MAX))
            .collect();
        let rest_new: Vec<usize> = (0..new.len())
            .filter(|&j| is_free(&matching, usize::MAX, j))
            .collect();
        if rest_old.len() == rest_new.len() {
            matching.extend(rest_old.into_iter().zip(rest_new));
        }
        matching
    }

    /// Compares keywords that the canonical form keeps unread. All of them restrict values: adding
    /// one narrows, removing one widens.
    pub(super) fn opaque(&mut self, pair: &SchemaPair<'_>) {
        let (left, right) = (&pair.left.opaque, &pair.right.opaque);
        let keywords: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
        for keyword in keywords {
            let effect = match (left.get(keyword), right.get(keyword)) {
                (Some(old), Some(new)) if self.are_same_opaque(old, new) => continue,
                _ if keyword == "contentSchema" => {
                    // Only clients that decode the string see it.
                    let change = self.keyword_change(pair, keyword);
                    self.content(pair, change, &["contentSchema"]);
                    continue;
                }
                (None, _) => Effect::Narrows,
                (_, None) => Effect::Widens,
                (Some(old), Some(new)) => {
                    count_effect(keyword, old, new).unwrap_or(Effect::Unknown)
                }
            };
            let change = self.keyword_change(pair, keyword);
            self.report(pair, rules::KEYWORD_CHANGED, effect, change, &[keyword]);
        }
    }

    /// Reports a keyword that cannot be read on one side and differs on the other. Nothing else is
    /// known about such a pair.
    pub(super) fn unreadable(&mut self, pair: &SchemaPair<'_>) -> bool {
        let (left, right) = (&pair.left.opaque, &pair.right.opaque);
        let unreadable = |keywords: &BTreeMap<String, Vec<Opaque>>, keyword: &str| {
            let values = keywords.get(keyword).into_iter().flatten();
            let unreadable = values.filter_map(|value| match value {
                Opaque::Unreadable(value) => Some(value.clone()),
                _ => None,
            });
            unreadable.collect::<Vec<_>>()
        };
        let mut keywords: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
        keywords.retain(|keyword| unreadable(left, keyword) != unreadable(right, keyword));
        // The invalid part itself is a finding. Only after a release with one does it remain unknown
        // what changed.
        let is_reported = |keyword: &&&String| {
            self.verdicts.relation == Relation::Evolution && !unreadable(left, keyword).is_empty()
        };
        let reported: Vec<&String> = keywords.iter().filter(is_reported).copied().collect();
        for keyword in reported {
            let [old, new] = self.written(pair, keyword);
            let shown = |written: Option<Literal>, values: Vec<serde_json::Value>| {
                written.or_else(|| values.into_iter().next().map(Literal::from))
            };
            let old = shown(old, unreadable(left, keyword));
            let new = shown(new, unreadable(right, keyword));
            let change = Change::keyword(keyword, old, new);
            let mut difference = self.difference(
                pair,
                rules::KEYWORD_CHANGED,
                Effect::Unknown,
                change,
                &[keyword],
            );
            difference.candidates = Candidates::None;
            self.verdicts.report(&self.at, difference);
        }
        !keywords.is_empty()
    }

    fn are_same_opaque(&self, old: &[Opaque], new: &[Opaque]) -> bool {
        let is_same = |(old, new): (&Opaque, &Opaque)| match (old, new) {
            (Opaque::Json(old), Opaque::Json(new))
            | (Opaque::Unreadable(old), Opaque::Unreadable(new)) => crate::model::is_same(old, new),
            (Opaque::Schema(old), Opaque::Schema(new)) => self.allow_the_same(*old, *new),
            (Opaque::Schemas(old), Opaque::Schemas(new)) => {
                old.len() == new.len()
                    && old.iter().all(|(name, &id)| {
                        new.get(name)
                            .is_some_and(|&other| self.allow_the_same(id, other))
                    })
            }
            _ => false,
        };
        old.len() == new.len() && old.iter().zip(new).all(is_same)
    }
}

/// The discriminator property, and the component names by its values.
type Discriminator = (String, BTreeMap<String, String>);

/// The change of a discriminator: of its property if that differs, otherwise of its mapping.
fn discriminator_change(old: Option<Discriminator>, new: Option<Discriminator>) -> Change {
    let [property, mapping] = ["discriminator.propertyName", "discriminator.mapping"];
    match (old, new) {
        (Some((old, _)), Some((new, _))) if old != new => {
            Change::keyword(property, Some(&old), Some(&new))
        }
        (Some((_, old)), Some((_, new))) => {
            let literal = |mapping: BTreeMap<String, String>| {
                let pairs = mapping.into_iter();
                let pairs = pairs.map(|(value, name)| format!("{value}: {name}"));
                Literal::Json(format!("{{{}}}", pairs.collect::<Vec<_>>().join(", ")))
            };
            Change::keyword(mapping, Some(literal(old)), Some(literal(new)))
        }
        (old, new) => {
            let property_of =
                |discriminator: Option<Discriminator>| discriminator.map(|(name, _)| name);
            let (old, new) = (property_of(old), property_of(new));
            Change::keyword(property, old.as_ref(), new.as_ref())
        }
    }
}

/// The alternatives of a schema as text: "`anyOf` of `Cat` and `Dog` plus `oneOf` of `A` and `B`".
fn shown_unions(contract: &Contract, schema: &Schema) -> String {
    let unions = schema.unions.iter().map(|union| {
        let keyword = if union.exactly_one { "oneOf" } else { "anyOf" };
        let names = union.members.iter();
        let names = names.filter_map(|&id| contract.schemas.get(id).component.as_ref());
        let names: Vec<&String> = names.collect();
        if names.is_empty() {
            let count = union.members.len();
            format!("`{keyword}` with {count} inline alternatives")
        } else {
            format!("`{keyword}` of {}", code_list(names, "and"))
        }
    });
    let unions: Vec<String> = unions.collect();
    match unions.is_empty() {
        true => "none".to_owned(),
        false => unions.join(" plus "),
    }
}

/// The discriminator values of an alternative: those mapped to it, or its own name without a
/// mapping.
fn discriminator_values(schema: &Schema, name: Option<&str>) -> BTreeSet<String> {
    let discriminator = schema
        .unions
        .first()
        .and_then(|union| union.discriminator.as_ref());
    let (Some((_, mapping)), Some(name)) = (discriminator, name) else {
        return BTreeSet::new();
    };
    let mapped = mapping.iter().filter(|(_, target)| *target == name);
    let mut values: BTreeSet<String> = mapped.map(|(value, _)| value.clone()).collect();
    if values.is_empty() {
        values.insert(name.to_owned());
    }
    values
}

/// The effect of another `minContains` or `maxContains`.
fn count_effect(keyword: &str, old: &[Opaque], new: &[Opaque]) -> Option<Effect> {
    let ([Opaque::Json(old)], [Opaque::Json(new)]) = (old, new) else {
        return None;
    };
    let (old, new) = (old.as_u64()?, new.as_u64()?);
    let is_least = match keyword {
        "minContains" => true,
        "maxContains" => false,
        _ => return None,
    };
    Effect::of((new > old) == is_least, (new < old) == is_least)
}
