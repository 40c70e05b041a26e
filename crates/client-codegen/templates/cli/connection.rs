//! How requests reach the server, and as whom.

use anyhow::{Context, Result, bail};

use crate::generated::CliCommand;
use crate::generated::login::{self, Given};
use {{module}}::Client;
use {{module}}::retry::Retry;

/// A client of the server at this address for one operation, which sends what was given to log in.
pub(crate) fn client(
    base_url: &str,
    operation: CliCommand,
    given: &[Given],
    retries: usize,
) -> Result<Client> {
    if let Some(missing) = login::missing(operation, given) {
        bail!("{} needs a login: give {missing}", operation.name());
    }
    let client = reqwest::Client::builder()
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .build()
        .context("TLS cannot be set up")?;
    let client = Client::new_with_client(base_url.trim_end_matches('/'), client);
    let client = client.with_retry(Retry::times(retries));
    login::log_in(client, given)
}
