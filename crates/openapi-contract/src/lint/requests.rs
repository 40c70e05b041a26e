//! Request bodies that generated clients cannot write.

use std::collections::HashSet;

use super::{Lint, PlacedOperation, at};
use crate::document::{Document, Entry, NodeId};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    let mut seen = HashSet::new();
    for placed in lint.operations {
        let Some(body) = &placed.operation.request_body else {
            continue;
        };
        if !seen.insert(body.node) {
            continue;
        }
        let content = document.members(body.node, "content");
        match (content.first(), content.len()) {
            (None, _) => {}
            (Some(only), 1) => media_type(lint, placed, only),
            _ => {
                let names: Vec<&str> = content.iter().map(|entry| entry.key).collect();
                let fact = format!("the request body is `{}`", names.join("` or `"));
                let place = at(body.node).member("content").of(placed);
                lint.found(rules::REQUEST_MEDIA_TYPES_SEVERAL, place, fact);
            }
        }
    }
}

fn media_type(lint: &mut Lint<'_>, placed: &PlacedOperation<'_>, entry: Entry<'_>) {
    let document = lint.document;
    let place = at(entry.value).of(placed);
    let essence = entry.key.split(';').next().unwrap_or_default();
    let format = match essence {
        "application/json" | "application/x-www-form-urlencoded" => None,
        "application/octet-stream" => Some(Some("binary")),
        // A form of parts has a setter for each, and `encoding` is what tells their types.
        "multipart/form-data" => return,
        _ if essence.ends_with("+json") => None,
        _ if essence.starts_with("text/") => Some(None),
        _ => {
            let fact = format!("the request body is `{}`", entry.key);
            lint.found(rules::REQUEST_MEDIA_TYPE_UNSUPPORTED, place, fact);
            return;
        }
    };
    let Some(schema) = document.get(entry.value, "schema") else {
        let fact = format!("the request body `{}` has no schema", entry.key);
        lint.found(rules::BODY_SCHEMA_MISSING, place, fact);
        return;
    };
    match format {
        Some(format) if !is_raw(document, schema, format) => {
            let fact = format!("the request body `{essence}` is more than bytes or text");
            lint.found(rules::RAW_BODY_SCHEMA, place.member("schema"), fact);
        }
        Some(_) => {}
        None => {
            let encoding = document.get(entry.value, "encoding");
            if encoding.is_some_and(|encoding| !document.entries(encoding).is_empty()) {
                let fact = format!("the request body `{essence}` has an `encoding`");
                lint.found(
                    rules::REQUEST_ENCODING_UNSUPPORTED,
                    place.member("encoding"),
                    fact,
                );
            }
        }
    }
}

/// Whether a schema says no more than "a string", of this format.
fn is_raw(document: &Document, schema: NodeId, format: Option<&str>) -> bool {
    let Ok(schema) = document.resolve(schema) else {
        return false;
    };
    const CHECKS: [&str; 8] = [
        "pattern",
        "enum",
        "minLength",
        "maxLength",
        "default",
        "discriminator",
        "allOf",
        "oneOf",
    ];
    document.get_text(schema, "type") == Some("string")
        && document.get_text(schema, "format") == format
        && document.get_bool(schema, "nullable") != Some(true)
        && CHECKS.iter().all(|key| document.get(schema, key).is_none())
}
