//! Members that OpenAPI requires, beyond those without which the contract cannot be read.

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
        let missing = missing(document, lint.contract.dialect, part);
        if let Some(member) = missing {
            let fact = format!("{} has no `{member}`", kind(part.kind));
            lint.found(rules::MEMBER_MISSING, at(part.node), fact);
        }
    }
}

/// The first required member, or choice of members, that an object lacks.
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

fn kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Root => "the document",
        ObjectKind::License => "the license",
        ObjectKind::Tag => "the tag",
        ObjectKind::Server => "the server",
        ObjectKind::ExternalDocs => "the link to documentation",
        ObjectKind::RequestBody => "the request body",
        ObjectKind::Response => "the response",
        ObjectKind::Parameter => "the parameter",
        ObjectKind::Header => "the header",
        ObjectKind::SecurityScheme => "the security scheme",
        _ => "the object",
    }
}
