//! Formats that have no effect.

use super::inventory::{InventoryItem, ObjectKind};
use super::{Lint, at};
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let inventory = lint.inventory;
    for part in inventory.of(ObjectKind::Schema) {
        format(lint, part);
    }
}

fn format(lint: &mut Lint<'_>, part: InventoryItem<'_>) {
    let document = lint.document;
    let kind = document.get_text(part.node, "type");
    let format = document.get_text(part.node, "format");
    if let (Some(kind @ ("object" | "array" | "boolean")), Some(format)) = (kind, format) {
        let fact = format!("the format `{format}` does not apply to the type `{kind}`");
        lint.report(
            rules::FORMAT_UNSUPPORTED,
            at(part.node).property("format"),
            fact,
        )
        .remedy = format!("Delete `format: {format}`, or change the type `{kind}`.");
    }
}
