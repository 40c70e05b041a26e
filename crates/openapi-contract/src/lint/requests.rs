//! Request bodies without a schema.

use std::collections::HashSet;

use super::{Lint, PathOperation, at};
use crate::document::Entry;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    let mut seen = HashSet::new();
    for path_operation in lint.operations {
        let Some(body) = &path_operation.operation.request_body else {
            continue;
        };
        if !seen.insert(body.node) {
            continue;
        }
        let content = document.members(body.node, "content");
        if let (Some(only), 1) = (content.first(), content.len()) {
            media_type(lint, path_operation, only);
        }
    }
}

fn media_type(lint: &mut Lint<'_>, path_operation: &PathOperation<'_>, entry: Entry<'_>) {
    let essence = entry.key.split(';').next().unwrap_or_default();
    let is_typed = matches!(
        essence,
        "application/json" | "application/x-www-form-urlencoded" | "application/octet-stream"
    ) || essence.ends_with("+json")
        || essence.starts_with("text/");
    if is_typed && lint.document.get(entry.value, "schema").is_none() {
        let fact = format!("the request body `{}` has no schema", entry.key);
        let location = at(entry.value).of(path_operation);
        lint.report(rules::BODY_SCHEMA_MISSING, location, fact)
            .remedy = format!(
            "Add `schema` to `{}`; `{{}}` allows every value.",
            entry.key
        );
    }
}
