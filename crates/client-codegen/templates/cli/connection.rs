//! How requests reach the server, and as whom.

use anyhow::{Context, Result, bail};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};

use crate::generated::login::{Login, Sent};
use {{module}}::Client;

/// A client of the server at this address, which sends these credentials.
pub(crate) fn client(base_url: &str, credentials: &[(Login, String)]) -> Result<Client> {
    let mut headers = HeaderMap::new();
    for (login, secret) in credentials {
        let (name, text) = match login.sent {
            Sent::Bearer => (AUTHORIZATION, format!("Bearer {secret}")),
            Sent::Basic => {
                let encoded = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, secret);
                (AUTHORIZATION, format!("Basic {encoded}"))
            }
            Sent::Header(name) => (HeaderName::from_bytes(name.as_bytes())?, secret.clone()),
            Sent::Cookie(name) => (COOKIE, format!("{name}={secret}")),
            Sent::Query(name) => bail!("a key in the query parameter `{name}` is not supported"),
        };
        // What is wrong with a secret is not shown: the message would hold it.
        let mut value = HeaderValue::from_str(&text)
            .ok()
            .with_context(|| format!("--{} has characters that cannot be sent", login.flag))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    let client = reqwest::Client::builder()
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .build()
        .context("TLS cannot be set up")?;
    Ok(Client::new_with_client(base_url.trim_end_matches('/'), client))
}
