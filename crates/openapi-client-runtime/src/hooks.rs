//! The state of a client without hand-written hooks.

use crate::auth::{AuthError, Credentials, Requirement};
use crate::client::OperationInfo;
use crate::error::Error;
#[cfg(feature = "retry")]
use crate::retry::Retry;

/// The configuration of a client that its hooks use.
#[derive(Clone, Debug, Default)]
pub struct ClientState {
    credentials: Option<Credentials>,
    #[cfg(feature = "retry")]
    retry: Option<Retry>,
}

impl ClientState {
    /// The state of a client that rejects requests with missing credentials before sending them.
    ///
    /// The default state does not, because its `reqwest::Client` may authenticate by itself.
    pub fn requiring_credentials() -> Self {
        let mut state = Self::default();
        state.set_credentials(Credentials::default());
        state
    }

    /// Sets the credentials, replacing any that were set before. Requests with missing credentials are
    /// rejected from now on.
    pub fn set_credentials(&mut self, credentials: Credentials) {
        self.credentials = Some(credentials);
    }

    /// Enables automatic retries. By default, every request is sent once.
    #[cfg(feature = "retry")]
    pub fn set_retry(&mut self, retry: Retry) {
        self.retry = Some(retry);
    }

    /// Adds the credentials that an operation requires: the hook `pre`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if required credentials are missing or cannot be sent.
    pub async fn pre<E>(
        &self,
        requirements: &'static [Requirement],
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let Some(credentials) = &self.credentials else {
            return Ok(());
        };
        let applied = credentials.apply(requirements, info.operation_id, request);
        applied
            .await
            .map_err(|error| Error::InvalidRequest(message(&error)))
    }

    /// Sends a request, with retries if they are enabled: the hook `exec`. Errors do not contain
    /// credentials.
    ///
    /// # Errors
    ///
    /// The errors of [`reqwest::Client::execute`].
    pub async fn exec(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> reqwest::Result<reqwest::Response> {
        let result = self.execute(client, request).await;
        match &self.credentials {
            Some(credentials) => result.map_err(|error| credentials.conceal(error)),
            None => result,
        }
    }

    async fn execute(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> reqwest::Result<reqwest::Response> {
        #[cfg(feature = "retry")]
        if let Some(retry) = &self.retry {
            return retry.execute(client, request).await;
        }
        client.execute(request).await
    }
}

/// Returns the message of an error with its causes.
fn message(error: &AuthError) -> String {
    let mut message = error.to_string();
    if let AuthError::Token { source, .. } = error {
        // The message of the source is part of the message of the error.
        let mut cause = source.source();
        while let Some(error) = cause {
            message += &format!(": {error}");
            cause = error.source();
        }
    }
    message
}
