//! Request bodies that the client cannot serialize as declared.

use std::collections::HashSet;

use openapi_contract::document::{Document, Entry, NodeId};
use openapi_contract::lint::{Lint, PathOperation, at};
use openapi_contract::model::RequestBody;

use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document();
    let mut seen = HashSet::new();
    for path_operation in lint.operations() {
        let Some(body) = &path_operation.operation.request_body else {
            continue;
        };
        if !seen.insert(body.node) {
            continue;
        }
        let content = document.members(body.node, "content");
        match (content.first(), content.len()) {
            (None, _) => {}
            (Some(only), 1) => media_type(lint, path_operation, only),
            // Media types with the same schema have the same content, and the client sends one of them.
            _ if have_same_schema(body) => {}
            _ => {
                let names: Vec<&str> = content.iter().map(|entry| entry.key).collect();
                let fact = format!(
                    "the request body has the media types `{}`",
                    names.join("`, `")
                );
                let location = at(body.node).property("content").of(path_operation);
                lint.report(rules::REQUEST_MEDIA_TYPES_SEVERAL, location, fact);
            }
        }
    }
}

fn media_type(lint: &mut Lint<'_>, path_operation: &PathOperation<'_>, entry: Entry<'_>) {
    let document = lint.document();
    let location = at(entry.value).of(path_operation);
    let essence = entry.key.split(';').next().unwrap_or_default();
    let format = match essence {
        "application/json" | "application/x-www-form-urlencoded" => None,
        "application/octet-stream" => Some(Some("binary")),
        // The client has a setter for each part of a multipart form, and `encoding` defines its type.
        "multipart/form-data" => return,
        _ if essence.ends_with("+json") => None,
        _ if essence.starts_with("text/") => Some(None),
        _ => {
            let fact = format!("the request body has the media type `{}`", entry.key);
            lint.report(rules::REQUEST_MEDIA_TYPE_UNSUPPORTED, location, fact);
            return;
        }
    };
    let Some(schema) = document.get(entry.value, "schema") else {
        return;
    };
    match format {
        Some(format) if !is_raw(document, schema, format) => {
            let raw = match format {
                Some(format) => format!("{{type: string, format: {format}}}"),
                None => "{type: string}".to_owned(),
            };
            let fact = format!("the schema of the request body `{essence}` is not `{raw}`");
            lint.report(rules::RAW_BODY_SCHEMA, location.property("schema"), fact);
        }
        Some(_) => {}
        None => {}
    }
}

/// Whether all media types of a request body have the same schema.
fn have_same_schema(body: &RequestBody) -> bool {
    let mut schemas = body.content.values().map(|content| content.schema);
    let first = schemas.next();
    schemas.all(|schema| Some(schema) == first)
}

/// Whether a schema only requires a string with this format.
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
