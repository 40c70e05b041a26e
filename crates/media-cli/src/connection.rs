//! The client that sends the requests, and its API key.

use anyhow::{Context, Result, bail};
use media_client::generated::Client;
use media_client::generated::retry::Retry;
use media_client::{ApiKey, MediaClient};

use crate::generated::CliCommand;
use crate::generated::login::{self, BASE_URL_ENV, Given};

/// A client for one operation, with the API key among these credentials.
pub(crate) fn client(
    base_url: &str,
    operation: CliCommand,
    credentials: &[Given],
    retries: usize,
) -> Result<Client> {
    let key = match (login::missing(operation, credentials), credentials.first()) {
        (None, Some(key)) => key.secret(),
        (missing, _) => bail!("no API key: pass {}", missing.unwrap_or_default()),
    };
    // The error for an invalid key doesn't contain the key.
    let client = MediaClient::builder(base_url, ApiKey::new(key)?)
        .retry(Retry::times(retries))
        .build()
        .with_context(|| format!("invalid --base-url or {BASE_URL_ENV}"))?;
    Ok(client.generated().clone())
}
