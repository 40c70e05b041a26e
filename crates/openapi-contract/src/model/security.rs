//! Security schemes and requirements.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a client sends for a security scheme. Schemes that send the same are equal, whatever their
/// names in `components`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecurityScheme {
    /// An API key.
    ApiKey {
        /// Where the key is sent.
        location: ApiKeyLocation,
        /// The name of the header, query parameter or cookie.
        name: String,
    },
    /// An HTTP authentication scheme, such as `basic` or `bearer`.
    Http {
        /// The scheme in lower case.
        scheme: String,
    },
    /// A TLS client certificate.
    MutualTls,
    /// A bearer token from an OAuth 2 server.
    OAuth2,
    /// A bearer token from an OpenID Connect provider.
    OpenIdConnect {
        /// The URL of the provider's metadata.
        url: String,
    },
    /// A scheme that is not declared, or has a type that OpenAPI does not define: its name or type.
    Unknown(String),
}

/// Where an API key is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ApiKeyLocation {
    /// In a cookie.
    Cookie,
    /// In a header.
    Header,
    /// In the query.
    Query,
}

/// Credentials that are needed together, each with its scopes.
pub type SecurityRequirement = BTreeMap<SecurityScheme, BTreeSet<String>>;

impl SecurityScheme {
    /// The HTTP authentication scheme that the client names in the `Authorization` header; empty for
    /// an API key in this header, and `None` for what is sent elsewhere.
    pub fn authorization_scheme(&self) -> Option<&str> {
        match self {
            Self::Http { scheme } => Some(scheme),
            Self::OAuth2 | Self::OpenIdConnect { .. } => Some("bearer"),
            Self::ApiKey {
                location: ApiKeyLocation::Header,
                name,
            } if name.eq_ignore_ascii_case("authorization") => Some(""),
            Self::ApiKey { .. } | Self::MutualTls | Self::Unknown(_) => None,
        }
    }

    /// The strings that stand for the scheme and its scopes in the `credentials` of a message (see
    /// [`message_schema`](crate::message_schema)).
    pub(crate) fn credentials<'s>(
        &'s self,
        scopes: &'s BTreeSet<String>,
    ) -> impl Iterator<Item = String> + 's {
        let scopes = scopes.iter().map(move |scope| format!("{self} {scope}"));
        std::iter::once(self.to_string()).chain(scopes)
    }
}

impl ApiKeyLocation {
    /// Parses the value of `in`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "cookie" => Some(Self::Cookie),
            "header" => Some(Self::Header),
            "query" => Some(Self::Query),
            _ => None,
        }
    }
}

impl fmt::Display for ApiKeyLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cookie => "cookie",
            Self::Header => "header",
            Self::Query => "query",
        })
    }
}

impl fmt::Display for SecurityScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey { location, name } => write!(f, "apiKey {location} {name}"),
            Self::Http { scheme } => write!(f, "http {scheme}"),
            Self::MutualTls => f.write_str("mutualTLS"),
            Self::OAuth2 => f.write_str("oauth2"),
            Self::OpenIdConnect { url } => write!(f, "openIdConnect {url}"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api_key(location: ApiKeyLocation, name: &str) -> SecurityScheme {
        SecurityScheme::ApiKey {
            location,
            name: name.to_owned(),
        }
    }

    #[test]
    fn api_key_locations_round_trip() {
        for text in ["cookie", "header", "query"] {
            let location = ApiKeyLocation::parse(text);
            assert_eq!(
                location.map(|location| location.to_string()).as_deref(),
                Some(text)
            );
        }
        assert_eq!(ApiKeyLocation::parse("path"), None);
    }

    #[test]
    fn credentials_are_the_scheme_and_its_scopes() {
        let scopes = BTreeSet::from(["read".to_owned(), "write".to_owned()]);
        let credentials: Vec<String> = SecurityScheme::OAuth2.credentials(&scopes).collect();
        assert_eq!(credentials, ["oauth2", "oauth2 read", "oauth2 write"]);
        let key = api_key(ApiKeyLocation::Header, "X-Key");
        let credentials: Vec<String> = key.credentials(&BTreeSet::new()).collect();
        assert_eq!(credentials, ["apiKey header X-Key"]);
    }

    #[test]
    fn tokens_and_some_keys_are_sent_as_authorization() {
        for (scheme, expected) in [
            (SecurityScheme::OAuth2, Some("bearer")),
            (api_key(ApiKeyLocation::Header, "authorization"), Some("")),
            (api_key(ApiKeyLocation::Query, "Authorization"), None),
            (SecurityScheme::MutualTls, None),
        ] {
            assert_eq!(scheme.authorization_scheme(), expected, "{scheme}");
        }
    }
}
