//! What the generated client carries along: the key, when to send again, and a place to note how an
//! answer began.

use std::sync::{Arc, Mutex, PoisonError};

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::HeaderMap;
use reqwest::{Request, Response, StatusCode};

use crate::ApiKey;
use crate::generated::Client;
use crate::generated::auth::Credentials;
#[cfg(feature = "retry")]
use crate::generated::retry::Retry;

/// The state of a [generated client](crate::generated::Client): the key it sends.
///
/// [`MediaClient`](crate::MediaClient) makes its own. One is needed only to use the generated
/// client without it.
#[derive(Debug, Clone)]
pub struct Session {
    credentials: Credentials,
    #[cfg(feature = "retry")]
    retry: Option<Retry>,
    /// Where the hook notes the head of each answer.
    ///
    /// Progenitor drops status and headers when a body cannot be parsed. They are what a caller
    /// needs most then.
    head: Option<LastHead>,
}

/// The head of the last answer to one caller's requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct LastHead(Arc<Mutex<Option<Head>>>);

/// The beginning of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl LastHead {
    pub(crate) fn get(&self) -> Option<Head> {
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
    /// The state of a client that authenticates with this key.
    pub fn new(key: ApiKey) -> Self {
        Self {
            credentials: key.credentials(),
            #[cfg(feature = "retry")]
            retry: None,
            head: None,
        }
    }

    /// The session that sends requests again as this says. Without it, none is.
    #[cfg(feature = "retry")]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// A session for requests one after the other, and where the head of the last answer will be.
    pub(crate) fn for_one_caller(&self) -> (Self, LastHead) {
        let head = LastHead::default();
        let session = Self {
            head: Some(head.clone()),
            ..self.clone()
        };
        (session, head)
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
        if let Some(last) = &self.inner.head {
            last.set(result.as_ref().ok().map(|response| Head {
                status: response.status(),
                headers: response.headers().clone(),
            }));
        }
        Ok(())
    }
}
