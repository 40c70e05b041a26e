//! The credentials that the requests of an operation have.

use std::collections::{BTreeMap, BTreeSet};

use openapi_contract::model::{Contract, Operation, SecurityRequirement, SecurityScheme};

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
pub(super) fn optional_keys(contract: &Contract) -> BTreeSet<(String, String)> {
    let document = &contract.document;
    let mut operations = contract.operations.values();
    let is_required = document.get(document.root(), "security").is_some()
        || operations.any(|operation| operation.security_node.is_some());
    let schemes = document.at_pointer("/components/securitySchemes");
    let Some(schemes) = schemes.filter(|_| !is_required) else {
        return BTreeSet::new();
    };
    let entries = document.entries(schemes).iter();
    let keys = entries.filter_map(|entry| {
        let scheme = document.resolve(entry.value).ok()?;
        let text = |name| document.get_text(scheme, name);
        let is_key = text("type") == Some("apiKey");
        is_key.then(|| Some(key(text("in")?, text("name")?)))?
    });
    keys.collect()
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
    use std::collections::BTreeSet;

    use openapi_contract::document::Document;
    use openapi_contract::model::{ApiKeyLocation, Contract, SecurityRequirement, SecurityScheme};

    use super::{is_sendable, key, optional_keys};

    #[test]
    fn keys_are_optional_if_none_is_required() {
        let contract = |security: &str| {
            let text = format!(
                "
openapi: 3.0.3
info: {{title: Things, version: 1.0.0}}
paths: {{/things: {{get: {{{security} responses: {{'204': {{description: Done.}}}}}}}}}}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: X-Key}}
    token: {{type: http, scheme: bearer}}
"
            );
            let document = Document::parse("things.yaml", text).expect("it is YAML");
            Contract::read(document).expect("it is a contract")
        };
        let keys = optional_keys(&contract(""));
        assert_eq!(keys, BTreeSet::from([key("header", "x-key")]));
        assert!(optional_keys(&contract("security: [{token: []}],")).is_empty());
    }

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
