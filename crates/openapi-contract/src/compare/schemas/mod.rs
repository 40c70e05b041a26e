//! Schemas: the values that each side allows, per JSON type and at any depth.

mod combinations;
mod containers;
mod counts;
mod enums;
mod formats;
mod inclusion;
mod numbers;
mod patterns;
mod strings;
mod types;

use std::collections::BTreeSet;

use super::Relation;
use super::change::{Change, Literal};
use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::memo::{MemoId, Pairing};
use super::verdict::Verdicts;
use crate::document::NodeId;
use crate::finding::{Level, Location};
use crate::model::{Contract, Schema, SchemaId};
use crate::rules::{self, Rule};
use crate::witness::{Side, ValueStep};

/// Compares two schemas. The nodes locate findings about schemas without a node of their own.
pub(super) fn compare(
    verdicts: &mut Verdicts<'_>,
    at: &Cursor<'_>,
    old: (SchemaId, NodeId),
    new: (SchemaId, NodeId),
) {
    verdicts.memo.start();
    verdicts.reported.clear();
    let mut walk = SchemaWalk {
        verdicts,
        at: at.clone(),
        fallback: (old.1, new.1),
        inside: Vec::new(),
        null_counts: true,
    };
    walk.pair(old.0, new.0);
}

/// A walk through two schemas in parallel.
struct SchemaWalk<'w, 'a, 'k> {
    verdicts: &'w mut Verdicts<'a>,
    at: Cursor<'k>,
    fallback: (NodeId, NodeId),
    /// The pairs inside the current pair that differ.
    inside: Vec<(ValueStep, MemoId)>,
    /// Whether a difference in null is reported for the current pair. It is not for alternatives:
    /// their union reports it.
    null_counts: bool,
}

impl SchemaWalk<'_, '_, '_> {
    /// Compares two schemas unless they are equal.
    fn pair(&mut self, old: SchemaId, new: SchemaId) -> Option<MemoId> {
        // Most schemas do not change between two versions.
        if self.verdicts.full_fingerprints().are_same(old, new) {
            return None;
        }
        let pairing = Pairing {
            old,
            new,
            null_counts: self.null_counts,
            is_text: self.at.is_text(self.verdicts.old),
            direction: self.at.direction(),
            sender: self.verdicts.sender_at(&self.at),
        };
        let (id, is_first) = self.verdicts.memo.enter(pairing);
        if is_first && self.is_open(id) {
            self.evaluate(id);
        } else if is_first {
            self.replay(id);
        }
        Some(id)
    }

    /// Whether comparing a pair again could find a proof that is missing so far.
    fn is_open(&self, id: MemoId) -> bool {
        let is_proved = |reported| self.verdicts.is_proved(reported);
        self.verdicts.memo.is_open(id, is_proved)
    }

    /// Compares a pair and records the result.
    fn evaluate(&mut self, id: MemoId) {
        let around = std::mem::take(&mut self.inside);
        let reported_around = std::mem::take(&mut self.verdicts.reported);
        self.differences(self.verdicts.memo.pairing(id));
        let reported = std::mem::replace(&mut self.verdicts.reported, reported_around);
        let depth = self.at.steps.len();
        let reported = reported.into_iter().map(|(what, steps)| {
            let within = steps.get(depth..).unwrap_or_default().to_vec();
            (what, within)
        });
        let inside = std::mem::replace(&mut self.inside, around);
        self.verdicts.memo.evaluated(id, reported.collect(), inside);
    }

    /// Adds the current location to all findings about a pair and the pairs inside it.
    fn replay(&mut self, id: MemoId) {
        let null_counted = self.null_counts;
        self.report_again(id);
        // The enclosing pairs, each with the index of the inner pair to visit next.
        let mut around = vec![(id, 0)];
        while let Some((outer, next)) = around.last_mut() {
            let (outer, index) = (*outer, *next);
            *next += 1;
            let Some(inner) = self.verdicts.memo.inside(outer, index) else {
                around.pop();
                if !around.is_empty() {
                    self.at.steps.pop();
                }
                continue;
            };
            if !self.verdicts.memo.is_first(inner) {
                continue;
            }
            let step = self.verdicts.memo.step(outer, index);
            self.at.steps.extend(step);
            if self.is_open(inner) {
                self.null_counts = self.verdicts.memo.pairing(inner).null_counts;
                self.evaluate(inner);
                self.at.steps.pop();
            } else {
                self.report_again(inner);
                around.push((inner, 0));
            }
        }
        self.null_counts = null_counted;
    }

    fn report_again(&mut self, id: MemoId) {
        for index in 0..self.verdicts.memo.reported(id).len() {
            let (reported, within) = self.verdicts.memo.reported(id)[index].clone();
            let depth = self.at.steps.len();
            self.at.steps.extend(within);
            self.verdicts.report_again(reported, &self.at);
            self.at.steps.truncate(depth);
        }
    }

    /// Reports the differences between two schemas and between the schemas inside them.
    fn differences(&mut self, Pairing { old, new, .. }: Pairing) {
        let (old_contract, new_contract) = (self.verdicts.old, self.verdicts.new);
        let (left, right) = (old_contract.schemas.get(old), new_contract.schemas.get(new));
        let pair = SchemaPair {
            old,
            new,
            left,
            right,
        };
        if self.unreadable(&pair) {
            return;
        }
        if self.verdicts.relation != Relation::Client {
            self.annotations(&pair);
        }
        if self.null_counts && left.null != right.null {
            self.null(&pair);
        }
        let around = self.at.component.clone();
        if let Some(name) = &left.component {
            self.at.component = Some((name.clone(), self.at.steps.len()));
        }
        if self.verdicts.relation == Relation::Evolution && left.component != right.component {
            self.component(&pair);
        }
        let null_counted = std::mem::replace(&mut self.null_counts, true);
        if left.unions.is_empty() && right.unions.is_empty() {
            self.parts(&pair);
        } else {
            self.unions(&pair);
        }
        self.opaque(&pair);
        self.null_counts = null_counted;
        self.at.component = around;
    }

    /// Reports another component name, which only generated types show.
    fn component(&mut self, pair: &SchemaPair<'_>) {
        let shown = |name: &Option<String>| match name {
            Some(name) => format!("the component `{name}`"),
            None => "an inline schema".to_owned(),
        };
        let components = [&pair.left.component, &pair.right.component];
        let [old, new] = components.map(shown);
        let subject = components.into_iter().flatten().cloned().collect();
        let difference = Difference::unseen(
            rules::COMPONENT_RENAMED,
            Effect::Unless(Level::Editorial),
            Change::Named {
                noun: "the schema".to_owned(),
                old,
                new,
            },
            self.locations(pair, &[]),
        );
        self.verdicts
            .report_name_list(subject, &self.at, difference);
    }

    fn inside(&mut self, step: ValueStep, old: SchemaId, new: SchemaId) {
        self.at.steps.push(step);
        // Mutually recursive schemas can nest deeper than a thread's stack.
        let visit = stacker::maybe_grow(128 << 10, 4 << 20, || self.pair(old, new));
        if let (Some(step), Some(visit)) = (self.at.steps.pop(), visit) {
            self.inside.push((step, visit));
        }
    }

    /// Reports a difference in the values of a pair. On each side, the first of `keywords` that the
    /// schema has is its location.
    fn report(
        &mut self,
        pair: &SchemaPair<'_>,
        rule: Rule,
        effect: Effect,
        change: Change,
        keywords: &[&str],
    ) {
        let difference = self.difference(pair, rule, effect, change, keywords);
        self.verdicts.report(&self.at, difference);
    }

    /// Reports a difference in a list of names, such as `required`: `subject` has the names. See
    /// [`report`](Self::report).
    fn report_name_list(
        &mut self,
        subject: Vec<String>,
        pair: &SchemaPair<'_>,
        rule: Rule,
        effect: Effect,
        change: Change,
        keywords: &[&str],
    ) {
        let difference = self.difference(pair, rule, effect, change, keywords);
        self.verdicts
            .report_name_list(subject, &self.at, difference);
    }

    /// Reports a difference with values that are known to distinguish the two sides. See
    /// [`report`](Self::report).
    fn report_with(
        &mut self,
        distinguishing: Vec<serde_json::Value>,
        pair: &SchemaPair<'_>,
        rule: Rule,
        effect: Effect,
        change: Change,
        keywords: &[&str],
    ) {
        let mut difference = self.difference(pair, rule, effect, change, keywords);
        difference.candidates = Candidates::Values(pair.old, pair.new, distinguishing);
        self.verdicts.report(&self.at, difference);
    }

    fn difference(
        &self,
        pair: &SchemaPair<'_>,
        rule: Rule,
        effect: Effect,
        change: Change,
        keywords: &[&str],
    ) -> Difference {
        let (old, new) = self.locations(pair, keywords);
        Difference {
            rule,
            effect,
            change,
            old,
            new,
            candidates: Candidates::Values(pair.old, pair.new, Vec::new()),
        }
    }

    fn locations(&self, pair: &SchemaPair<'_>, keywords: &[&str]) -> (Location, Location) {
        (
            location(self.verdicts.old, pair.left, self.fallback.0, keywords),
            location(self.verdicts.new, pair.right, self.fallback.1, keywords),
        )
    }

    /// The value of a keyword on each side, as written.
    fn written(&self, pair: &SchemaPair<'_>, keyword: &str) -> [Option<Literal>; 2] {
        let find = |contract: &Contract, schema: &Schema| {
            let document = &contract.document;
            let mut sources = schema.sources.iter();
            let value = sources.find_map(|&source| document.get(source, keyword))?;
            Some(Literal::from(document.to_json(value)))
        };
        [
            find(self.verdicts.old, pair.left),
            find(self.verdicts.new, pair.right),
        ]
    }

    /// The change of a keyword whose value is a schema or other JSON.
    fn keyword_change(&self, pair: &SchemaPair<'_>, keyword: &str) -> Change {
        match self.written(pair, keyword) {
            [Some(old), Some(new)] if old == new => Change::Referenced {
                keyword: keyword.to_owned(),
                value: new,
            },
            [old, new] => Change::keyword(keyword, old, new),
        }
    }

    fn annotations(&mut self, pair: &SchemaPair<'_>) {
        let (left, right) = (pair.left.annotations(), pair.right.annotations());
        let mut found = Vec::new();
        let mut note = |rule, level, change, keyword| {
            found.push((rule, Effect::Unless(level), change, keyword));
        };
        if !same_json(left.default.as_ref(), right.default.as_ref()) {
            let change = Change::keyword("default", left.default.as_ref(), right.default.as_ref());
            note(rules::DEFAULT_CHANGED, Level::Risky, change, "default");
        }
        let names_type = self.verdicts.relation == Relation::Evolution
            && is_named_by_title(pair.left)
            && is_named_by_title(pair.right);
        let is_renamed = names_type && left.title != right.title;
        if is_renamed {
            let change = Change::keyword("title", left.title.as_ref(), right.title.as_ref());
            note(rules::TITLE_CHANGED, Level::Editorial, change, "title");
        }
        let what = self.noun(pair);
        let texts = [
            ("title", &left.title, &right.title, !is_renamed),
            ("description", &left.description, &right.description, true),
        ];
        let texts = texts
            .into_iter()
            .filter(|(_, old, new, counts)| *counts && old != new)
            .map(|(keyword, old, new, _)| {
                let noun = format!("the {keyword} of {what}");
                Change::text(noun, old.as_ref(), new.as_ref())
            });
        let texts: Vec<Change> = texts.collect();
        if !texts.is_empty() {
            let rule = rules::DESCRIPTION_CHANGED;
            note(rule, Level::Editorial, Change::all(texts), "description");
        }
        if left.deprecated != right.deprecated {
            let (rule, side) = if right.deprecated {
                (rules::VALUE_DEPRECATED, Side::New)
            } else {
                (rules::VALUE_UNDEPRECATED, Side::Old)
            };
            let change = Change::Deprecated { what, side };
            note(rule, Level::Compatible, change, "deprecated");
        }
        let flags = [
            ("readOnly", left.read_only, right.read_only),
            ("writeOnly", left.write_only, right.write_only),
        ];
        let flags = flags.into_iter().filter(|(_, old, new)| old != new);
        let flags: Vec<Change> = flags
            .map(|(keyword, old, new)| {
                Change::keyword(keyword, old.then_some(true), new.then_some(true))
            })
            .collect();
        if !flags.is_empty() {
            let rule = rules::READ_ONLY_CHANGED;
            note(rule, Level::Risky, Change::all(flags), "readOnly");
        }
        for (rule, effect, change, keyword) in found {
            let locations = self.locations(pair, &[keyword]);
            let difference = Difference::unseen(rule, effect, change, locations);
            self.verdicts.report(&self.at, difference);
        }
    }

    /// The schema in a sentence, independent of where it is used.
    fn noun(&self, pair: &SchemaPair<'_>) -> String {
        let component = pair
            .left
            .component
            .as_ref()
            .or(pair.right.component.as_ref());
        match (component, self.at.steps.last()) {
            (Some(component), _) => format!("the schema `{component}`"),
            (None, Some(ValueStep::Property(name))) => format!("the property `{name}`"),
            (None, _) => "the value".to_owned(),
        }
    }

    fn null(&mut self, pair: &SchemaPair<'_>) {
        let (rule, effect, side) = if pair.right.null {
            (rules::NULL_ALLOWED, Effect::Widens, Side::New)
        } else {
            (rules::NULL_FORBIDDEN, Effect::Narrows, Side::Old)
        };
        let keywords = ["nullable", "type", "anyOf", "oneOf", "enum"];
        self.at.is_about_null = true;
        self.report(pair, rule, effect, Change::Null { side }, &keywords);
        self.at.is_about_null = false;
    }

    /// Compares the keywords of each JSON type.
    fn parts(&mut self, pair: &SchemaPair<'_>) {
        let (left, right) = (pair.left, pair.right);
        self.types(pair);
        if left.boolean.is_any() && right.boolean.is_any() && left.boolean != right.boolean {
            let listed = |booleans: crate::model::Booleans| {
                let all = [(booleans.r#false, "false"), (booleans.r#true, "true")];
                all.into_iter()
                    .filter(|(is_in, _)| *is_in)
                    .map(|(_, name)| name)
                    .collect::<BTreeSet<_>>()
            };
            self.enumeration(pair, &listed(left.boolean), &listed(right.boolean));
        }
        if let (Some(left), Some(right)) = (&left.number, &right.number) {
            self.numbers(pair, left, right);
        }
        if let (Some(left), Some(right)) = (&left.string, &right.string) {
            self.strings(pair, left, right);
        }
        if let (Some(left), Some(right)) = (&left.array, &right.array) {
            self.arrays(pair, left, right);
        }
        if let (Some(left), Some(right)) = (&left.object, &right.object) {
            self.objects(pair, left, right);
        }
    }
}

/// Whether generated clients name the type of a schema by its title.
fn is_named_by_title(schema: &Schema) -> bool {
    let has_properties = |rules: &crate::model::ObjectConstraints| !rules.properties.is_empty();
    let lists_some = |rules: &crate::model::StringConstraints| rules.constants.is_some();
    schema.component.is_none()
        && (schema.object.as_deref().is_some_and(has_properties)
            || schema.string.as_deref().is_some_and(lists_some)
            || !schema.unions.is_empty())
}

/// Two schemas that are compared.
struct SchemaPair<'s> {
    old: SchemaId,
    new: SchemaId,
    left: &'s Schema,
    right: &'s Schema,
}

fn same_json(left: Option<&serde_json::Value>, right: Option<&serde_json::Value>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => crate::model::is_same(left, right),
        (left, right) => left.is_none() && right.is_none(),
    }
}

/// The first of these keywords that the schema has, otherwise the schema itself.
fn location(contract: &Contract, schema: &Schema, fallback: NodeId, keywords: &[&str]) -> Location {
    let document = &contract.document;
    let written = keywords.iter().find_map(|keyword| {
        let has_it = |source: &&NodeId| document.get(**source, keyword).is_some();
        let source = schema.sources.iter().find(has_it)?;
        Some(Location::new(document, *source, Some(keyword)))
    });
    written.unwrap_or_else(|| {
        let node = schema.sources.first().copied().unwrap_or(fallback);
        Location::new(document, node, None)
    })
}
