//! The credentials that the requests of an operation have.

use std::collections::{BTreeMap, BTreeSet};

use openapi_contract::model::{Operation, SecurityRequirement, SecurityScheme};
use serde_json::Value;

/// Location and name of the API keys of an operation.
pub(super) fn keys(operation: &Operation) -> BTreeSet<(String, String)> {
    let schemes = operation.security.iter().flat_map(BTreeMap::keys);
    let keys = schemes.filter_map(|scheme| match scheme {
        SecurityScheme::ApiKey { location, name } => Some(key(&location.to_string(), name)),
        _ => None,
    });
    keys.collect()
}

/// The header for the credentials of an operation that are no API keys.
pub(super) fn authorization(operation: &Operation) -> Option<(String, String)> {
    let mut schemes = operation.security.iter().flat_map(BTreeMap::keys);
    schemes
        .any(|scheme| scheme.authorization_scheme().is_some())
        .then(|| key("header", "authorization"))
}

/// The API keys of a contract that declares some but requires none: the client sends those it has.
pub(super) fn optional_keys(contract: &Value) -> BTreeSet<(String, String)> {
    let paths = contract["paths"].as_object().into_iter().flatten();
    let mut items = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let requires = |of: &Value| of.get("security").is_some();
    if requires(contract) || items.any(|(_, operation)| requires(operation)) {
        return BTreeSet::new();
    }
    let schemes = contract.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    schemes
        .filter(|(_, scheme)| scheme["type"] == "apiKey")
        .filter_map(|(_, scheme)| Some(key(scheme["in"].as_str()?, scheme["name"].as_str()?)))
        .collect()
}

/// Location and name of a key; names of headers are case-insensitive.
pub(super) fn key(location: &str, name: &str) -> (String, String) {
    let name = match location {
        "header" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    };
    (location.to_owned(), name)
}

/// Whether one request can have all credentials of an alternative: `Authorization` holds only one.
pub(super) fn is_sendable(alternative: &SecurityRequirement) -> bool {
    let in_authorization = alternative
        .keys()
        .filter_map(SecurityScheme::authorization_scheme);
    in_authorization.collect::<BTreeSet<_>>().len() < 2
}

#[cfg(test)]
mod tests {
    use openapi_contract::model::{ApiKeyLocation, SecurityRequirement, SecurityScheme};

    use super::is_sendable;

    #[test]
    fn authorization_holds_one_credential() {
        let http = |scheme: &str| SecurityScheme::Http {
            scheme: scheme.to_owned(),
        };
        let header = |name: &str| SecurityScheme::ApiKey {
            location: ApiKeyLocation::Header,
            name: name.to_owned(),
        };
        for (schemes, expected) in [
            (vec![http("basic")], true),
            (
                vec![http("basic"), header("X-Key"), SecurityScheme::MutualTls],
                true,
            ),
            (vec![http("basic"), header("authorization")], false),
            (vec![http("bearer"), SecurityScheme::OAuth2], true),
            (vec![http("basic"), SecurityScheme::OAuth2], false),
        ] {
            let alternative: SecurityRequirement = schemes
                .iter()
                .map(|scheme| (scheme.clone(), Default::default()))
                .collect();
            assert_eq!(is_sendable(&alternative), expected, "{schemes:?}");
        }
    }
}
