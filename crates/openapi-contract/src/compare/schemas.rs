//! Schemas: which values each side allows, JSON type by JSON type, down to any depth.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Display;

use super::Relation;
use super::verdict::{At, Candidates, Difference, Effect, Verdicts};
use crate::document::NodeId;
use crate::finding::{Direction, Level, Location};
use crate::model::{
    ArrayRules, Bound, Contract, NumberRules, ObjectRules, Schema, SchemaId, Schemas, StringRules,
    canonical_schema_json, is_checked_format,
};
use crate::rules::{self, Rule};
use crate::witness::{Part, Step};

/// Compares two schemas. The nodes are what to point at where a schema has no place of its own.
pub(super) fn compare(
    verdicts: &mut Verdicts<'_>,
    at: &At<'_>,
    old: (SchemaId, NodeId),
    new: (SchemaId, NodeId),
) {
    let mut walk = Walk {
        verdicts,
        at: at.clone(),
        fallback: (old.1, new.1),
        seen: HashSet::new(),
        null_counts: true,
    };
    walk.pair(old.0, new.0);
}

/// A walk through two schemas in step.
struct Walk<'w, 'a, 'k> {
    verdicts: &'w mut Verdicts<'a>,
    at: At<'k>,
    fallback: (NodeId, NodeId),
    /// Pairs that were met before: recursion, or the same component again.
    seen: HashSet<(SchemaId, SchemaId, bool)>,
    /// Whether null is decided here. The members of a union leave it to the union.
    null_counts: bool,
}

impl Walk<'_, '_, '_> {
    fn pair(&mut self, old: SchemaId, new: SchemaId) {
        let is_any = old == Schemas::ANY && new == Schemas::ANY;
        if is_any || !self.seen.insert((old, new, self.null_counts)) {
            return;
        }
        let (old_contract, new_contract) = (self.verdicts.old, self.verdicts.new);
        let (left, right) = (old_contract.schemas.get(old), new_contract.schemas.get(new));
        let pair = Pair {
            old,
            new,
            left,
            right,
        };
        if self.verdicts.relation != Relation::Client {
            self.notes(&pair);
        }
        if self.null_counts && left.null != right.null {
            self.null(&pair);
        }
        let null_counted = std::mem::replace(&mut self.null_counts, true);
        if left.unions.is_empty() && right.unions.is_empty() {
            self.parts(&pair);
        } else {
            self.unions(&pair);
        }
        self.opaque(&pair);
        self.null_counts = null_counted;
    }

    fn inside(&mut self, step: Step, old: SchemaId, new: SchemaId) {
        self.at.steps.push(step);
        self.pair(old, new);
        self.at.steps.pop();
    }

    /// Reports a difference in the values of a pair. The places are those of the first keyword that
    /// each side has.
    fn report(
        &mut self,
        pair: &Pair<'_>,
        rule: Rule,
        effect: Effect,
        fact: String,
        keywords: &[&str],
    ) {
        let (old, new) = self.places(pair, keywords);
        let candidates = Candidates::Values(pair.old, pair.new);
        let difference = Difference {
            rule,
            effect,
            fact,
            old,
            new,
            candidates,
        };
        self.verdicts.report(&self.at, difference);
    }

    fn places(&self, pair: &Pair<'_>, keywords: &[&str]) -> (Location, Location) {
        (
            place(self.verdicts.old, pair.left, self.fallback.0, keywords),
            place(self.verdicts.new, pair.right, self.fallback.1, keywords),
        )
    }

    fn names(&self) -> [&'static str; 2] {
        self.verdicts.relation.names()
    }

    fn notes(&mut self, pair: &Pair<'_>) {
        let (left, right) = (&pair.left.notes, &pair.right.notes);
        let [old, new] = self.names();
        let note =
            |rule, level, fact: String, keyword| (rule, Effect::Unless(level), fact, keyword);
        let mut found = Vec::new();
        if !same_json(left.default.as_ref(), right.default.as_ref()) {
            let shown = |default: &Option<serde_json::Value>| {
                default
                    .as_ref()
                    .map_or("none".to_owned(), |value| format!("`{value}`"))
            };
            let fact = format!(
                "the default is {} in {old} and {} in {new}",
                shown(&left.default),
                shown(&right.default)
            );
            found.push(note(rules::DEFAULT_CHANGED, Level::Risky, fact, "default"));
        }
        if (&left.title, &left.description) != (&right.title, &right.description) {
            let fact = "the title or description reads differently".to_owned();
            found.push(note(
                rules::DESCRIPTION_CHANGED,
                Level::Docs,
                fact,
                "description",
            ));
        }
        if (left.read_only, left.write_only) != (right.read_only, right.write_only) {
            let fact = "`readOnly` or `writeOnly` is set on one side only".to_owned();
            found.push(note(
                rules::READ_ONLY_CHANGED,
                Level::Risky,
                fact,
                "readOnly",
            ));
        }
        for (rule, effect, fact, keyword) in found {
            let (old, new) = self.places(pair, &[keyword]);
            let candidates = Candidates::None;
            let difference = Difference {
                rule,
                effect,
                fact,
                old,
                new,
                candidates,
            };
            self.verdicts.report(&self.at, difference);
        }
    }

    fn null(&mut self, pair: &Pair<'_>) {
        let [old, new] = self.names();
        let (rule, effect, who) = if pair.right.null {
            (rules::NULL_ALLOWED, Effect::Widens, new)
        } else {
            (rules::NULL_FORBIDDEN, Effect::Narrows, old)
        };
        let keywords = ["nullable", "type", "anyOf", "oneOf", "enum"];
        self.report(
            pair,
            rule,
            effect,
            format!("null is allowed by {who} only"),
            &keywords,
        );
    }

    /// Compares the parts for the JSON types.
    fn parts(&mut self, pair: &Pair<'_>) {
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

    fn types(&mut self, pair: &Pair<'_>) {
        let of = |schema: &Schema| {
            let mut types: BTreeSet<&str> = schema.types().into_iter().collect();
            types.remove("null");
            types
        };
        let (left, right) = (of(pair.left), of(pair.right));
        if left == right {
            return;
        }
        // Every integer is a number.
        let covers = |all: &BTreeSet<&str>, name: &str| {
            all.contains(name) || (name == "integer" && all.contains("number"))
        };
        let narrows = left.iter().any(|name| !covers(&right, name));
        let widens = right.iter().any(|name| !covers(&left, name));
        let Some(effect) = Effect::of(narrows, widens) else {
            return;
        };
        let rule = match effect {
            Effect::Narrows => rules::TYPE_NARROWED,
            Effect::Widens => rules::TYPE_WIDENED,
            _ => rules::TYPE_CHANGED,
        };
        let listed = |types: &BTreeSet<&str>| match types.len() {
            0 => "nothing but null".to_owned(),
            _ => types
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(" or "),
        };
        let [old, new] = self.names();
        let fact = format!(
            "the type is {} in {old} and {} in {new}",
            listed(&left),
            listed(&right)
        );
        self.report(
            pair,
            rule,
            effect,
            fact,
            &["type", "anyOf", "oneOf", "enum"],
        );
    }

    /// Compares listed values; both sides list some.
    fn enumeration<T: Ord + Display>(
        &mut self,
        pair: &Pair<'_>,
        left: &BTreeSet<T>,
        right: &BTreeSet<T>,
    ) {
        let names = self.names();
        let listed = |values: Vec<&T>| {
            values
                .iter()
                .map(|value| format!("`{value}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let gone: Vec<&T> = left.difference(right).collect();
        let come: Vec<&T> = right.difference(left).collect();
        if !gone.is_empty() {
            let fact = format!("{} is listed in {} only", listed(gone), names[0]);
            self.report(
                pair,
                rules::ENUM_VALUE_REMOVED,
                Effect::Narrows,
                fact,
                &["enum", "const"],
            );
        }
        if !come.is_empty() {
            let fact = format!("{} is listed in {} only", listed(come), names[1]);
            self.report(
                pair,
                rules::ENUM_VALUE_ADDED,
                Effect::Widens,
                fact,
                &["enum", "const"],
            );
        }
    }

    /// Reports values that are listed on one side only, or differ. True when a side lists some: the
    /// list then says it all.
    fn constants<T: Ord + Display>(
        &mut self,
        pair: &Pair<'_>,
        left: Option<&BTreeSet<T>>,
        right: Option<&BTreeSet<T>>,
    ) -> bool {
        let [old, new] = self.names();
        match (left, right) {
            (None, None) => return false,
            (Some(left), Some(right)) => self.enumeration(pair, left, right),
            (None, Some(_)) => {
                let fact = format!("{new} lists the allowed values, {old} does not");
                self.report(
                    pair,
                    rules::ENUM_ADDED,
                    Effect::Narrows,
                    fact,
                    &["enum", "const"],
                );
            }
            (Some(_), None) => {
                let fact = format!("{old} lists the allowed values, {new} does not");
                self.report(
                    pair,
                    rules::ENUM_REMOVED,
                    Effect::Widens,
                    fact,
                    &["enum", "const"],
                );
            }
        }
        true
    }

    fn numbers(&mut self, pair: &Pair<'_>, left: &NumberRules, right: &NumberRules) {
        if self.constants(pair, left.constants.as_ref(), right.constants.as_ref()) {
            return;
        }
        let [old, new] = self.names();
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
            let fact = limits("minimum", left.minimum, right.minimum, [old, new]);
            self.report(
                pair,
                rule,
                effect,
                fact,
                &["minimum", "exclusiveMinimum", "format"],
            );
        }
        if let Some(effect) = maximum.filter(|_| maximum_is_written) {
            let rule = if effect == Effect::Narrows {
                rules::MAXIMUM_LOWERED
            } else {
                rules::MAXIMUM_RAISED
            };
            let fact = limits("maximum", left.maximum, right.maximum, [old, new]);
            self.report(
                pair,
                rule,
                effect,
                fact,
                &["maximum", "exclusiveMaximum", "format"],
            );
        }
        if left.format != right.format {
            // What the keywords do not say, the format did.
            let implied = [
                minimum.filter(|_| !minimum_is_written),
                maximum.filter(|_| !maximum_is_written),
            ];
            let narrows = implied.contains(&Some(Effect::Narrows));
            let widens = implied.contains(&Some(Effect::Widens));
            let effect = Effect::of(narrows, widens).unwrap_or(Effect::Unless(Level::Docs));
            self.format(pair, left.format.as_ref(), right.format.as_ref(), effect);
        }
        if left.multiple_of != right.multiple_of {
            let fact = "`multipleOf` differs".to_owned();
            self.report(
                pair,
                rules::MULTIPLE_OF_CHANGED,
                Effect::Unknown,
                fact,
                &["multipleOf"],
            );
        }
    }

    fn format(
        &mut self,
        pair: &Pair<'_>,
        left: Option<&String>,
        right: Option<&String>,
        effect: Effect,
    ) {
        let rule = match (left, right) {
            (None, _) => rules::FORMAT_ADDED,
            (_, None) => rules::FORMAT_REMOVED,
            _ => rules::FORMAT_CHANGED,
        };
        let shown =
            |format: Option<&String>| format.map_or("none".to_owned(), |name| format!("`{name}`"));
        let [old, new] = self.names();
        let fact = format!(
            "the format is {} in {old} and {} in {new}",
            shown(left),
            shown(right)
        );
        self.report(pair, rule, effect, fact, &["format"]);
    }

    fn strings(&mut self, pair: &Pair<'_>, left: &StringRules, right: &StringRules) {
        if self.constants(pair, left.constants.as_ref(), right.constants.as_ref()) {
            return;
        }
        let lengths = [rules::MIN_LENGTH_RAISED, rules::MIN_LENGTH_LOWERED];
        self.least(
            pair,
            "minLength",
            lengths,
            left.min_length,
            right.min_length,
        );
        let lengths = [rules::MAX_LENGTH_LOWERED, rules::MAX_LENGTH_RAISED];
        self.most(
            pair,
            "maxLength",
            lengths,
            left.max_length,
            right.max_length,
        );
        if left.patterns != right.patterns {
            self.patterns(pair, &left.patterns, &right.patterns);
        }
        if left.formats != right.formats {
            let (first, last) = (left.formats.first(), right.formats.first());
            let checked =
                |format: Option<&String>| format.is_some_and(|name| is_checked_format(name));
            let effect = match (checked(first), checked(last)) {
                (true, true) => Effect::Unknown,
                (true, false) => Effect::Widens,
                (false, true) => Effect::Narrows,
                // No validator knows it: it only tells readers what the string is.
                (false, false) => Effect::Unless(Level::Risky),
            };
            self.format(pair, first, last, effect);
        }
        if left.content != right.content {
            let fact = "`contentEncoding` or `contentMediaType` differs".to_owned();
            let keywords = ["contentEncoding", "contentMediaType"];
            self.report(
                pair,
                rules::CONTENT_CHANGED,
                Effect::Unless(Level::Risky),
                fact,
                &keywords,
            );
        }
    }

    fn patterns(&mut self, pair: &Pair<'_>, left: &BTreeSet<String>, right: &BTreeSet<String>) {
        let (rule, effect) = if left.is_subset(right) {
            (rules::PATTERN_ADDED, Effect::Narrows)
        } else if right.is_subset(left) {
            (rules::PATTERN_REMOVED, Effect::Widens)
        } else {
            (rules::PATTERN_CHANGED, Effect::Unknown)
        };
        let shown = |patterns: &BTreeSet<String>| match patterns.len() {
            0 => "none".to_owned(),
            _ => patterns
                .iter()
                .map(|pattern| format!("`{pattern}`"))
                .collect::<Vec<_>>()
                .join(" and "),
        };
        let [old, new] = self.names();
        let fact = format!(
            "the pattern is {} in {old} and {} in {new}",
            shown(left),
            shown(right)
        );
        self.report(pair, rule, effect, fact, &["pattern"]);
    }

    /// Compares a least count; the rules are for raising and lowering it.
    fn least(&mut self, pair: &Pair<'_>, keyword: &str, rules: [Rule; 2], left: u64, right: u64) {
        let (rule, effect) = match right.cmp(&left) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Greater => (rules[0], Effect::Narrows),
            std::cmp::Ordering::Less => (rules[1], Effect::Widens),
        };
        let some = |count: u64| (count > 0).then_some(count);
        let fact = limits(keyword, some(left), some(right), self.names());
        self.report(pair, rule, effect, fact, &[keyword]);
    }

    /// Compares a greatest count; the rules are for lowering and raising it.
    fn most(
        &mut self,
        pair: &Pair<'_>,
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
        let fact = limits(keyword, left, right, self.names());
        self.report(pair, rule, effect, fact, &[keyword]);
    }

    fn arrays(&mut self, pair: &Pair<'_>, left: &ArrayRules, right: &ArrayRules) {
        if left.constants != right.constants {
            let fact = "the listed arrays differ".to_owned();
            self.report(
                pair,
                rules::KEYWORD_CHANGED,
                Effect::Unknown,
                fact,
                &["enum", "const"],
            );
        }
        let counts = [rules::MIN_ITEMS_RAISED, rules::MIN_ITEMS_LOWERED];
        self.least(pair, "minItems", counts, left.min_items, right.min_items);
        let counts = [rules::MAX_ITEMS_LOWERED, rules::MAX_ITEMS_RAISED];
        self.most(pair, "maxItems", counts, left.max_items, right.max_items);
        if left.unique != right.unique {
            let [old, new] = self.names();
            let (rule, effect, who) = if right.unique {
                (rules::UNIQUE_ITEMS_ADDED, Effect::Narrows, new)
            } else {
                (rules::UNIQUE_ITEMS_REMOVED, Effect::Widens, old)
            };
            let fact = format!("the elements must differ in {who} only");
            self.report(pair, rule, effect, fact, &["uniqueItems"]);
        }
        if left.prefix.is_empty() && right.prefix.is_empty() {
            self.inside(Step::Item, left.items, right.items);
            return;
        }
        let is_same = canonical_schema_json(self.verdicts.old, pair.old)
            == canonical_schema_json(self.verdicts.new, pair.new);
        if !is_same {
            let fact = "the elements of the tuple differ".to_owned();
            self.report(
                pair,
                rules::KEYWORD_CHANGED,
                Effect::Unknown,
                fact,
                &["prefixItems", "items"],
            );
        }
    }

    fn objects(&mut self, pair: &Pair<'_>, left: &ObjectRules, right: &ObjectRules) {
        if left.constants != right.constants {
            let fact = "the listed objects differ".to_owned();
            self.report(
                pair,
                rules::KEYWORD_CHANGED,
                Effect::Unknown,
                fact,
                &["enum", "const"],
            );
        }
        let counts = [rules::MIN_PROPERTIES_RAISED, rules::MIN_PROPERTIES_LOWERED];
        self.least(
            pair,
            "minProperties",
            counts,
            left.min_properties,
            right.min_properties,
        );
        let counts = [rules::MAX_PROPERTIES_LOWERED, rules::MAX_PROPERTIES_RAISED];
        self.most(
            pair,
            "maxProperties",
            counts,
            left.max_properties,
            right.max_properties,
        );
        if !left
            .pattern_properties
            .keys()
            .eq(right.pattern_properties.keys())
        {
            let fact = "`patternProperties` has other patterns".to_owned();
            self.report(
                pair,
                rules::PATTERN_PROPERTIES_CHANGED,
                Effect::Unknown,
                fact,
                &["patternProperties"],
            );
        }
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

    fn property(&mut self, pair: &Pair<'_>, left: &ObjectRules, right: &ObjectRules, name: &str) {
        let [old, new] = self.names();
        let direction = self.at.part.as_ref().map(Part::direction);
        let (old_id, new_id) = (left.properties.get(name), right.properties.get(name));
        if self.is_not_sent(direction, old_id, new_id) {
            return;
        }
        let (was_required, is_required) =
            (left.required.contains(name), right.required.contains(name));
        match (old_id, new_id) {
            (Some(_), None) => {
                let required = if was_required { "required " } else { "" };
                // A server no longer sends it; that breaks who must have it. A server that ignores
                // it breaks nobody, unless it refuses what it does not know.
                let effect = match direction {
                    Some(Direction::Response) if was_required && !is_required => Effect::Widens,
                    _ => Effect::Unless(Level::Risky),
                };
                let fact = format!("the {required}property `{name}` is in {old} only");
                let (old, new) = self.property_places(pair, name);
                self.report_property(pair, rules::PROPERTY_REMOVED, effect, fact, old, new);
            }
            (None, Some(_)) => {
                let required = if is_required { "required " } else { "" };
                let effect = match direction {
                    Some(Direction::Request) if is_required && !was_required => Effect::Narrows,
                    _ => Effect::Unless(Level::Compatible),
                };
                let fact = format!("the {required}property `{name}` is in {new} only");
                let (old, new) = self.property_places(pair, name);
                self.report_property(pair, rules::PROPERTY_ADDED, effect, fact, old, new);
            }
            _ if was_required != is_required => {
                let (rule, effect, who) = if is_required {
                    (rules::PROPERTY_BECAME_REQUIRED, Effect::Narrows, new)
                } else {
                    (rules::PROPERTY_BECAME_OPTIONAL, Effect::Widens, old)
                };
                let fact = format!("the property `{name}` is required in {who} only");
                self.report(pair, rule, effect, fact, &["required", "properties"]);
            }
            _ => {}
        }
        if let (Some(&old_id), Some(&new_id)) = (old_id, new_id) {
            self.inside(Step::Property(name.to_owned()), old_id, new_id);
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
                let notes = &contract.schemas.get(id).notes;
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

    /// The property on the side that has it, and the list of properties on the other.
    fn property_places(&self, pair: &Pair<'_>, name: &str) -> (Location, Location) {
        let find = |contract: &Contract, schema: &Schema| {
            schema.sources.iter().find_map(|&source| {
                let properties = contract.document.get(source, "properties")?;
                contract.document.entry(properties, name)?;
                Some(Location::new(&contract.document, properties, Some(name)))
            })
        };
        let (old, new) = self.places(pair, &["properties"]);
        (
            find(self.verdicts.old, pair.left).unwrap_or(old),
            find(self.verdicts.new, pair.right).unwrap_or(new),
        )
    }

    fn report_property(
        &mut self,
        pair: &Pair<'_>,
        rule: Rule,
        effect: Effect,
        fact: String,
        old: Location,
        new: Location,
    ) {
        let candidates = Candidates::Values(pair.old, pair.new);
        let difference = Difference {
            rule,
            effect,
            fact,
            old,
            new,
            candidates,
        };
        self.verdicts.report(&self.at, difference);
    }

    fn additional(&mut self, pair: &Pair<'_>, left: &ObjectRules, right: &ObjectRules) {
        let (old_id, new_id) = (left.additional, right.additional);
        let [old, new] = self.names();
        let keywords = ["additionalProperties"];
        let is_open = |id| id == Schemas::ANY;
        let is_closed = |id| id == Schemas::NEVER;
        if (is_open(old_id) && is_open(new_id)) || (is_closed(old_id) && is_closed(new_id)) {
            return;
        }
        // A producer that says nothing of other properties sends none.
        let sends_none = match self.at.part.as_ref().map(Part::direction) {
            Some(Direction::Response) => !right.additional_is_declared,
            _ => !left.additional_is_declared,
        };
        let effect = |effect| {
            if sends_none {
                Effect::Unless(Level::Compatible)
            } else {
                effect
            }
        };
        if is_closed(new_id) || (is_open(old_id) && !is_open(new_id)) {
            let what = if is_closed(new_id) {
                "forbidden"
            } else {
                "held to a schema"
            };
            let fact = format!("undeclared properties are {what} in {new}, and not in {old}");
            self.report(
                pair,
                rules::ADDITIONAL_PROPERTIES_NARROWED,
                effect(Effect::Narrows),
                fact,
                &keywords,
            );
        } else if is_closed(old_id) || is_open(new_id) {
            let what = if is_closed(old_id) {
                "forbidden"
            } else {
                "held to a schema"
            };
            let fact = format!("undeclared properties are {what} in {old}, and not in {new}");
            self.report(
                pair,
                rules::ADDITIONAL_PROPERTIES_WIDENED,
                effect(Effect::Widens),
                fact,
                &keywords,
            );
        } else {
            self.inside(Step::Additional, old_id, new_id);
        }
    }

    /// Compares alternatives. A schema that is no union is taken as its own only member.
    fn unions(&mut self, pair: &Pair<'_>) {
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
        let matching = self.matching(&old, &new);
        for &(i, j) in &matching {
            self.null_counts = false;
            self.inside(Step::Member { old: i, new: j }, old[i], new[j]);
        }
        let [old_name, new_name] = self.names();
        let gone = (0..old.len()).filter(|i| !matching.iter().any(|(old, _)| old == i));
        let come = (0..new.len()).filter(|j| !matching.iter().any(|(_, new)| new == j));
        let shown = |contract: &Contract, id| {
            let name = contract.schemas.get(id).component.clone();
            name.map_or("an alternative".to_owned(), |name| {
                format!("the alternative `{name}`")
            })
        };
        let gone: Vec<String> = gone.map(|i| shown(self.verdicts.old, old[i])).collect();
        let come: Vec<String> = come.map(|j| shown(self.verdicts.new, new[j])).collect();
        let keywords = ["oneOf", "anyOf"];
        for what in gone {
            let fact = format!("{what} is in {old_name} only");
            self.report(
                pair,
                rules::UNION_MEMBER_REMOVED,
                Effect::Narrows,
                fact,
                &keywords,
            );
        }
        for what in come {
            let fact = format!("{what} is in {new_name} only");
            self.report(
                pair,
                rules::UNION_MEMBER_ADDED,
                Effect::Widens,
                fact,
                &keywords,
            );
        }
        let kind = |schema: &Schema| schema.unions.first().map(|union| union.exactly_one);
        if let (Some(left), Some(right)) = (kind(pair.left), kind(pair.right))
            && left != right
        {
            let fact = "one side says `oneOf` and the other `anyOf`".to_owned();
            self.report(
                pair,
                rules::UNION_CHANGED,
                Effect::Unless(Level::Docs),
                fact,
                &keywords,
            );
        }
    }

    fn undecided_unions(&mut self, pair: &Pair<'_>) {
        let (left, right) = (
            canonical_schema_json(self.verdicts.old, pair.old),
            canonical_schema_json(self.verdicts.new, pair.new),
        );
        if left != right {
            let fact = "a schema combines several `anyOf` or `oneOf`, and they differ".to_owned();
            self.report(
                pair,
                rules::UNION_CHANGED,
                Effect::Unknown,
                fact,
                &["oneOf", "anyOf"],
            );
        }
    }

    /// Which members belong together: equal ones, then those of one name, then what is left when
    /// both sides have as many.
    fn matching(&self, old: &[SchemaId], new: &[SchemaId]) -> Vec<(usize, usize)> {
        let (old_contract, new_contract) = (self.verdicts.old, self.verdicts.new);
        let mut matching: Vec<(usize, usize)> = Vec::new();
        let is_free = |matching: &[(usize, usize)], i: usize, j: usize| {
            !matching.iter().any(|&(old, new)| old == i || new == j)
        };
        let forms = |contract: &Contract, ids: &[SchemaId]| {
            ids.iter()
                .map(|&id| canonical_schema_json(contract, id))
                .collect::<Vec<_>>()
        };
        let (left, right) = (forms(old_contract, old), forms(new_contract, new));
        let names = |contract: &Contract, ids: &[SchemaId]| {
            ids.iter()
                .map(|&id| contract.schemas.get(id).component.clone())
                .collect::<Vec<_>>()
        };
        let (left_names, right_names) = (names(old_contract, old), names(new_contract, new));
        let is_equal = |i: usize, j: usize| left[i] == right[j];
        let is_named =
            |i: usize, j: usize| left_names[i].is_some() && left_names[i] == right_names[j];
        let tests: [&dyn Fn(usize, usize) -> bool; 2] = [&is_equal, &is_named];
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

    fn opaque(&mut self, pair: &Pair<'_>) {
        let keywords: BTreeSet<&String> = pair
            .left
            .opaque
            .keys()
            .chain(pair.right.opaque.keys())
            .collect();
        for keyword in keywords {
            if !same_json(
                pair.left.opaque.get(keyword),
                pair.right.opaque.get(keyword),
            ) {
                let fact = format!("`{keyword}` differs");
                self.report(
                    pair,
                    rules::KEYWORD_CHANGED,
                    Effect::Unknown,
                    fact,
                    &[keyword],
                );
            }
        }
    }
}

/// Two schemas that are compared.
struct Pair<'s> {
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

/// Where the first of these keywords is written that the schema has; else the schema itself.
fn place(contract: &Contract, schema: &Schema, fallback: NodeId, keywords: &[&str]) -> Location {
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

fn has_keyword(contract: &Contract, schema: &Schema, keywords: &[&str]) -> bool {
    schema.sources.iter().any(|&source| {
        keywords
            .iter()
            .any(|keyword| contract.document.get(source, keyword).is_some())
    })
}

/// What changing one end of a range does.
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

fn limits<T: Display>(
    keyword: &str,
    left: Option<T>,
    right: Option<T>,
    [old, new]: [&str; 2],
) -> String {
    let shown = |limit: Option<T>| limit.map_or("none".to_owned(), |limit| limit.to_string());
    format!(
        "`{keyword}` is {} in {old} and {} in {new}",
        shown(left),
        shown(right)
    )
}
