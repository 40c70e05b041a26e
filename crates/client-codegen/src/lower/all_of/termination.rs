//! What typify does when it makes one type of several schemas: whether it comes to an end, and how many
//! types it makes.
//!
//! It is followed from merge to merge: of the parts of a schema, then of what several of them say of one
//! member, and so on. A merge that is met within itself has no end.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::super::merged_object::{flatten_all_of, identity, sole_subschema_beside};
use super::super::nullable;
use super::super::walk::{self, Object};
use super::MAX_TYPES;

/// Merges within merges go no deeper than this in any contract that somebody meant.
const MAX_DEPTH: usize = 48;

/// So many different merges within the merge of one schema are looked at.
const MAX_STEPS: usize = 1_000;

/// The schemas that are merged into one, by what they are.
pub(super) type PartSet = BTreeSet<String>;

/// Which schemas typify can merge.
pub(super) struct Termination<'v> {
    document: &'v Value,
    /// The components that can be null.
    nullable: HashSet<&'v str>,
    /// What is merged in a few steps.
    finite: HashSet<PartSet>,
    /// What is merged without an end.
    infinite: HashSet<PartSet>,
    /// What is being looked at, outer before inner.
    ancestors: Vec<PartSet>,
    steps: usize,
}

impl<'v> Termination<'v> {
    pub(super) fn new(document: &'v Value) -> Self {
        Self {
            document,
            nullable: nullable::components(document),
            finite: HashSet::new(),
            infinite: HashSet::new(),
            ancestors: Vec::new(),
            steps: 0,
        }
    }

    /// Whether a schema allows null.
    pub(super) fn may_be_null(&self, schema: &Object) -> bool {
        nullable::may_be_null(schema, &mut |name| self.nullable.contains(name))
    }

    /// Whether typify comes to an end when it makes one type of these schemas.
    pub(super) fn of(&mut self, schemas: &[&Object]) -> bool {
        self.steps = MAX_STEPS;
        self.ancestors.clear();
        self.is_finite(schemas)
    }

    fn is_finite(&mut self, schemas: &[&Object]) -> bool {
        // What is merged with nothing may be null, and still is the one that it wraps.
        if let [only] = schemas
            && let Some((_, inner)) = sole_subschema_beside(only, "nullable")
        {
            return self.is_finite(&[inner]);
        }
        // A reference meets itself and stays. What wraps one is looked into, and one to what can be null
        // will be wrapped.
        let mut all: Vec<&Object> = Vec::new();
        let mut seen = HashSet::new();
        for schema in schemas {
            match walk::referenced_component(schema) {
                Some(name) if !self.nullable.contains(name) && !seen.insert(name) => {}
                Some(_) => all.push(schema),
                None => flatten_all_of(schema, &mut all),
            }
        }
        // A component is a type of its own, which others refer to.
        if let [only] = all.as_slice()
            && walk::referenced_component(only).is_some()
        {
            return true;
        }
        let is_alone = all.len() == 1;
        let parts = parts(self.document, &all, is_alone);
        // What is merged with nothing is written inside, and so no endless thing.
        if parts.len() < 2 {
            return inner_types(&parts)
                .iter()
                .all(|schemas| self.is_finite(schemas));
        }
        let part_set = all.iter().map(|schema| identity(self.document, schema));
        let part_set: PartSet = part_set.collect();
        if self.finite.contains(&part_set) {
            return true;
        }
        let is_far = self.ancestors.len() == MAX_DEPTH || self.steps == 0;
        if is_far || self.ancestors.contains(&part_set) || self.infinite.contains(&part_set) {
            return false;
        }
        self.steps -= 1;
        self.ancestors.push(part_set.clone());
        let is_finite = !has_union_twice(&parts)
            && inner_types(&parts)
                .iter()
                .all(|schemas| self.is_finite(schemas));
        self.ancestors.pop();
        let of_its_kind = if is_finite {
            &mut self.finite
        } else {
            &mut self.infinite
        };
        of_its_kind.insert(part_set);
        is_finite
    }
}

/// Whether no value is of all of these schemas, by their types and the values that they list, or some
/// member or element of all of them can be none.
pub(super) fn conflict(document: &Value, schemas: &[&Object]) -> bool {
    let mut ancestors = Vec::new();
    conflict_within(document, schemas, &mut ancestors)
}

fn conflict_within<'s>(
    document: &'s Value,
    schemas: &[&'s Object],
    ancestors: &mut Vec<*const Object>,
) -> bool {
    let parts = parts(document, schemas, schemas.len() == 1);
    let is_seen = parts
        .iter()
        .any(|part| ancestors.contains(&std::ptr::from_ref(*part)));
    if parts.len() < 2
        || ancestors.len() > MAX_DEPTH
        || is_seen
        || parts.iter().any(|part| alternatives(part).is_some())
    {
        return false;
    }
    let types: BTreeSet<&str> = parts
        .iter()
        .filter_map(|part| walk::string(part, "type"))
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
    let before = ancestors.len();
    ancestors.extend(parts.iter().map(|part| std::ptr::from_ref::<Object>(part)));
    let found = inner_types(&parts)
        .iter()
        .any(|schemas| schemas.len() > 1 && conflict_within(document, schemas, ancestors));
    ancestors.truncate(before);
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
        let Some(object) = walk::resolve_object(document, object) else {
            continue;
        };
        let times = times.entry(std::ptr::from_ref(object)).or_default();
        if *times == 2 {
            continue;
        }
        *times += 1;
        found.push(object);
        let all: Vec<&Value> = walk::elements(object.get("allOf")).collect();
        let is_enum = is_alone && all.is_empty() && !has_object_keywords(object);
        let inner = all.iter().filter_map(|part| part.as_object());
        todo.extend(inner.map(|part| {
            (
                part,
                is_alone && all.len() == 1 && !has_object_keywords(object),
            )
        }));
        if !is_enum {
            let alternatives = alternatives(object)
                .into_iter()
                .flatten()
                .filter_map(Value::as_object);
            todo.extend(alternatives.map(|part| (part, false)));
        }
    }
    found
}

/// Whether a schema has members of its own beside its alternatives or its parts.
fn has_object_keywords(object: &Object) -> bool {
    ["properties", "required", "additionalProperties", "items"]
        .iter()
        .any(|key| object.contains_key(*key))
}

/// The alternatives of a schema.
pub(super) fn alternatives(object: &Object) -> Option<&Vec<Value>> {
    let mut unions = ["oneOf", "anyOf"].iter();
    let union = unions.find_map(|key| object.get(*key)?.as_array());
    union.filter(|parts| !parts.is_empty())
}

/// Whether a union would be merged with itself.
fn has_union_twice(parts: &[&Object]) -> bool {
    let unions = parts.iter().filter(|part| alternatives(part).is_some());
    let mut seen = HashSet::new();
    let mut unions = unions.map(|part| std::ptr::from_ref::<Object>(part));
    unions.any(|union| !seen.insert(union))
}

/// How many unions are among the parts of a schema.
pub(in super::super) fn union_count(document: &Value, object: &Object) -> usize {
    let parts = parts(document, &[object], false);
    parts
        .iter()
        .filter(|part| alternatives(part).is_some())
        .count()
}

/// How many types come of the parts of a schema when alternatives are merged with alternatives. Of more
/// than [`MOST`] nobody asks how many.
pub(super) fn type_count(document: &Value, object: &Object) -> usize {
    type_count_within(document, object, &mut Vec::new())
}

fn type_count_within<'s>(
    document: &'s Value,
    object: &'s Object,
    ancestors: &mut Vec<&'s Object>,
) -> usize {
    let Some(object) = walk::resolve_object(document, object) else {
        return 1;
    };
    if ancestors.len() > MAX_DEPTH || ancestors.iter().any(|before| std::ptr::eq(*before, object)) {
        return 1;
    }
    ancestors.push(object);
    let mut product: usize = 1;
    for part in walk::elements(object.get("allOf")).filter_map(Value::as_object) {
        if product <= MAX_TYPES {
            product = product.saturating_mul(type_count_within(document, part, ancestors));
        }
    }
    if let Some(parts) = alternatives(object) {
        let mut sum: usize = 0;
        for part in parts.iter().filter_map(Value::as_object) {
            if sum <= MAX_TYPES {
                sum = sum.saturating_add(type_count_within(document, part, ancestors));
            }
        }
        product = product.saturating_mul(sum.max(1));
    }
    ancestors.pop();
    product
}

/// The schemas that typify makes types of inside of the type that these parts are merged into: what all
/// of them say of one member, or of the elements, and each alternative of a union alone.
fn inner_types<'s>(parts: &[&'s Object]) -> Vec<Vec<&'s Object>> {
    let mut properties: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for part in parts {
        for (name, property) in walk::entries(part.get("properties")) {
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
    types.retain(|schemas| !schemas.is_empty());
    if let [only] = parts {
        let alternatives = alternatives(only).into_iter().flatten();
        types.extend(alternatives.filter_map(|part| Some(vec![part.as_object()?])));
    }
    types
}
