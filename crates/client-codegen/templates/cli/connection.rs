//! The client that sends the requests, and its credentials.

use anyhow::{Context, Result, bail};

use crate::generated::CliCommand;
use crate::generated::login::{self, Given};
use {{module}}::Client;
use {{module}}::retry::Retry;

/// A client for one operation, with these credentials.
pub(crate) fn client(
    base_url: &str,
    operation: CliCommand,
    credentials: &[Given],
    retries: usize,
) -> Result<Client> {
    if let Some(missing) = login::missing(operation, credentials) {
        bail!(
            "`{}` requires credentials: pass {missing}",
            operation.name()
        );
    }
    let client = reqwest::Client::builder()
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .build()
        .context("cannot set up TLS")?;
    let client = Client::new_with_client(base_url.trim_end_matches('/'), client);
    let client = client.with_retry(Retry::times(retries));
    login::log_in(client, credentials)
}
