//! Missing descriptions.

use super::inventory::{InventoryItem, ObjectKind};
use super::{Lint, at};
use crate::document::{Document, NodeId};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    for part in &lint.inventory.parts {
        if document.get_text(part.node, "$ref").is_some() {
            continue;
        }
        if let Some(what) = undescribed(lint, part) {
            let fact = format!("{what} has no description");
            lint.report(rules::DESCRIPTION_MISSING, at(part.node), fact)
                .remedy = format!("Add a `description` to {what}.");
        }
        if part.kind == ObjectKind::Schema {
            properties(lint, part.node);
        }
    }
}

fn has(document: &Document, node: NodeId, keys: &[&str]) -> bool {
    let is_present = |key| {
        document
            .get_text(node, key)
            .is_some_and(|text| !text.trim().is_empty())
    };
    keys.iter().any(|key| is_present(key))
}

/// The name of an object, if it needs a description and has none.
fn undescribed(lint: &Lint<'_>, part: &InventoryItem<'_>) -> Option<String> {
    let document = lint.document;
    let node = part.node;
    let text = |key| document.get_text(node, key).unwrap_or_default();
    let (what, is_described) = match part.kind {
        ObjectKind::Info => (
            "the contract".to_owned(),
            has(document, node, &["description", "summary"]),
        ),
        ObjectKind::Operation => {
            let what = format!("the operation `{}`", text("operationId"));
            (what, has(document, node, &["description", "summary"]))
        }
        ObjectKind::Parameter => {
            let schema = document.get(node, "schema");
            let by_schema = schema.is_some_and(|schema| has(document, schema, &["description"]));
            let what = format!("the parameter `{}`", text("name"));
            (what, by_schema || has(document, node, &["description"]))
        }
        ObjectKind::Header => {
            let what = format!("the header `{}`", part.name.unwrap_or_default());
            (what, has(document, node, &["description"]))
        }
        // A response without `description` is reported by another rule.
        ObjectKind::Response => (
            "the response".to_owned(),
            !text("description").is_empty() || document.get(node, "description").is_none(),
        ),
        ObjectKind::SecurityScheme => {
            let what = format!("the security scheme `{}`", part.name.unwrap_or_default());
            (what, has(document, node, &["description"]))
        }
        ObjectKind::Tag => (
            format!("the tag `{}`", text("name")),
            has(document, node, &["description"]),
        ),
        ObjectKind::Schema => {
            let component = part
                .component
                .map(|index| lint.inventory.components[index])?;
            let what = format!("the schema `{}`", component.name);
            (
                what,
                component.node != node || has(document, node, &["description", "title"]),
            )
        }
        _ => return None,
    };
    (!is_described).then_some(what)
}

/// Reports inline properties without a description, one finding for each object.
fn properties(lint: &mut Lint<'_>, schema: NodeId) {
    let document = lint.document;
    let Some(properties) = document.get(schema, "properties") else {
        return;
    };
    let entries = document.entries(properties);
    let needs_one = |property: NodeId| {
        // A reference, or a combination of schemas, is described by its members.
        let combinations = ["$ref", "allOf", "anyOf", "oneOf"];
        let is_combination = combinations
            .iter()
            .any(|key| document.get(property, key).is_some());
        !is_combination && !has(document, property, &["description", "title"])
    };
    let names: Vec<&str> = entries
        .iter()
        .filter(|entry| needs_one(entry.value))
        .map(|entry| entry.key)
        .collect();
    if names.is_empty() {
        return;
    }
    const MAX_SHOWN: usize = 5;
    let shown = names[..names.len().min(MAX_SHOWN)].join("`, `");
    let more = match names.len().saturating_sub(MAX_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (verb, s) = if names.len() == 1 {
        ("has", "y")
    } else {
        ("have", "ies")
    };
    let fact = format!("the propert{s} `{shown}`{more} {verb} no description");
    let which = if names.len() == 1 { "it" } else { "each" };
    lint.report(rules::DESCRIPTION_MISSING, at(properties), fact)
        .remedy = format!("Add a `description` to {which}.");
}
