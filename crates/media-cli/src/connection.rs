//! How requests reach the server, and as whom.

use anyhow::{Context, Result, bail};
use media_client::generated::Client;
use media_client::generated::retry::Retry;
use media_client::{ApiKey, MediaClient};

use crate::generated::CliCommand;
use crate::generated::login::{self, BASE_URL_ENV, Given};

/// A client of the server at this address, which sends the API key.
pub(crate) fn client(
    base_url: &str,
    operation: CliCommand,
    given: &[Given],
    retries: usize,
) -> Result<Client> {
    let key = match (login::missing(operation, given), given.first()) {
        (None, Some(key)) => key.secret(),
        (missing, _) => bail!("no API key was given: give {}", missing.unwrap_or_default()),
    };
    // What is wrong with a key is said without the key.
    let client = MediaClient::builder(base_url, ApiKey::new(key)?)
        .retry(Retry::times(retries))
        .build()
        .with_context(|| format!("{BASE_URL_ENV} or --base-url cannot be used"))?;
    Ok(client.generated().clone())
}
