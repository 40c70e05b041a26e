//! Predicts what typify does when it merges schemas: whether it terminates, and how many types it makes.
//!
//! The prediction follows typify from merge to merge: the members of a schema, then the schemas that
//! several of them have for one property, and so on. A merge that contains itself never terminates.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::super::merged_object::{flatten_all_of, identity, sole_subschema_beside};
use super::super::nullable;
use super::super::walk::{self, Object};
use super::MAX_TYPES;

/// How deep merges are followed: no sensible contract nests them deeper.
const MAX_DEPTH: usize = 48;

/// The most merges that are followed for one schema.
const MAX_STEPS: usize = 1_000;

/// The schemas of a merge, by their identity.
pub(super) type PartSet = BTreeSet<String>;

/// Decides whether merges terminate.
pub(super) struct Termination<'v> {
    document: &'v Value,
    /// The nullable components.
    nullable: HashSet<&'v str>,
    /// Merges that are known to terminate.
    finite: HashSet<PartSet>,
    /// Merges that are known not to terminate.
    infinite: HashSet<PartSet>,
    /// The merges that contain the current one, outermost first.
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

    /// Whether typify terminates when it merges these schemas.
    pub(super) fn of(&mut self, schemas: &[&Object]) -> bool {
        self.steps = MAX_STEPS;
        self.ancestors.clear();
        self.is_finite(schemas)
    }

    fn is_finite(&mut self, schemas: &[&Object]) -> bool {
        // A nullable wrapper of one schema is that schema.
        if let [only] = schemas
            && let Some((_, inner)) = sole_subschema_beside(only, "nullable")
        {
            return self.is_finite(&[inner]);
        }
        // A reference merged with itself stays a reference. Wrapped references are followed, and so are
        // references to nullable components, which a later pass wraps.
        let mut all: Vec<&Object> = Vec::new();
        let mut seen = HashSet::new();
        for schema in schemas {
            match walk::referenced_component(schema) {
                Some(name) if !self.nullable.contains(name) && !seen.insert(name) => {}
                Some(_) => all.push(schema),
                None => flatten_all_of(schema, &mut all),
            }
        }
        // A component has its own type.
        if let [only] = all.as_slice()
            && walk::referenced_component(only).is_some()
        {
            return true;
        }
        let is_alone = all.len() == 1;
        let parts = parts(self.document, &all, is_alone);
        // A single schema is not merged, so only the schemas inside of it can be.
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

/// Whether no value matches all of these schemas, judged by `type` and `enum` of themselves, their
/// properties and their items.
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

/// The schemas that typify merges into one type. A union alone is not merged.
pub(super) fn parts<'s>(
    document: &'s Value,
    all: &[&'s Object],
    is_alone: bool,
) -> Vec<&'s Object> {
    let mut found: Vec<&Object> = Vec::new();
    // A schema that is reached in two ways is merged with itself.
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

/// Whether a schema has properties or items next to its combinators.
fn has_object_keywords(object: &Object) -> bool {
    ["properties", "required", "additionalProperties", "items"]
        .iter()
        .any(|key| object.contains_key(*key))
}

/// The alternatives of a union.
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

/// How many unions are among the merged schemas.
pub(in super::super) fn union_count(document: &Value, object: &Object) -> usize {
    let parts = parts(document, &[object], false);
    parts
        .iter()
        .filter(|part| alternatives(part).is_some())
        .count()
}

/// How many types a schema expands to when typify merges alternatives with alternatives. Counting stops
/// above [`MAX_TYPES`].
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

/// The merges inside of a merge: for each property, and for the items, what all of the schemas have for
/// it; and each alternative of a union on its own.
fn inner_types<'s>(parts: &[&'s Object]) -> Vec<Vec<&'s Object>> {
    let mut properties: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for part in parts {
        for (name, property) in walk::entries(part.get("properties")) {
            let property = property.as_object();
            properties.entry(name).or_default().extend(property);
        }
    }
    let additional = |part: &&'s Object| {
        let schema = part.get("additionalProperties")?.as_object()?;
        Some((*part, schema))
    };
    let others: Vec<(&Object, &Object)> = parts.iter().filter_map(additional).collect();
    for (part, additional) in &others {
        let own = part.get("properties");
        for (name, schemas) in &mut properties {
            if own.is_none_or(|own| own.get(name).is_none()) {
                schemas.push(additional);
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
