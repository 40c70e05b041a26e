use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};

/// The error type of a [`TokenSource`].
pub type TokenError = Box<dyn std::error::Error + Send + Sync>;

/// A future that resolves to a token, returned by [`TokenSource::token`].
pub type Token<'a> = Pin<Box<dyn Future<Output = Result<String, TokenError>> + Send + 'a>>;

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

/// The error returned when a request cannot be authenticated. The request was not sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthError {
    /// The operation requires credentials that are not set.
    Missing {
        /// The `operationId` in the contract.
        operation_id: &'static str,
        /// The security alternatives of the operation. One of them must be satisfied with all its schemes.
        ways: &'static [&'static [Scheme]],
    },
    /// The token source returned an error.
    Token {
        /// The scheme that needs the token.
        scheme: Scheme,
        /// The error of the token source.
        source: TokenError,
    },
    /// The credentials contain characters that are not allowed in an HTTP header.
    Unsendable {
        /// The scheme of the credentials.
        scheme: Scheme,
    },
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { operation_id, ways } => {
                write!(f, "`{operation_id}` requires credentials that are not set: ")?;
                for (at, way) in ways.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", or " })?;
                    for (at, scheme) in way.iter().enumerate() {
                        f.write_str(if at == 0 { "" } else { " and " })?;
                        write!(f, "`{}`", scheme.name())?;
                    }
                }
                Ok(())
            }
            Self::Token { scheme, source } => {
                write!(f, "cannot get a token for `{}`: {source}", scheme.name())
            }
            Self::Unsendable { scheme } => write!(
                f,
                "the credentials for `{}` contain characters that are not allowed in an HTTP header",
                scheme.name()
            ),
        }
    }
}

impl std::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token { source, .. } => Some(&**source),
            Self::Missing { .. } | Self::Unsendable { .. } => None,
        }
    }
}

/// Replaces a secret in `Debug` output.
struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The security requirements of an operation.
struct Requirement {
    /// The client method of the operation, which is the `operation_id` that hooks receive.
    method: &'static str,
    operation_id: &'static str,
    ways: &'static [&'static [Scheme]],
}

/// Returns the security alternatives of an operation, given the name of its client method.
///
/// An empty alternative means that no credentials are needed. The result is empty if the operation
/// has no security requirements.
pub fn ways(method: &str) -> &'static [&'static [Scheme]] {
    requirement(method).map_or(&[], |requirement| requirement.ways)
}

fn requirement(method: &str) -> Option<&'static Requirement> {
    REQUIREMENTS
        .iter()
        .find(|requirement| requirement.method == method)
}

impl Credentials {
    /// Creates an empty set of credentials.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the credentials that the operation requires to the request.
    ///
    /// `method` is the name of the client method, as in `OperationInfo::operation_id`. If the
    /// operation has several security alternatives, the first one for which all credentials are set
    /// is used. If none is complete and one needs no credentials, the request stays unchanged.
    ///
    /// # Errors
    ///
    /// Returns an error if required credentials are missing or cannot be sent.
    pub async fn apply(&self, method: &str, request: &mut Request) -> Result<(), AuthError> {
        let Some(requirement) = requirement(method) else {
            return Ok(());
        };
        let ways = requirement.ways;
        let holds = |scheme: &Scheme| self.has(*scheme);
        let complete = |way: &&&[Scheme]| {
            let mut held = way.iter().filter_map(holds).peekable();
            held.peek().is_some() && held.all(|held| held)
        };
        if let Some(way) = ways.iter().find(complete) {
            for scheme in way.iter() {
                self.send(*scheme, request).await?;
            }
            return Ok(());
        }
        let mut ways_without = ways.iter();
        if ways_without.any(|way| way.iter().all(|scheme| holds(scheme).is_none())) {
            return Ok(());
        }
        Err(AuthError::Missing {
            operation_id: requirement.operation_id,
            ways,
        })
    }
}

/// Sets a header and marks it as sensitive.
fn set_header(
    request: &mut Request,
    scheme: Scheme,
    name: &'static str,
    value: &str,
) -> Result<(), AuthError> {
    let unsendable = AuthError::Unsendable { scheme };
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(unsendable);
    };
    let Ok(mut value) = HeaderValue::from_str(value) else {
        return Err(unsendable);
    };
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}
