//! How requests reach the server, and as whom.

use anyhow::{Context, Result};
use media_client::generated::Client;
use media_client::{ApiKey, MediaClient};

use crate::generated::login::{BASE_URL_ENV, LOGINS, Login};

/// A client of the server at this address, which sends the API key.
pub(crate) fn client(base_url: &str, credentials: &[(Login, String)]) -> Result<Client> {
    let key = credentials.first().map(|(_, secret)| secret.as_str());
    let key = key.with_context(|| {
        let names: Vec<&str> = LOGINS.iter().map(|login| login.env).collect();
        format!("no API key was given; put it into {}", names.join(" or "))
    })?;
    // What is wrong with a key is said without the key.
    let key = ApiKey::new(key)?;
    let client = MediaClient::new(base_url, key)
        .with_context(|| format!("{BASE_URL_ENV} or --base-url cannot be used"))?;
    Ok(client.generated().clone())
}
