//! The client and its builder.

use std::time::Duration;

use reqwest::Url;

use crate::generated::Client;
#[cfg(feature = "retry")]
use crate::generated::retry::Retry;
use crate::{ApiKey, Error, Session};

/// The default value of the `User-Agent` header.
const USER_AGENT: &str = concat!("media-client/", env!("CARGO_PKG_VERSION"));

/// A client of the Media API for one library.
///
/// Clones are cheap and share their connections.
#[derive(Debug, Clone)]
pub struct MediaClient {
    generated: Client,
}

impl MediaClient {
    /// Creates a client with default settings.
    ///
    /// The base URL includes the version of the API, as in `https://media.example.com/v1`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the base URL is invalid, [`Error::Transport`] if TLS cannot be set up.
    pub fn new(base_url: impl AsRef<str>, key: ApiKey) -> Result<Self, Error> {
        Self::builder(base_url, key).build()
    }

    /// A builder for a client of the API at this base URL.
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

    /// The generated client, for what this client does not cover. It sends the same API key.
    pub fn generated(&self) -> &Client {
        &self.generated
    }
}

/// Builds a [`MediaClient`].
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
    /// The timeout of a call, from connecting to the end of the response body. The default is 30 seconds.
    ///
    /// It is ignored if an [HTTP client](Self::http_client) is set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends requests with this client, including its timeouts, proxies, TLS settings and user agent.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Retries requests after temporary failures, and obeys `Retry-After`. By default, no request is retried.
    #[cfg(feature = "retry")]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Builds the client. No request is sent.
    ///
    /// # Errors
    /// See [`MediaClient::new`].
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
        let generated = Client::new_with_client(&base_url, http_client, session);
        Ok(MediaClient { generated })
    }
}

/// Checks that paths can be appended to the base URL.
fn checked_base_url(base_url: &str) -> Result<String, Error> {
    let invalid = |message: String| Err(Error::argument("base_url", message));
    let url = match Url::parse(base_url) {
        Ok(url) => url,
        Err(error) => {
            return invalid(format!(
                "{error}, expected one like https://media.example.com/v1"
            ));
        }
    };
    if !["http", "https"].contains(&url.scheme()) {
        return invalid(format!(
            "the scheme is `{}`, expected https or http",
            url.scheme()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return invalid("the URL contains credentials; only the API key is used".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return invalid("the URL has a query or a fragment".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::{USER_AGENT, checked_base_url};
    use crate::{ApiKey, MediaClient};

    #[test]
    fn trailing_slashes_are_removed() {
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
    fn invalid_base_urls_are_rejected() {
        for (url, expected) in [
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
                "base_url: the URL contains credentials",
            ),
            (
                "https://example.com/v1?a=b",
                "base_url: the URL has a query or a fragment",
            ),
            (
                "https://example.com/v1#a",
                "base_url: the URL has a query or a fragment",
            ),
        ] {
            let error = checked_base_url(url).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{url}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn client_is_shareable_and_its_debug_output_has_no_key() {
        fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
        let key = ApiKey::new("mapi_secret").unwrap();
        let client = MediaClient::new("http://localhost/v1", key).unwrap();
        shared(&client);
        assert!(!format!("{client:?}").contains("secret"));
        assert!(USER_AGENT.starts_with("media-client/"));
    }
}
