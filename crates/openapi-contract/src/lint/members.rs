//! Members that OpenAPI requires, beyond those without which the contract cannot be read.

use super::inventory::{Kind, Part};
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
fn missing(document: &Document, dialect: Dialect, part: &Part<'_>) -> Option<&'static str> {
    let has = |key: &str| document.get(part.node, key).is_some();
    let lacks = |keys: &[&'static str]| keys.iter().copied().find(|key| !has(key));
    match part.kind {
        Kind::Root if dialect == Dialect::OpenApi30 => lacks(&["paths"]),
        Kind::Info => lacks(&["title"]),
        Kind::License | Kind::Tag => lacks(&["name"]),
        Kind::Server | Kind::ExternalDocs => lacks(&["url"]),
        Kind::RequestBody => lacks(&["content"]),
        Kind::Response => lacks(&["description"]),
        Kind::Parameter | Kind::Header => (!has("schema") && !has("content")).then_some("schema"),
        Kind::SecurityScheme => lacks(&["type"]).or_else(|| {
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

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Root => "the document",
        Kind::License => "the license",
        Kind::Tag => "the tag",
        Kind::Server => "the server",
        Kind::ExternalDocs => "the link to documentation",
        Kind::RequestBody => "the request body",
        Kind::Response => "the response",
        Kind::Parameter => "the parameter",
        Kind::Header => "the header",
        Kind::SecurityScheme => "the security scheme",
        _ => "the object",
    }
}
