use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};

/// What the client carries along for its hooks.
#[derive(Debug, Clone, Default)]
pub struct ClientState {
    credentials: Option<super::auth::Credentials>,
    #[cfg(feature = "retry")]
    retry: Option<super::retry::Retry>,
}

impl super::Client {
    /// The client with these credentials, in place of those it had.
    ///
    /// A client that was made with a `reqwest::Client` of its own, which may authenticate
    /// by itself, asks for credentials only from then on.
    pub fn with_credentials(mut self, credentials: super::auth::Credentials) -> Self {
        self.state.credentials = Some(credentials);
        self
    }

    /// The client that sends requests again as this says. Without it, none is.
    #[cfg(feature = "retry")]
    pub fn with_retry(mut self, retry: super::retry::Retry) -> Self {
        self.state.retry = Some(retry);
        self
    }
}

impl ClientHooks for super::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let Some(credentials) = &self.state.credentials else {
            return Ok(());
        };
        let applied = credentials.apply(info.operation_id, request).await;
        applied.map_err(|error| Error::InvalidRequest(error.to_string()))
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        #[cfg(feature = "retry")]
        if let Some(retry) = &self.state.retry {
            return retry
                .execute(self.client(), request)
                .await
                .map_err(super::auth::Credentials::conceal);
        }

        self.client().execute(request).await.map_err(super::auth::Credentials::conceal)
    }
}

impl ClientState {
    /// That of a client that has no credentials but those that it is given.
    pub(crate) fn asking() -> Self {
        Self {
            credentials: Some(Default::default()),
            ..Self::default()
        }
    }
}
