//! Targets and siblings of `$ref`.

use super::inventory::{ObjectKind, Reference, component_group, component_kind};
use super::{Lint, at};
use crate::model::{Dialect, Problem};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    for reference in &lint.inventory.references {
        let node = reference.part.node;
        let location = at(node).property("$ref");
        if let Err(error) = document.resolve(node) {
            lint.findings
                .push(Problem::unresolved(&error).to_finding(document));
            continue;
        }
        // Other files have no components, so references to them are not checked.
        let is_in_one_file = document.sort_key(node).0 == 0
            && (reference.target.starts_with('#') || reference.part.kind == ObjectKind::PathItem);
        if is_in_one_file && !is_component_of_kind(reference) {
            let target = reference.target;
            let (fact, remedy) = match reference.part.kind {
                ObjectKind::PathItem => (
                    format!("this path item is a reference to `{target}`"),
                    "Replace the reference by the operations of its target.".to_owned(),
                ),
                kind => {
                    let group = component_group(kind).unwrap_or("components");
                    (
                        format!("`{target}` is not in `components.{group}`"),
                        format!("Move the target to `components.{group}`, and refer to it there."),
                    )
                }
            };
            lint.report(rules::REFERENCE_NOT_COMPONENT, location, fact)
                .remedy = remedy;
        }
        if lint.contract.dialect == Dialect::OpenApi30
            && reference.part.kind != ObjectKind::PathItem
        {
            siblings(lint, reference);
        }
    }
}

/// Whether the target is a component of the kind that is expected at the reference.
fn is_component_of_kind(reference: &Reference<'_>) -> bool {
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
        // Descriptions are ignored as well, but no message depends on them.
        !matches!(key, "$ref" | "description" | "summary" | "title") && !key.starts_with("x-")
    };
    let entries = document.entries(reference.part.node);
    let keys: Vec<&str> = entries
        .iter()
        .map(|entry| entry.key)
        .filter(|key| is_ignored(key))
        .collect();
    if let [first, ..] = keys[..] {
        let keys = keys.join("`, `");
        let location = at(reference.part.node).property(first);
        let fact = format!("`{keys}` next to `$ref` is ignored");
        lint.report(rules::REFERENCE_SIBLING, location, fact).remedy = format!(
            "Write `allOf: [{{$ref: '{}'}}]` in place of the `$ref`, or move `{keys}` to its target.",
            reference.target
        );
    }
}
