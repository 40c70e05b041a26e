//! Where `$ref` leads, and what stands beside it.

use super::inventory::{ObjectKind, Reference, component_kind};
use super::{Lint, at};
use crate::model::Dialect;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    for reference in &lint.inventory.references {
        let node = reference.part.node;
        let place = at(node).member("$ref");
        if let Err(error) = document.resolve(node) {
            lint.found(
                rules::UNRESOLVED_REFERENCE,
                at(error.at()).member("$ref"),
                error.to_string(),
            );
            continue;
        }
        // What is in other files is brought into one document before generation.
        let is_in_one_file = document.sort_key(node).0 == 0
            && (reference.target.starts_with('#') || reference.part.kind == ObjectKind::PathItem);
        if is_in_one_file && !is_generated(reference) {
            let fact = match reference.part.kind {
                ObjectKind::PathItem => "a whole path is a reference".to_owned(),
                _ => format!(
                    "`{}` is no component of the kind needed here",
                    reference.target
                ),
            };
            lint.found(rules::REFERENCE_NOT_COMPONENT, place, fact);
        }
        if lint.contract.dialect == Dialect::OpenApi30
            && reference.part.kind != ObjectKind::PathItem
        {
            siblings(lint, reference);
        }
    }
}

/// Whether generators find the target: they take references apart at the slashes.
fn is_generated(reference: &Reference<'_>) -> bool {
    let path = reference.target.strip_prefix("#/components/");
    let steps = path.and_then(|path| path.split_once('/'));
    match (reference.part.kind, steps) {
        (ObjectKind::PathItem, _) | (_, None) => false,
        (kind, Some((group, name))) => component_kind(group) == Some(kind) && !name.contains('/'),
    }
}

fn siblings(lint: &mut Lint<'_>, reference: &Reference<'_>) {
    let document = lint.document;
    let is_ignored = |key: &str| {
        // Prose is lost as well, but nobody relies on it.
        !matches!(key, "$ref" | "description" | "summary" | "title") && !key.starts_with("x-")
    };
    let entries = document.entries(reference.part.node);
    let keys: Vec<&str> = entries
        .iter()
        .map(|entry| entry.key)
        .filter(|key| is_ignored(key))
        .collect();
    if let [first, ..] = keys[..] {
        let fact = format!("`{}` beside `$ref` is ignored", keys.join("`, `"));
        lint.found(
            rules::REFERENCE_SIBLING,
            at(reference.part.node).member(first),
            fact,
        );
    }
}
