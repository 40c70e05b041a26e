use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};

/// Configuration of the client that its hooks use.
#[derive(Debug, Clone, Default)]
pub struct ClientState {
    #[cfg(feature = "retry")]
    retry: Option<super::retry::Retry>,
}

impl super::Client {
    /// Enables automatic retries. By default, every request is sent once.
    #[cfg(feature = "retry")]
    pub fn with_retry(mut self, retry: super::retry::Retry) -> Self {
        self.state.retry = Some(retry);
        self
    }
}

impl ClientHooks for super::Client {
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        #[cfg(feature = "retry")]
        if let Some(retry) = &self.state.retry {
            return retry.execute(self.client(), request).await;
        }

        self.client().execute(request).await
    }
}
