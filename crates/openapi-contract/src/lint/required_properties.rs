//! Properties that OpenAPI requires, apart from those without which a contract cannot be read.

use super::inventory::{InventoryItem, ObjectKind};
use super::{Lint, at};
use crate::document::Document;
use crate::model::Dialect;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    for part in &lint.inventory.parts {
        if document.get_text(part.node, "$ref").is_some() {
            continue;
        }
        if let Some(property) = missing(document, lint.contract.dialect, part) {
            let object = part.kind.specification_name();
            let fact = format!("this {object} has no `{property}`");
            lint.report(rules::MEMBER_MISSING, at(part.node), fact)
                .remedy = format!("Add `{property}` to the {object}.");
        }
    }
}

/// The first required property that an object lacks.
fn missing(
    document: &Document,
    dialect: Dialect,
    part: &InventoryItem<'_>,
) -> Option<&'static str> {
    let has = |key: &str| document.get(part.node, key).is_some();
    let lacks = |keys: &[&'static str]| keys.iter().copied().find(|key| !has(key));
    match part.kind {
        ObjectKind::Root if dialect == Dialect::OpenApi30 => lacks(&["paths"]),
        ObjectKind::Info => lacks(&["title"]),
        ObjectKind::License | ObjectKind::Tag => lacks(&["name"]),
        ObjectKind::Server | ObjectKind::ExternalDocs => lacks(&["url"]),
        ObjectKind::RequestBody => lacks(&["content"]),
        ObjectKind::Response => lacks(&["description"]),
        ObjectKind::Parameter | ObjectKind::Header => {
            (!has("schema") && !has("content")).then_some("schema")
        }
        ObjectKind::SecurityScheme => lacks(&["type"]).or_else(|| {
            match document.get_text(part.node, "type").unwrap_or_default() {
                "http" => lacks(&["scheme"]),
                "apiKey" => lacks(&["name", "in"]),
                "oauth2" => lacks(&["flows"]),
                "openIdConnect" => lacks(&["openIdConnectUrl"]),
                _ => None,
            }
        }),
        _ => None,
    }
}
