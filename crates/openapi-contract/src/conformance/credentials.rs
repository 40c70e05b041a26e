//! The credentials of a request.

use std::collections::BTreeSet;

use serde_json::Value;

use super::headers::Headers;
use super::multimap::Multimap;
use crate::model::{ApiKeyLocation, Contract, Operation, SecurityRequirement, SecurityScheme};

/// The query parameters that contain API keys.
pub(super) fn query_parameters(contract: &Contract) -> BTreeSet<String> {
    let document = &contract.document;
    let schemes = document.at_pointer("/components/securitySchemes");
    let schemes = schemes
        .map(|node| document.entries(node))
        .unwrap_or_default();
    let schemes = schemes.iter();
    let schemes = schemes.filter_map(|entry| document.resolve(entry.value).ok());
    let keys = schemes.filter(|&node| document.get_text(node, "in") == Some("query"));
    keys.filter_map(|node| document.get_text(node, "name").map(str::to_owned))
        .collect()
}

/// The credentials of a request that the operation knows, with all their scopes: a token does not
/// show its scopes.
pub(super) fn presented(
    operation: &Operation,
    headers: &Headers<'_>,
    query: &Multimap<'_>,
    cookies: &Multimap<'_>,
) -> BTreeSet<String> {
    let known = operation.security.iter().flatten();
    let presented = known.filter(|(scheme, _)| is_presented(scheme, headers, query, cookies));
    presented
        .flat_map(|(scheme, scopes)| scheme.credentials(scopes))
        .collect()
}

/// Whether credentials satisfy one of the operation's security requirements.
pub(super) fn suffice(operation: &Operation, presented: &BTreeSet<String>) -> bool {
    let is_met = |requirement: &SecurityRequirement| {
        let mut needed = requirement
            .iter()
            .flat_map(|(scheme, scopes)| scheme.credentials(scopes));
        needed.all(|credential| presented.contains(&credential))
    };
    operation.security.is_empty() || operation.security.iter().any(is_met)
}

/// All credentials that an operation knows, as an array for a message.
pub(super) fn all(operation: &Operation) -> Value {
    let known = operation.security.iter().flatten();
    let all: BTreeSet<String> = known
        .flat_map(|(scheme, scopes)| scheme.credentials(scopes))
        .collect();
    all.into_iter().collect()
}

/// The security requirements of an operation as text.
pub(super) fn requirements(operation: &Operation) -> String {
    let requirements = operation.security.iter().map(|requirement| {
        let schemes: Vec<String> = requirement
            .keys()
            .map(|scheme| format!("`{scheme}`"))
            .collect();
        schemes.join(" and ")
    });
    requirements.collect::<Vec<_>>().join(", or ")
}

/// Whether a request has the credentials of a scheme. Credentials outside of the request, such as
/// TLS certificates, count as present.
fn is_presented(
    scheme: &SecurityScheme,
    headers: &Headers<'_>,
    query: &Multimap<'_>,
    cookies: &Multimap<'_>,
) -> bool {
    let authorization = headers.get("authorization").unwrap_or_default();
    let (sent_scheme, secret) = authorization.split_once(' ').unwrap_or_default();
    let has = |name: &str| sent_scheme.eq_ignore_ascii_case(name) && !secret.trim().is_empty();
    match scheme {
        SecurityScheme::Http { scheme } => has(scheme),
        SecurityScheme::OAuth2 | SecurityScheme::OpenIdConnect { .. } => has("bearer"),
        SecurityScheme::ApiKey { location, name } => match location {
            ApiKeyLocation::Header => headers.get(&name.to_ascii_lowercase()).is_some(),
            ApiKeyLocation::Query => query.has(name),
            ApiKeyLocation::Cookie => cookies.has(name),
        },
        SecurityScheme::MutualTls | SecurityScheme::Unknown(_) => true,
    }
}
