//! Null that typify takes for absence: of a member that parts and alternatives of one schema both speak
//! of, whose description it loses when it merges them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::walk::{self, Object};
use super::ends::{Ends, parts, union};

/// Parts of parts of a schema, this deep.
const DEPTH: usize = 16;

/// The members of which a value that is null is read as if they were not there.
pub(super) fn lost<'s>(
    document: &'s Value,
    object: &'s Object,
    ends: &Ends<'_>,
) -> BTreeSet<&'s str> {
    let mut own = Vec::new();
    of_all(document, object, 0, &mut own);
    let alternatives = own.iter().filter_map(|part| union(part)).flatten();
    let alternatives: Vec<Vec<&Object>> = alternatives
        .filter_map(Value::as_object)
        .map(|alternative| parts(document, &[alternative], false))
        .collect();
    if alternatives.is_empty() {
        return BTreeSet::new();
    }
    let members = own
        .iter()
        .flat_map(|part| walk::members(part.get("properties")));
    let nullable = members.filter(|(_, member)| {
        let member = member.as_object();
        member.is_some_and(|member| ends.may_be_null(member))
    });
    let lost = nullable.map(|(name, _)| name).filter(|name| {
        let in_own = own.iter().filter(|part| speaks_of(part, name)).count();
        let is_merged = |parts: &Vec<&Object>| {
            !requires(parts, name) && parts.iter().any(|part| speaks_of(part, name))
        };
        !requires(&own, name) && (in_own > 1 || alternatives.iter().any(is_merged))
    });
    lost.collect()
}

/// The schemas that hold whatever the alternatives are.
fn of_all<'s>(document: &'s Value, object: &'s Object, depth: usize, found: &mut Vec<&'s Object>) {
    let Some(object) = walk::behind(document, object).filter(|_| depth < DEPTH) else {
        return;
    };
    found.push(object);
    for part in walk::elements(object.get("allOf")).filter_map(Value::as_object) {
        of_all(document, part, depth + 1, found);
    }
}

/// Whether a schema declares a member, or says what all others are.
fn speaks_of(part: &Object, name: &str) -> bool {
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
