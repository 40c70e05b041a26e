use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};

/// What went wrong in a source of tokens.
pub type TokenError = Box<dyn std::error::Error + Send + Sync>;

/// A token that is on its way.
pub type Token<'a> = Pin<Box<dyn Future<Output = Result<String, TokenError>> + Send + 'a>>;

/// Where tokens come from.
///
/// A fixed token is one, and so is a closure that gets one, as `|| async { fetch().await }`. It is
/// asked for each request: a source that has to fetch its tokens keeps them as long as they last.
pub trait TokenSource: Send + Sync {
    /// A token that is valid now.
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

/// Why a request cannot be authenticated. Nothing was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthError {
    /// The operation asks for credentials that are not there.
    Missing {
        /// The operation, by its id in the contract.
        operation_id: &'static str,
        /// The ways to authenticate: all schemes of one of them are needed.
        ways: &'static [&'static [Scheme]],
    },
    /// There is no token.
    Token {
        /// The scheme that needs it.
        scheme: Scheme,
        /// What its source says.
        source: TokenError,
    },
    /// The credentials have characters that cannot be sent.
    Unsendable {
        /// The scheme that they are for.
        scheme: Scheme,
    },
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { operation_id, ways } => {
                write!(f, "`{operation_id}` asks for credentials that are not set: ")?;
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
                write!(f, "there is no token for `{}`: {source}", scheme.name())
            }
            Self::Unsendable { scheme } => write!(
                f,
                "the credentials for `{}` have characters that cannot be sent",
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

/// What `Debug` shows of a secret.
struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What an operation asks for.
struct Requirement {
    /// The operation's method of the client: what the hooks know of it.
    method: &'static str,
    operation_id: &'static str,
    ways: &'static [&'static [Scheme]],
}

/// The ways to authenticate at an operation, by its method of the client. An empty one stands for
/// no credentials; an operation without a way asks for none.
pub fn ways(method: &str) -> &'static [&'static [Scheme]] {
    requirement(method).map_or(&[], |requirement| requirement.ways)
}

fn requirement(method: &str) -> Option<&'static Requirement> {
    REQUIREMENTS
        .iter()
        .find(|requirement| requirement.method == method)
}

impl Credentials {
    /// No credentials.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts into a request what its operation asks for.
    ///
    /// `method` is the operation's method of the client, which is what
    /// `OperationInfo::operation_id` says. Of several ways to authenticate, it is the first for
    /// which all credentials are there. An operation that can do without is sent without only if
    /// there are none for it.
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

/// Sets a header and keeps it out of logs.
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
