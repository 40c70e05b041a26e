//! Which alternative of a union the body of each status is.

use std::collections::HashSet;

use serde_json::Value;

use super::super::overrides::{BodyByStatus, StatusRange};
use super::super::walk::{self, Object};
use super::content::{preferred_media_type, schema_of};

/// The alternative for each status whose body is a union in the draft.
pub(super) fn bodies_by_status(
    told: &Object,
    kept: &Object,
    unions: &HashSet<String>,
    catches_all: bool,
) -> Vec<BodyByStatus> {
    let alternative_of = |status: &str| {
        let content = kept.get(status)?.get("content")?.as_object()?;
        let schema = content
            .get(&preferred_media_type(content)?)?
            .get("schema")?;
        referred_by(schema)
    };
    let mut bodies_by_status = Vec::new();
    let mut of_default = None;
    for (status, response) in told {
        let union = schema_of(response).and_then(referred_by);
        let Some(union) = union.filter(|union| unions.contains(*union)) else {
            continue;
        };
        let is_default = !kept.contains_key(status);
        let Some(alternative) = alternative_of(if is_default { "default" } else { status }) else {
            continue;
        };
        let read = BodyByStatus {
            statuses: StatusRange::of(status),
            union: union.to_owned(),
            alternative: alternative.to_owned(),
        };
        if is_default && catches_all {
            of_default = Some(BodyByStatus {
                statuses: None,
                ..read.clone()
            });
        }
        bodies_by_status.push(read);
    }
    bodies_by_status.extend(of_default);
    bodies_by_status
}

/// The component that a schema refers to, possibly with `nullable`.
fn referred_by(schema: &Value) -> Option<&str> {
    let whole = schema.as_object()?;
    let inner = schema
        .get("allOf")
        .and_then(|parts| parts.get(0)?.as_object());
    walk::referenced_component(whole).or_else(|| inner.and_then(walk::referenced_component))
}
