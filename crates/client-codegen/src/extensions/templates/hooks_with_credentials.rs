use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};

/// Configuration of the client that its hooks use.
#[derive(Debug, Clone, Default)]
pub struct ClientState {
    credentials: Option<super::auth::Credentials>,
    #[cfg(feature = "retry")]
    retry: Option<super::retry::Retry>,
}

impl super::Client {
    /// Sets the credentials, replacing any that were set before.
    ///
    /// A client created with `new_with_client` does not check for missing credentials until this
    /// method is called, because its `reqwest::Client` may authenticate by itself.
    pub fn with_credentials(mut self, credentials: super::auth::Credentials) -> Self {
        self.state.credentials = Some(credentials);
        self
    }

    /// Enables automatic retries. By default, every request is sent once.
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
    /// The state of a client that rejects requests with missing credentials before sending them.
    pub(crate) fn requiring_credentials() -> Self {
        Self {
            credentials: Some(Default::default()),
            ..Self::default()
        }
    }
}
