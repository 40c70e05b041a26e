//! Nullable properties for which typify reads null as absence: it drops the description of a property,
//! which marks it as nullable, if several of the schemas that it merges declare the property.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::super::walk::{self, Object};
use super::termination::{Termination, alternatives, parts};

/// How deep members of members are followed.
const MAX_DEPTH: usize = 16;

/// The properties for which null is read as absence.
pub(super) fn lost_nulls<'s>(
    document: &'s Value,
    object: &'s Object,
    termination: &Termination<'_>,
) -> BTreeSet<&'s str> {
    let mut own = Vec::new();
    unconditional_parts(document, object, 0, &mut own);
    let alternatives = own.iter().filter_map(|part| alternatives(part)).flatten();
    let alternatives: Vec<Vec<&Object>> = alternatives
        .filter_map(Value::as_object)
        .map(|alternative| parts(document, &[alternative], false))
        .collect();
    if alternatives.is_empty() {
        return BTreeSet::new();
    }
    let is_merged = |parts: &Vec<&Object>, name: &str| {
        !requires(parts, name) && parts.iter().any(|part| declares(part, name))
    };
    let mut lost = nullable(&own, termination);
    lost.retain(|name| {
        count_declaring(&own, name) > 1 || alternatives.iter().any(|parts| is_merged(parts, name))
    });
    lost
}

/// Whether several of these schemas declare a property that is optional and nullable.
pub(super) fn merge_nulls(parts: &[&Object], termination: &Termination<'_>) -> bool {
    let nullable = nullable(parts, termination);
    nullable.iter().any(|name| count_declaring(parts, name) > 1)
}

/// The properties that are optional and nullable.
fn nullable<'s>(parts: &[&'s Object], termination: &Termination<'_>) -> BTreeSet<&'s str> {
    let required = parts
        .iter()
        .flat_map(|part| walk::elements(part.get("required")));
    let required: HashSet<&str> = required.filter_map(Value::as_str).collect();
    let members = parts
        .iter()
        .flat_map(|part| walk::entries(part.get("properties")));
    let nullable = members.filter(|(name, member)| {
        let member = member.as_object();
        !required.contains(name) && member.is_some_and(|member| termination.may_be_null(member))
    });
    nullable.map(|(name, _)| name).collect()
}

/// How many of these schemas declare a property.
fn count_declaring(parts: &[&Object], name: &str) -> usize {
    parts.iter().filter(|part| declares(part, name)).count()
}

/// The schemas that apply whichever alternative is chosen.
fn unconditional_parts<'s>(
    document: &'s Value,
    object: &'s Object,
    depth: usize,
    found: &mut Vec<&'s Object>,
) {
    let Some(object) = walk::resolve_object(document, object).filter(|_| depth < MAX_DEPTH) else {
        return;
    };
    found.push(object);
    for part in walk::elements(object.get("allOf")).filter_map(Value::as_object) {
        unconditional_parts(document, part, depth + 1, found);
    }
}

/// Whether a schema declares a property, or has a schema for all undeclared ones.
fn declares(part: &Object, name: &str) -> bool {
    let properties = part.get("properties");
    let declares = properties.is_some_and(|properties| properties.get(name).is_some());
    declares
        || part
            .get("additionalProperties")
            .is_some_and(Value::is_object)
}

fn requires(parts: &[&Object], name: &str) -> bool {
    parts.iter().any(|part| {
        let mut required = walk::elements(part.get("required"));
        required.any(|required| required == name)
    })
}
