//! Access tokens by OAuth 2.0 (RFC 6749): with client credentials (section 4.4), and with a refresh token
//! (section 6).
//!
//! A token is requested when the first request needs one, and again 30 seconds before it expires. Only one
//! request to the token endpoint is active at a time. Clones share their token.
//!
//! The HTTP client should not follow redirects, because they would send the secret to another URL.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ::oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use ::oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, RequestTokenError, Scope, TokenResponse as _, TokenUrl, http,
};
use tokio::sync::Mutex;
use web_time::Instant;

use crate::auth::{Token, TokenError, TokenSource};

/// How long before its end a token is not used anymore.
const MARGIN: Duration = Duration::from_secs(30);

/// How long a token is used if the server does not say when it expires.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(300);

/// The error returned when no access token could be obtained. It contains no secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OAuth2Error {
    /// The URL of the token endpoint is malformed.
    #[error("the URL of the token endpoint is not valid")]
    InvalidTokenUrl,
    /// The token endpoint did not respond.
    #[error("the token endpoint did not respond")]
    Transport(#[source] reqwest::Error),
    /// The token endpoint rejected the request (RFC 6749, section 5.2).
    #[error("the token endpoint rejected the request: {code}{}", Description(.description.as_deref()))]
    Rejected {
        /// The error code, such as `invalid_client`.
        code: String,
        /// The description for the developer.
        description: Option<String>,
    },
    /// The response of the token endpoint is not what RFC 6749 defines.
    #[error("the response of the token endpoint with status {status} is not valid")]
    InvalidResponse {
        /// The status of the response.
        status: u16,
    },
}

/// The description behind the error code.
struct Description<'a>(Option<&'a str>);

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(description) => write!(f, " ({})", crate::shown::OneLine(description)),
            None => Ok(()),
        }
    }
}

/// A source of tokens for a client that acts on its own behalf: the client credentials grant.
#[derive(Clone)]
pub struct ClientCredentials {
    endpoint: Endpoint,
    cached: Arc<Mutex<Option<Cached>>>,
}

impl ClientCredentials {
    /// Creates a source that sends requests to this token endpoint.
    ///
    /// # Errors
    ///
    /// [`OAuth2Error::InvalidTokenUrl`] if the URL is malformed.
    pub fn new(
        http: reqwest::Client,
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, OAuth2Error> {
        let mut endpoint = Endpoint::new(http, token_url.into(), client_id.into())?;
        endpoint.client = endpoint
            .client
            .set_client_secret(ClientSecret::new(client_secret.into()));
        Ok(Self {
            endpoint,
            cached: Arc::default(),
        })
    }

    /// Requests this scope, in addition to others.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.endpoint.scopes.push(Scope::new(scope.into()));
        self
    }

    /// Sends another parameter to the token endpoint, such as `audience`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.endpoint.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends the client ID and secret in the body. By default, they are sent in the header `Authorization`.
    pub fn secret_in_body(mut self) -> Self {
        self.endpoint.client = self.endpoint.client.set_auth_type(AuthType::RequestBody);
        self
    }

    /// Returns a valid access token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token endpoint does not return a token.
    pub async fn access_token(&self) -> Result<String, OAuth2Error> {
        let mut cached = self.cached.lock().await;
        if let Some(token) = cached.as_ref().and_then(Cached::valid) {
            return Ok(token);
        }
        let start = Instant::now();
        let Endpoint {
            http,
            client,
            scopes,
            parameters,
        } = &self.endpoint;
        let mut request = client.exchange_client_credentials();
        request = request.add_scopes(scopes.iter().cloned());
        for (name, value) in parameters {
            request = request.add_extra_param(name, value);
        }
        let response = request.request_async(http).await.map_err(failure)?;
        Ok(cached.insert(Cached::new(&response, start)).token.clone())
    }
}

impl TokenSource for ClientCredentials {
    fn token(&self) -> Token<'_> {
        Box::pin(async { self.access_token().await.map_err(TokenError::from) })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.endpoint.debug("ClientCredentials", f)
    }
}

/// A source of tokens for a client that acts on behalf of a user who has logged in: the refresh token grant.
///
/// If the server replaces the refresh token, the new one is used from then on.
#[derive(Clone)]
pub struct RefreshToken {
    endpoint: Endpoint,
    state: Arc<Mutex<RefreshState>>,
    on_change: Option<Arc<Store>>,
}

/// Stores a new refresh token.
type Store = dyn Fn(&str) + Send + Sync;

struct RefreshState {
    refresh_token: ::oauth2::RefreshToken,
    cached: Option<Cached>,
}

impl RefreshToken {
    /// Creates a source that sends requests to this token endpoint.
    ///
    /// # Errors
    ///
    /// [`OAuth2Error::InvalidTokenUrl`] if the URL is malformed.
    pub fn new(
        http: reqwest::Client,
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<String>,
    ) -> Result<Self, OAuth2Error> {
        let state = RefreshState {
            refresh_token: ::oauth2::RefreshToken::new(refresh_token.into()),
            cached: None,
        };
        Ok(Self {
            endpoint: Endpoint::new(http, token_url.into(), client_id.into())?,
            state: Arc::new(Mutex::new(state)),
            on_change: None,
        })
    }

    /// Sets the secret of a confidential client.
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        let secret = ClientSecret::new(secret.into());
        self.endpoint.client = self.endpoint.client.set_client_secret(secret);
        self
    }

    /// Requests this scope, in addition to others. By default, the token has the scopes of the login.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.endpoint.scopes.push(Scope::new(scope.into()));
        self
    }

    /// Sends another parameter to the token endpoint, such as `audience`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.endpoint.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends the client ID and secret in the body. By default, a client with a secret sends them in the
    /// header `Authorization`.
    pub fn secret_in_body(mut self) -> Self {
        self.endpoint.client = self.endpoint.client.set_auth_type(AuthType::RequestBody);
        self
    }

    /// Calls this function with each new refresh token, so that it can be stored. The previous one may not
    /// be valid anymore.
    pub fn on_change(mut self, store: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_change = Some(Arc::new(store));
        self
    }

    /// Returns a valid access token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token endpoint does not return a token.
    pub async fn access_token(&self) -> Result<String, OAuth2Error> {
        let mut state = self.state.lock().await;
        if let Some(token) = state.cached.as_ref().and_then(Cached::valid) {
            return Ok(token);
        }
        let start = Instant::now();
        let Endpoint {
            http,
            client,
            scopes,
            parameters,
        } = &self.endpoint;
        let mut request = client.exchange_refresh_token(&state.refresh_token);
        request = request.add_scopes(scopes.iter().cloned());
        for (name, value) in parameters {
            request = request.add_extra_param(name, value);
        }
        let response = request.request_async(http).await.map_err(failure)?;
        if let Some(new) = response.refresh_token()
            && new.secret() != state.refresh_token.secret()
        {
            if let Some(on_change) = &self.on_change {
                on_change(new.secret());
            }
            state.refresh_token = new.clone();
        }
        let cached = state.cached.insert(Cached::new(&response, start));
        Ok(cached.token.clone())
    }
}

impl TokenSource for RefreshToken {
    fn token(&self) -> Token<'_> {
        Box::pin(async { self.access_token().await.map_err(TokenError::from) })
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.endpoint.debug("RefreshToken", f)
    }
}

/// A client with a token endpoint.
type TokenClient =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// How a token is requested.
#[derive(Clone)]
struct Endpoint {
    http: Http,
    client: TokenClient,
    scopes: Vec<Scope>,
    parameters: Vec<(String, String)>,
}

impl Endpoint {
    fn new(
        http: reqwest::Client,
        token_url: String,
        client_id: String,
    ) -> Result<Self, OAuth2Error> {
        let token_url = TokenUrl::new(token_url).map_err(|_| OAuth2Error::InvalidTokenUrl)?;
        Ok(Self {
            http: Http(http),
            client: BasicClient::new(ClientId::new(client_id)).set_token_uri(token_url),
            scopes: Vec::new(),
            parameters: Vec::new(),
        })
    }

    fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("token_url", &self.client.token_uri().url().as_str())
            .field("client_id", &self.client.client_id().as_str())
            .finish_non_exhaustive()
    }
}

/// Sends requests to a token endpoint.
#[derive(Clone)]
struct Http(reqwest::Client);

impl Http {
    /// Sends a request to the token endpoint.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, CallError> {
        let request = reqwest::Request::try_from(request).map_err(CallError::transport)?;
        let response = self.0.execute(request).await;
        let response = response.map_err(CallError::transport)?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = response.bytes().await.map_err(CallError::transport)?;
        // Some servers send errors with status 200.
        if let Ok(error) = serde_json::from_slice::<BasicErrorResponse>(&body) {
            return Err(CallError(rejected(&error)));
        }
        if status != http::StatusCode::OK {
            return Err(CallError(OAuth2Error::InvalidResponse {
                status: status.as_u16(),
            }));
        }
        let mut response = HttpResponse::new(body.to_vec());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

/// The future of a response, boxed because its type has no name.
#[cfg(not(target_arch = "wasm32"))]
type Called<'c> = Pin<Box<dyn Future<Output = Result<HttpResponse, CallError>> + Send + 'c>>;

/// The future of a response, boxed because its type has no name.
#[cfg(target_arch = "wasm32")]
type Called<'c> = Pin<Box<dyn Future<Output = Result<HttpResponse, CallError>> + 'c>>;

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = CallError;
    type Future = Called<'c>;

    fn call(&'c self, request: HttpRequest) -> Called<'c> {
        Box::pin(self.send(request))
    }
}

/// An error of [`Http::send`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct CallError(OAuth2Error);

impl CallError {
    fn transport(error: reqwest::Error) -> Self {
        Self(OAuth2Error::Transport(error.without_url()))
    }
}

fn rejected(error: &BasicErrorResponse) -> OAuth2Error {
    OAuth2Error::Rejected {
        code: error.error().to_string(),
        description: error.error_description().cloned(),
    }
}

/// Drops the body of a response that cannot be parsed: it may contain a token.
fn failure(error: RequestTokenError<CallError, BasicErrorResponse>) -> OAuth2Error {
    match error {
        RequestTokenError::ServerResponse(error) => rejected(&error),
        RequestTokenError::Request(CallError(error)) => error,
        // Other statuses are errors of `send`.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            OAuth2Error::InvalidResponse { status: 200 }
        }
    }
}

/// A token, and when it is not used anymore.
struct Cached {
    token: String,
    end: Instant,
}

impl Cached {
    fn new(response: &BasicTokenResponse, start: Instant) -> Self {
        let lifetime = match response.expires_in() {
            Some(lifetime) => lifetime.saturating_sub(MARGIN),
            None => UNKNOWN_LIFETIME,
        };
        Self {
            token: response.access_token().secret().clone(),
            // A time that is too far away for the clock is never reached.
            end: start
                .checked_add(lifetime)
                .unwrap_or(start + UNKNOWN_LIFETIME),
        }
    }

    fn valid(&self) -> Option<String> {
        (Instant::now() < self.end).then(|| self.token.clone())
    }
}
