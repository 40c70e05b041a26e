//! The state of the generated client: credentials, retries, and the head of the last response.

use std::sync::{Arc, Mutex, PoisonError};

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::HeaderMap;
use reqwest::{Request, Response, StatusCode};

use crate::ApiKey;
use crate::generated::Client;
use crate::generated::auth::Credentials;
#[cfg(feature = "retry")]
use crate::generated::retry::Retry;

/// The state of a [generated client](crate::generated::Client): its API key and its retries.
///
/// [`MediaClient`](crate::MediaClient) creates its own. Create one only to use the generated client directly.
#[derive(Debug, Clone)]
pub struct Session {
    credentials: Credentials,
    #[cfg(feature = "retry")]
    retry: Option<Retry>,
    /// Records the head of each response: progenitor drops status and headers if it cannot parse a body.
    last_response: Option<LastResponse>,
}

/// Holds the head of the last response.
#[derive(Debug, Clone, Default)]
pub(crate) struct LastResponse(Arc<Mutex<Option<Head>>>);

/// The status and the headers of a response.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl LastResponse {
    pub(crate) fn head(&self) -> Option<Head> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, head: Option<Head>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }
}

impl Session {
    /// The state of a client that sends this key.
    pub fn new(key: ApiKey) -> Self {
        Self {
            credentials: key.credentials(),
            #[cfg(feature = "retry")]
            retry: None,
            last_response: None,
        }
    }

    /// Retries requests after temporary failures. By default, no request is retried.
    #[cfg(feature = "retry")]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// A session for one call, and a handle to the head of the response.
    pub(crate) fn for_one_call(&self) -> (Self, LastResponse) {
        let last = LastResponse::default();
        let session = Self {
            last_response: Some(last.clone()),
            ..self.clone()
        };
        (session, last)
    }
}

impl ClientHooks<Session> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        let credentials = &self.inner.credentials;
        let applied = credentials.apply(info.operation_id, request).await;
        applied.map_err(|error| Error::InvalidRequest(error.to_string()))
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        #[cfg(feature = "retry")]
        if let Some(retry) = &self.inner.retry {
            return retry.execute(self.client(), request).await;
        }
        self.client().execute(request).await
    }

    async fn post<E>(
        &self,
        result: &reqwest::Result<Response>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        if let Some(last) = &self.inner.last_response {
            last.set(result.as_ref().ok().map(|response| Head {
                status: response.status(),
                headers: response.headers().clone(),
            }));
        }
        Ok(())
    }
}
