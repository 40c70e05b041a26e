//! The client and how it is made.

use std::time::Duration;

use reqwest::Url;

use crate::generated::Client;
#[cfg(feature = "retry")]
use crate::generated::retry::Retry;
use crate::session::LastHead;
use crate::{ApiKey, Error, Session};

/// The name this client gives itself.
const USER_AGENT: &str = concat!("media-client/", env!("CARGO_PKG_VERSION"));

/// A client of the Media API for one library.
///
/// Cloning it is cheap, and the clones share their connections.
#[derive(Debug, Clone)]
pub struct MediaClient {
    generated: Client,
    session: Session,
}

impl MediaClient {
    /// A client of the server at this address, with default settings.
    ///
    /// The address is that of the API and so ends in its version, as in
    /// `https://media.example.com/v1`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an address that cannot be one, [`Error::Transport`] when
    /// TLS cannot be set up.
    pub fn new(base_url: impl AsRef<str>, key: ApiKey) -> Result<Self, Error> {
        Self::builder(base_url, key).build()
    }

    /// A client of the server at this address, with settings to be made.
    pub fn builder(base_url: impl AsRef<str>, key: ApiKey) -> MediaClientBuilder {
        MediaClientBuilder {
            base_url: base_url.as_ref().to_owned(),
            key,
            timeout: Duration::from_secs(30),
            http_client: None,
            #[cfg(feature = "retry")]
            retry: None,
        }
    }

    /// The generated client, for what this one does not cover. It authenticates as this one.
    pub fn generated(&self) -> &Client {
        &self.generated
    }

    /// The generated client for one caller, and where the head of its last answer will be.
    pub(crate) fn for_one_caller(&self) -> (Client, LastHead) {
        let (session, head) = self.session.for_one_caller();
        let client = Client {
            inner: session,
            ..self.generated.clone()
        };
        (client, head)
    }
}

/// Makes a [`MediaClient`].
#[derive(Debug, Clone)]
#[must_use]
pub struct MediaClientBuilder {
    base_url: String,
    key: ApiKey,
    timeout: Duration,
    http_client: Option<reqwest::Client>,
    #[cfg(feature = "retry")]
    retry: Option<Retry>,
}

impl MediaClientBuilder {
    /// How long a call may take, from connecting to the end of the answer. 30 seconds by default.
    ///
    /// It has no effect on an [own HTTP client](Self::http_client).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends requests with this client, and so with its timeouts, proxies, TLS and user agent.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Sends a request again when its failure may pass, and waits as long as the server asks for.
    /// Without this, nothing is sent twice.
    #[cfg(feature = "retry")]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`MediaClient::new`].
    pub fn build(self) -> Result<MediaClient, Error> {
        let base_url = checked_base_url(&self.base_url)?;
        let http_client = match self.http_client {
            Some(client) => client,
            None => reqwest::Client::builder()
                .user_agent(USER_AGENT)
                .timeout(self.timeout)
                .build()
                .map_err(Error::Transport)?,
        };
        let session = Session::new(self.key);
        #[cfg(feature = "retry")]
        let session = match self.retry {
            Some(retry) => session.with_retry(retry),
            None => session,
        };
        let generated = Client::new_with_client(&base_url, http_client, session.clone());
        Ok(MediaClient { generated, session })
    }
}

/// Checks that paths can be appended to an address.
fn checked_base_url(base_url: &str) -> Result<String, Error> {
    let refused = |message: String| Err(Error::argument("base_url", message));
    let url = match Url::parse(base_url) {
        Ok(url) => url,
        Err(error) => {
            return refused(format!(
                "{error}, expected one like https://media.example.com/v1"
            ));
        }
    };
    if !["http", "https"].contains(&url.scheme()) {
        return refused(format!(
            "the scheme is `{}`, expected https or http",
            url.scheme()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("the address contains credentials, the API key is enough".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("the address ends in a query or fragment, expected a path".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::{USER_AGENT, checked_base_url};
    use crate::{ApiKey, MediaClient};

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        for url in [
            "https://media.example.com/v1",
            "https://media.example.com/v1//",
        ] {
            assert_eq!(
                checked_base_url(url).unwrap(),
                "https://media.example.com/v1"
            );
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (url, says) in [
            (
                "media.example.com/v1",
                "base_url: relative URL without a base",
            ),
            (
                "ftp://media.example.com/v1",
                "base_url: the scheme is `ftp`",
            ),
            ("https://", "base_url: empty host"),
            (
                "https://user:secret@example.com/v1",
                "base_url: the address contains credentials",
            ),
            (
                "https://example.com/v1?a=b",
                "base_url: the address ends in a query",
            ),
            (
                "https://example.com/v1#a",
                "base_url: the address ends in a query",
            ),
        ] {
            let error = checked_base_url(url).unwrap_err().to_string();
            assert!(error.starts_with(says), "{url}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_client_can_be_shown_and_shared() {
        fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
        let key = ApiKey::new("mapi_secret").unwrap();
        let client = MediaClient::new("http://localhost/v1", key).unwrap();
        shared(&client);
        assert!(!format!("{client:?}").contains("secret"));
        assert!(USER_AGENT.starts_with("media-client/"));
    }
}
