//! The state of the generated client: credentials and retries.

use openapi_client_runtime::{ClientHooks, ClientInfo, ClientState, Error, OperationInfo};
use reqwest::{Request, Response};

use crate::ApiKey;
use crate::generated::Client;
use crate::generated::auth::REQUIREMENTS;
#[cfg(feature = "retry")]
use crate::generated::retry::Retry;

/// The state of a [generated client](crate::generated::Client): its API key and its retries.
///
/// [`MediaClient`](crate::MediaClient) creates its own. Create one only to use the generated client directly.
#[derive(Debug, Clone)]
pub struct Session(ClientState);

impl Session {
    /// The state of a client that sends this key.
    pub fn new(key: ApiKey) -> Self {
        let mut state = ClientState::default();
        state.set_credentials(key.credentials().into());
        Self(state)
    }

    /// Retries requests after temporary failures. By default, no request is retried.
    #[cfg(feature = "retry")]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.0.set_retry(retry);
        self
    }
}

impl ClientHooks<Session> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        self.inner.0.pre(REQUIREMENTS, request, info).await
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        self.inner.0.exec(self.client(), request).await
    }
}
