//! What typify does when it makes one type of several schemas: whether it comes to an end, and how many
//! types it makes.
//!
//! It is followed from merge to merge: of the parts of a schema, then of what several of them say of one
//! member, and so on. A merge that is met within itself has no end.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::super::merged_object::{flatten, identity, only_beside};
use super::super::nullable;
use super::super::walk::{self, Object};
use super::MOST;

/// Merges within merges go no deeper than this in any contract that somebody meant.
const DEPTH: usize = 48;

/// So many different merges within the merge of one schema are looked at.
const STEPS: usize = 1_000;

/// The schemas that are merged into one, by what they are.
pub(super) type PartSet = BTreeSet<String>;

/// Which schemas typify can merge.
pub(super) struct Termination<'v> {
    document: &'v Value,
    /// The components that can be null.
    nullable: HashSet<&'v str>,
    /// What is merged in a few steps.
    ending: HashSet<PartSet>,
    /// What is merged without an end.
    endless: HashSet<PartSet>,
    /// What is being looked at, outer before inner.
    above: Vec<PartSet>,
    steps: usize,
}

impl<'v> Termination<'v> {
    pub(super) fn new(document: &'v Value) -> Self {
        Self {
            document,
            nullable: nullable::components(document),
            ending: HashSet::new(),
            endless: HashSet::new(),
            above: Vec::new(),
            steps: 0,
        }
    }

    /// Whether a schema allows null.
    pub(super) fn may_be_null(&self, schema: &Object) -> bool {
        nullable::may_be_null(schema, &mut |name| self.nullable.contains(name))
    }

    /// Whether typify comes to an end when it makes one type of these schemas.
    pub(super) fn of(&mut self, met: &[&Object]) -> bool {
        self.steps = STEPS;
        self.above.clear();
        self.is_finite(met)
    }

    fn is_finite(&mut self, met: &[&Object]) -> bool {
        // What is merged with nothing may be null, and still is the one that it wraps.
        if let [only] = met
            && let Some((_, inner)) = only_beside(only, "nullable")
        {
            return self.is_finite(&[inner]);
        }
        // A reference meets itself and stays. What wraps one is looked into, and one to what can be null
        // will be wrapped.
        let mut all: Vec<&Object> = Vec::new();
        let mut seen = HashSet::new();
        for schema in met {
            match walk::referred(schema) {
                Some(name) if !self.nullable.contains(name) && !seen.insert(name) => {}
                Some(_) => all.push(schema),
                None => flatten(schema, &mut all),
            }
        }
        // A component is a type of its own, which others refer to.
        if let [only] = all.as_slice()
            && walk::referred(only).is_some()
        {
            return true;
        }
        let is_alone = all.len() == 1;
        let parts = parts(self.document, &all, is_alone);
        // What is merged with nothing is written inside, and so no endless thing.
        if parts.len() < 2 {
            return inner_types(&parts).iter().all(|met| self.is_finite(met));
        }
        let meeting = all.iter().map(|schema| identity(self.document, schema));
        let meeting: PartSet = meeting.collect();
        if self.ending.contains(&meeting) {
            return true;
        }
        let is_far = self.above.len() == DEPTH || self.steps == 0;
        if is_far || self.above.contains(&meeting) || self.endless.contains(&meeting) {
            return false;
        }
        self.steps -= 1;
        self.above.push(meeting.clone());
        let is_finite =
            !has_union_twice(&parts) && inner_types(&parts).iter().all(|met| self.is_finite(met));
        self.above.pop();
        let of_its_kind = if is_finite {
            &mut self.ending
        } else {
            &mut self.endless
        };
        of_its_kind.insert(meeting);
        is_finite
    }
}

/// Whether no value is of all of these schemas, by their types and the values that they list, or some
/// member or element of all of them can be none.
pub(super) fn contradict(document: &Value, met: &[&Object]) -> bool {
    let mut above = Vec::new();
    contradict_within(document, met, &mut above)
}

fn contradict_within<'s>(
    document: &'s Value,
    met: &[&'s Object],
    above: &mut Vec<*const Object>,
) -> bool {
    let parts = parts(document, met, met.len() == 1);
    let is_seen = parts
        .iter()
        .any(|part| above.contains(&std::ptr::from_ref(*part)));
    if parts.len() < 2
        || above.len() > DEPTH
        || is_seen
        || parts.iter().any(|part| union(part).is_some())
    {
        return false;
    }
    let types: BTreeSet<&str> = parts
        .iter()
        .filter_map(|part| walk::text(part, "type"))
        .collect();
    let is_number = types.iter().all(|ty| ["integer", "number"].contains(ty));
    let mut lists = parts.iter().filter_map(|part| part.get("enum")?.as_array());
    let has_common = lists.next().is_none_or(|first| {
        let others: Vec<&Vec<Value>> = lists.collect();
        let is_common = |value: &&Value| others.iter().all(|other| other.contains(*value));
        first.is_empty() || first.iter().any(|value| is_common(&value))
    });
    if types.len() > 1 && !is_number || !has_common {
        return true;
    }
    let before = above.len();
    above.extend(parts.iter().map(|part| std::ptr::from_ref::<Object>(part)));
    let found = inner_types(&parts)
        .iter()
        .any(|met| met.len() > 1 && contradict_within(document, met, above));
    above.truncate(before);
    found
}

/// The schemas that typify merges when it makes one type of these. A union alone is no merge.
pub(super) fn parts<'s>(
    document: &'s Value,
    all: &[&'s Object],
    is_alone: bool,
) -> Vec<&'s Object> {
    let mut found: Vec<&Object> = Vec::new();
    // What is a part in two ways is merged with itself.
    let mut times: HashMap<*const Object, u8> = HashMap::new();
    let mut todo: Vec<(&Object, bool)> = all.iter().map(|object| (*object, is_alone)).collect();
    while let Some((object, is_alone)) = todo.pop() {
        let Some(object) = walk::behind(document, object) else {
            continue;
        };
        let times = times.entry(std::ptr::from_ref(object)).or_default();
        if *times == 2 {
            continue;
        }
        *times += 1;
        found.push(object);
        let all: Vec<&Value> = walk::elements(object.get("allOf")).collect();
        let is_enum = is_alone && all.is_empty() && !says_more_than_a_union(object);
        let inner = all.iter().filter_map(|part| part.as_object());
        todo.extend(inner.map(|part| {
            (
                part,
                is_alone && all.len() == 1 && !says_more_than_a_union(object),
            )
        }));
        if !is_enum {
            let alternatives = union(object)
                .into_iter()
                .flatten()
                .filter_map(Value::as_object);
            todo.extend(alternatives.map(|part| (part, false)));
        }
    }
    found
}

/// Whether a schema has members of its own beside its alternatives or its parts.
fn says_more_than_a_union(object: &Object) -> bool {
    ["properties", "required", "additionalProperties", "items"]
        .iter()
        .any(|key| object.contains_key(*key))
}

/// The alternatives of a schema.
pub(super) fn union(object: &Object) -> Option<&Vec<Value>> {
    let mut unions = ["oneOf", "anyOf"].iter();
    let union = unions.find_map(|key| object.get(*key)?.as_array());
    union.filter(|parts| !parts.is_empty())
}

/// Whether a union would be merged with itself.
fn has_union_twice(parts: &[&Object]) -> bool {
    let unions = parts.iter().filter(|part| union(part).is_some());
    let mut seen = HashSet::new();
    let mut unions = unions.map(|part| std::ptr::from_ref::<Object>(part));
    unions.any(|union| !seen.insert(union))
}

/// How many unions are among the parts of a schema.
pub(in super::super) fn unions(document: &Value, object: &Object) -> usize {
    let parts = parts(document, &[object], false);
    parts.iter().filter(|part| union(part).is_some()).count()
}

/// How many types come of the parts of a schema when alternatives are merged with alternatives. Of more
/// than [`MOST`] nobody asks how many.
pub(super) fn choices(document: &Value, object: &Object) -> usize {
    choices_within(document, object, &mut Vec::new())
}

fn choices_within<'s>(
    document: &'s Value,
    object: &'s Object,
    above: &mut Vec<&'s Object>,
) -> usize {
    let Some(object) = walk::behind(document, object) else {
        return 1;
    };
    if above.len() > DEPTH || above.iter().any(|before| std::ptr::eq(*before, object)) {
        return 1;
    }
    above.push(object);
    let mut product: usize = 1;
    for part in walk::elements(object.get("allOf")).filter_map(Value::as_object) {
        if product <= MOST {
            product = product.saturating_mul(choices_within(document, part, above));
        }
    }
    if let Some(parts) = union(object) {
        let mut sum: usize = 0;
        for part in parts.iter().filter_map(Value::as_object) {
            if sum <= MOST {
                sum = sum.saturating_add(choices_within(document, part, above));
            }
        }
        product = product.saturating_mul(sum.max(1));
    }
    above.pop();
    product
}

/// The schemas that typify makes types of inside of the type that these parts are merged into: what all
/// of them say of one member, or of the elements, and each alternative of a union alone.
fn inner_types<'s>(parts: &[&'s Object]) -> Vec<Vec<&'s Object>> {
    let mut properties: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for part in parts {
        for (name, property) in walk::members(part.get("properties")) {
            let property = property.as_object();
            properties.entry(name).or_default().extend(property);
        }
    }
    let additional = |part: &&'s Object| {
        let said = part.get("additionalProperties")?.as_object()?;
        Some((*part, said))
    };
    let others: Vec<(&Object, &Object)> = parts.iter().filter_map(additional).collect();
    for (part, additional) in &others {
        let own = part.get("properties");
        for (name, said) in &mut properties {
            if own.is_none_or(|own| own.get(name).is_none()) {
                said.push(additional);
            }
        }
    }
    let items = parts
        .iter()
        .filter_map(|part| part.get("items")?.as_object());
    let additional = others.iter().map(|(_, additional)| *additional);
    let mut types: Vec<Vec<&Object>> = vec![items.collect(), additional.collect()];
    types.extend(properties.into_values());
    types.retain(|met| !met.is_empty());
    if let [only] = parts {
        let alternatives = union(only).into_iter().flatten();
        types.extend(alternatives.filter_map(|part| Some(vec![part.as_object()?])));
    }
    types
}
