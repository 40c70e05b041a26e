//! The security schemes of the contract, and the security requirements of each operation.

use openapi_contract::document::{Document, NodeId};
use openapi_contract::model::{Contract, Operation};

use super::data::{SchemeKind, SchemePlan};

/// Reads the security alternatives of an operation, in the order of the contract. `offered` applies if the contract
/// has no `security`.
pub(super) fn alternatives(
    document: &Document,
    operation: &Operation,
    offered: &[Vec<String>],
) -> Vec<Vec<String>> {
    let Some(node) = operation.security_node else {
        return offered.to_vec();
    };
    let alternatives = document.elements(node).iter();
    let alternatives = alternatives.map(|&alternative| {
        let schemes = document.entries(alternative).iter();
        schemes.map(|entry| entry.key.to_owned()).collect()
    });
    alternatives.collect()
}

/// The alternatives for a contract with security schemes but no `security`: each scheme, or none.
pub(super) fn offered(contract: &Contract) -> Vec<Vec<String>> {
    let mut operations = contract.operations.values();
    if operations
        .any(|operation| !operation.is_callback_or_webhook && operation.security_node.is_some())
    {
        return Vec::new();
    }
    let declared = declared(&contract.document).map(|(name, _)| vec![name.to_owned()]);
    let mut alternatives: Vec<Vec<String>> = declared.collect();
    if !alternatives.is_empty() {
        alternatives.push(Vec::new());
    }
    alternatives
}

/// Reads the schemes that the contract declares, and undeclared ones that operations require.
pub(super) fn schemes<'a>(
    document: &Document,
    required: impl Iterator<Item = &'a String>,
) -> Vec<SchemePlan> {
    let mut schemes: Vec<SchemePlan> = declared(document)
        .map(|(name, node)| scheme(document, name, node))
        .collect();
    for name in required {
        if !schemes.iter().any(|scheme| scheme.name == *name) {
            schemes.push(SchemePlan {
                name: name.clone(),
                kind: SchemeKind::Outside,
                is_declared: false,
                doc: String::new(),
                client_credentials_url: None,
                refresh_url: None,
            });
        }
    }
    schemes
}

/// The declared schemes by name.
pub(super) fn declared(document: &Document) -> impl Iterator<Item = (&str, NodeId)> {
    let components = document.get(document.root(), "components");
    let schemes = components.map(|components| document.members(components, "securitySchemes"));
    let schemes = schemes
        .into_iter()
        .flat_map(|schemes| (0..schemes.len()).filter_map(move |at| schemes.get(at)));
    schemes.map(|entry| {
        (
            entry.key,
            document.resolve(entry.value).unwrap_or(entry.value),
        )
    })
}

fn scheme(document: &Document, name: &str, node: NodeId) -> SchemePlan {
    let flows = document.get(node, "flows");
    let url = |flow: &str, key: &str| {
        let flow = document.get(flows?, flow)?;
        document.get_text(flow, key).map(str::to_owned)
    };
    SchemePlan {
        name: name.to_owned(),
        kind: kind(document, node).unwrap_or(SchemeKind::Outside),
        is_declared: true,
        doc: document
            .get_text(node, "description")
            .map(|text| text.trim().to_owned())
            .unwrap_or_default(),
        client_credentials_url: url("clientCredentials", "tokenUrl"),
        refresh_url: ["authorizationCode", "password"]
            .into_iter()
            .find_map(|flow| url(flow, "refreshUrl").or_else(|| url(flow, "tokenUrl"))),
    }
}

fn kind(document: &Document, node: NodeId) -> Option<SchemeKind> {
    let text = |key: &str| document.get_text(node, key);
    match text("type")? {
        "http" => Some(match text("scheme")? {
            word if word.eq_ignore_ascii_case("basic") => SchemeKind::Basic,
            word if word.eq_ignore_ascii_case("bearer") => SchemeKind::Token("Bearer".to_owned()),
            word => SchemeKind::Token(word.to_owned()),
        }),
        "oauth2" | "openIdConnect" => Some(SchemeKind::Token("Bearer".to_owned())),
        "apiKey" => {
            let name = text("name")?.to_owned();
            match text("in")? {
                "header" => Some(SchemeKind::Header(name)),
                "query" => Some(SchemeKind::Query(name)),
                "cookie" => Some(SchemeKind::Cookie(name)),
                _ => None,
            }
        }
        _ => None,
    }
}
