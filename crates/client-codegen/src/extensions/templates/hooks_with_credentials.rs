use openapi_client_runtime::{ClientHooks, ClientInfo, Error, OperationInfo};

impl super::Client {
    /// Sets the credentials, replacing any that were set before.
    ///
    /// A client created with `new_with_client` does not check for missing credentials until this
    /// method is called, because its `reqwest::Client` may authenticate by itself.
    pub fn with_credentials(mut self, credentials: super::auth::Credentials) -> Self {
        self.state.set_credentials(credentials.into());
        self
    }

    /// Enables automatic retries. By default, every request is sent once.
    #[cfg(feature = "retry")]
    pub fn with_retry(mut self, retry: super::retry::Retry) -> Self {
        self.state.set_retry(retry);
        self
    }
}

impl ClientHooks for super::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        self.state.pre(super::auth::REQUIREMENTS, request, info).await
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.state.exec(self.client(), request).await
    }
}
