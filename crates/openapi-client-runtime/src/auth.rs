//! Credentials, and the security requirements of operations (OpenAPI 3.0.4, "Security Requirement Object").

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use data_encoding::BASE64;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use crate::url_query;

/// The error type of a [`TokenSource`].
pub type TokenError = Box<dyn std::error::Error + Send + Sync>;

/// A future that resolves to a token, returned by [`TokenSource::token`].
#[cfg(not(target_arch = "wasm32"))]
pub type Token<'a> = Pin<Box<dyn Future<Output = Result<String, TokenError>> + Send + 'a>>;

/// A future that resolves to a token, returned by [`TokenSource::token`].
#[cfg(target_arch = "wasm32")]
pub type Token<'a> = Pin<Box<dyn Future<Output = Result<String, TokenError>> + 'a>>;

/// A source of access tokens.
///
/// Implemented for fixed tokens and for closures that return a future, such as
/// `|| async { fetch().await }`. The source is called for every request, so an implementation that
/// fetches tokens should cache them until they expire.
pub trait TokenSource: Send + Sync {
    /// Returns a currently valid token.
    fn token(&self) -> Token<'_>;
}

impl TokenSource for String {
    fn token(&self) -> Token<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

impl TokenSource for &'static str {
    fn token(&self) -> Token<'_> {
        Box::pin(std::future::ready(Ok((*self).to_owned())))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<F, Fut, E> TokenSource for F
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<String, E>> + Send + 'static,
    E: Into<TokenError>,
{
    fn token(&self) -> Token<'_> {
        let token = self();
        Box::pin(async move { token.await.map_err(Into::into) })
    }
}

#[cfg(target_arch = "wasm32")]
impl<F, Fut, E> TokenSource for F
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<String, E>> + 'static,
    E: Into<TokenError>,
{
    fn token(&self) -> Token<'_> {
        let token = self();
        Box::pin(async move { token.await.map_err(Into::into) })
    }
}

/// A security scheme of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scheme {
    /// The name in the contract.
    pub name: &'static str,
    /// How its credentials are sent.
    pub kind: SchemeKind,
}

/// How the credentials of a security scheme are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchemeKind {
    /// A token in the header `Authorization`: `http` schemes, `oauth2` and `openIdConnect`.
    Token {
        /// The word before the token, such as `Bearer`. Only the token is sent if it is empty.
        prefix: &'static str,
    },
    /// A user name and a password in the header `Authorization` (RFC 7617).
    Basic,
    /// A key in this header.
    Header(&'static str),
    /// A key in this query parameter.
    Query(&'static str),
    /// A key in this cookie.
    Cookie(&'static str),
    /// Not by the client: client certificates and unknown schemes.
    External,
}

/// The security requirements of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// The client method of the operation, which is the `operation_id` that hooks receive.
    pub method: &'static str,
    /// The `operationId` in the contract.
    pub operation_id: &'static str,
    /// The alternatives. One of them must be satisfied with all its schemes; an empty one needs no
    /// credentials.
    pub alternatives: &'static [&'static [Scheme]],
}

/// The error returned when a request cannot be authenticated. The request was not sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The operation requires credentials that are not set.
    #[error("`{operation_id}` requires credentials that are not set: {}", Alternatives(.alternatives))]
    Missing {
        /// The `operationId` in the contract.
        operation_id: &'static str,
        /// The security alternatives of the operation. One of them must be satisfied with all its schemes.
        alternatives: &'static [&'static [Scheme]],
    },
    /// The token source returned an error.
    #[error("cannot get a token for `{}`: {source}", .scheme.name)]
    Token {
        /// The scheme that needs the token.
        scheme: Scheme,
        /// The error of the token source.
        source: TokenError,
    },
    /// The credentials are of another kind than the scheme, or contain characters that cannot be sent.
    #[error("the credentials for `{}` cannot be sent: they contain characters that are not allowed there, or are of another kind", .scheme.name)]
    InvalidCredentials {
        /// The scheme of the credentials.
        scheme: Scheme,
    },
}

/// The security alternatives in a message.
struct Alternatives(&'static [&'static [Scheme]]);

impl fmt::Display for Alternatives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, alternative) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { ", or " })?;
            for (at, scheme) in alternative.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { " and " })?;
                write!(f, "`{}`", scheme.name)?;
            }
        }
        Ok(())
    }
}

/// The credentials of a client, by security scheme.
///
/// `Debug` shows which credentials are set, but not their values.
#[derive(Clone, Default)]
pub struct Credentials {
    /// By the name of the scheme.
    secrets: BTreeMap<&'static str, (Scheme, Secret)>,
}

#[derive(Clone)]
enum Secret {
    Token(Arc<dyn TokenSource>),
    Basic { user: String, password: String },
    Key(String),
}

/// Replaces a secret in `Debug` output.
struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials ")?;
        let set = self.secrets.keys().map(|name| (name, Redacted));
        f.debug_map().entries(set).finish()
    }
}

impl Credentials {
    /// Creates an empty set of credentials.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the source of tokens for a scheme. For an API key, the token is the key.
    pub fn set_token(&mut self, scheme: Scheme, token: impl TokenSource + 'static) -> &mut Self {
        self.set(scheme, Secret::Token(Arc::new(token)))
    }

    /// Sets the user name and the password for a scheme.
    pub fn set_basic(
        &mut self,
        scheme: Scheme,
        user: impl Into<String>,
        password: impl Into<String>,
    ) -> &mut Self {
        let (user, password) = (user.into(), password.into());
        self.set(scheme, Secret::Basic { user, password })
    }

    /// Sets the key for a scheme. For a scheme with tokens, the key is the token.
    pub fn set_key(&mut self, scheme: Scheme, key: impl Into<String>) -> &mut Self {
        self.set(scheme, Secret::Key(key.into()))
    }

    fn set(&mut self, scheme: Scheme, secret: Secret) -> &mut Self {
        self.secrets.insert(scheme.name, (scheme, secret));
        self
    }

    /// Adds the credentials that the operation requires to the request.
    ///
    /// `method` is the name of the client method, as in `OperationInfo::operation_id`. If the operation has
    /// several security alternatives, the first one for which all credentials are set is used. If none is
    /// complete and one needs no credentials, the request stays unchanged.
    ///
    /// # Errors
    ///
    /// Returns an error if required credentials are missing or cannot be sent.
    pub async fn apply(
        &self,
        requirements: &'static [Requirement],
        method: &str,
        request: &mut Request,
    ) -> Result<(), AuthError> {
        let mut all = requirements.iter();
        let Some(requirement) = all.find(|requirement| requirement.method == method) else {
            return Ok(());
        };
        let alternatives = requirement.alternatives;
        let holds = |scheme: &Scheme| self.has(*scheme);
        let complete = |alternative: &&&[Scheme]| {
            let mut held = alternative.iter().filter_map(holds).peekable();
            held.peek().is_some() && held.all(|held| held)
        };
        if let Some(alternative) = alternatives.iter().find(complete) {
            for scheme in alternative.iter() {
                self.send(*scheme, request).await?;
            }
            return Ok(());
        }
        let mut without = alternatives.iter();
        if alternatives.is_empty()
            || without.any(|alternative| alternative.iter().all(|scheme| holds(scheme).is_none()))
        {
            return Ok(());
        }
        Err(AuthError::Missing {
            operation_id: requirement.operation_id,
            alternatives,
        })
    }

    /// Redacts the query parameters with credentials in the URL of an error.
    pub fn conceal(&self, error: reqwest::Error) -> reqwest::Error {
        let names = self.secrets.values();
        let names = names.filter_map(|(scheme, _)| match scheme.kind {
            SchemeKind::Query(name) => Some(name),
            _ => None,
        });
        let mut error = error;
        if let Some(url) = error.url_mut() {
            url_query::redact(url, names);
        }
        error
    }

    /// Returns whether credentials are set, or `None` if the client sends none for this scheme.
    fn has(&self, scheme: Scheme) -> Option<bool> {
        match scheme.kind {
            SchemeKind::External => None,
            _ => Some(self.secrets.contains_key(scheme.name)),
        }
    }

    async fn send(&self, scheme: Scheme, request: &mut Request) -> Result<(), AuthError> {
        let Some((_, secret)) = self.secrets.get(scheme.name) else {
            return Ok(());
        };
        let invalid = || AuthError::InvalidCredentials { scheme };
        if scheme.kind == SchemeKind::Basic {
            let Secret::Basic { user, password } = secret else {
                return Err(invalid());
            };
            // The first colon ends the user name.
            if user.contains(':') {
                return Err(invalid());
            }
            let pair = BASE64.encode(format!("{user}:{password}").as_bytes());
            return set_header(request, scheme, AUTHORIZATION, &format!("Basic {pair}"));
        }
        let value = match secret {
            Secret::Token(source) => {
                let token = source.token().await;
                token.map_err(|source| AuthError::Token { scheme, source })?
            }
            Secret::Key(key) => key.clone(),
            Secret::Basic { .. } => return Err(invalid()),
        };
        match scheme.kind {
            SchemeKind::Token { prefix: "" } => set_header(request, scheme, AUTHORIZATION, &value),
            SchemeKind::Token { prefix } => {
                set_header(request, scheme, AUTHORIZATION, &format!("{prefix} {value}"))
            }
            SchemeKind::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
                set_header(request, scheme, name, &value)
            }
            SchemeKind::Query(name) => {
                url_query::set(request.url_mut(), name, &value);
                Ok(())
            }
            SchemeKind::Cookie(name) => add_cookie(request, scheme, name, &value),
            SchemeKind::Basic | SchemeKind::External => Ok(()),
        }
    }
}

/// Sets a header and marks it as sensitive.
fn set_header(
    request: &mut Request,
    scheme: Scheme,
    name: HeaderName,
    value: &str,
) -> Result<(), AuthError> {
    let Ok(mut value) = HeaderValue::from_str(value) else {
        return Err(AuthError::InvalidCredentials { scheme });
    };
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

/// Appends a cookie to the `Cookie` header.
fn add_cookie(
    request: &mut Request,
    scheme: Scheme,
    name: &str,
    value: &str,
) -> Result<(), AuthError> {
    let invalid = || AuthError::InvalidCredentials { scheme };
    let splits = |c: char| matches!(c, ';' | ',' | '"' | '\\') || c.is_whitespace();
    if value.contains(splits) {
        return Err(invalid());
    }
    let others = request.headers().get(COOKIE);
    let cookies = match others.map(HeaderValue::to_str) {
        Some(Ok(others)) => format!("{others}; {name}={value}"),
        Some(Err(_)) => return Err(invalid()),
        None => format!("{name}={value}"),
    };
    set_header(request, scheme, COOKIE, &cookies)
}
