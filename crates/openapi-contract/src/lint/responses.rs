//! Response bodies without a schema, or with an unusual media type.

use std::collections::HashSet;

use super::{Lint, PathOperation, at};
use crate::document::{Entries, Entry, NodeId};
use crate::model::{StatusPattern, is_json};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut seen = HashSet::new();
    for path_operation in lint.operations {
        for (status, response) in &path_operation.operation.responses {
            if seen.insert(response.node) {
                content(lint, path_operation, *status, response.node);
            }
        }
    }
}

/// The entry of `application/json`.
fn json_entry(entries: Entries<'_>) -> Option<Entry<'_>> {
    entries.iter().find(|entry| {
        let essence = entry.key.split(';').next();
        essence == Some("application/json")
    })
}

fn content(
    lint: &mut Lint<'_>,
    path_operation: &PathOperation<'_>,
    status: StatusPattern,
    response: NodeId,
) {
    let document = lint.document;
    let entries = document.members(response, "content");
    match json_entry(entries) {
        Some(entry) if document.get(entry.value, "schema").is_none() => {
            let fact = format!("the body of the response {status} has no schema");
            lint.report(
                rules::BODY_SCHEMA_MISSING,
                at(entry.value).of(path_operation),
                fact,
            );
        }
        Some(_) => {}
        None => {
            if let Some(entry) = entries.iter().find(|entry| is_json(entry.key)) {
                let fact = format!("the response {status} has the media type `{}`", entry.key);
                lint.report(
                    rules::RESPONSE_UNTYPED,
                    at(entry.value).of(path_operation),
                    fact,
                )
                .remedy = format!(
                    "Respond with `application/json`, or declare it in addition to `{}`.",
                    entry.key
                );
            }
        }
    }
}
