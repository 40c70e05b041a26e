use openapi_client_runtime::{ClientHooks, ClientInfo, OperationInfo};

impl super::Client {
    /// Enables automatic retries. By default, every request is sent once.
    #[cfg(feature = "retry")]
    pub fn with_retry(mut self, retry: super::retry::Retry) -> Self {
        self.state.set_retry(retry);
        self
    }
}

impl ClientHooks for super::Client {
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.state.exec(self.client(), request).await
    }
}
