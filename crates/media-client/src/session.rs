//! What the generated client carries along: the key, and a place to note how an answer began.

use std::sync::{Arc, OnceLock};

use progenitor_client::{ClientHooks, Error, OperationInfo};
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderMap};

use crate::ApiKey;
use crate::generated::Client;

/// The state of a [generated client](crate::generated::Client): the key it sends.
///
/// [`MediaClient`](crate::MediaClient) makes its own. One is needed only to use the generated
/// client without it.
#[derive(Debug, Clone)]
pub struct Session {
    key: ApiKey,
    /// Where the hook notes the head of the one answer this session is for.
    ///
    /// Progenitor drops status and headers when a body cannot be parsed. They are what a caller
    /// needs most then.
    head: Option<Arc<OnceLock<Head>>>,
}

/// The beginning of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl Session {
    /// The state of a client that authenticates with this key.
    pub fn new(key: ApiKey) -> Self {
        Self { key, head: None }
    }

    /// A session for one request, and the place where the head of its answer will be.
    pub(crate) fn for_one_request(&self) -> (Self, Arc<OnceLock<Head>>) {
        let head = Arc::new(OnceLock::new());
        let session = Self {
            key: self.key.clone(),
            head: Some(Arc::clone(&head)),
        };
        (session, head)
    }
}

impl ClientHooks<Session> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        request
            .headers_mut()
            .insert(AUTHORIZATION, self.inner.key.authorization());
        Ok(())
    }

    async fn post<E>(
        &self,
        result: &reqwest::Result<reqwest::Response>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        if let (Some(head), Ok(response)) = (&self.inner.head, result) {
            // A session for one request sees one answer: the place is free.
            let _ = head.set(Head {
                status: response.status(),
                headers: response.headers().clone(),
            });
        }
        Ok(())
    }
}
