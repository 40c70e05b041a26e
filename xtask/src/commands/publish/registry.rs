//! A registry, accessed through cargo, which knows its URL and token.

use std::process::Command;

use anyhow::{Error, Result, anyhow};

use super::client::Client;
use crate::cargo;
use crate::output::Output;
use crate::workspace::{CLIENT_PACKAGE, Workspace};

/// Part of the message of cargo if the registry has the version; a warning in a dry run.
const ALREADY_THERE: &str = "already exists on";
/// Part of the message of cargo if its configuration has no such registry.
const UNKNOWN: &str = "not found in any configuration";

/// A registry that cargo knows by name.
pub(super) struct Registry<'a> {
    workspace: &'a Workspace,
    name: &'a str,
}

/// Whether a version can be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Availability {
    /// The registry does not have this version.
    Free,
    /// The registry already has this version.
    Taken,
}

impl<'a> Registry<'a> {
    pub(super) fn new(workspace: &'a Workspace, name: &'a str) -> Self {
        Self { workspace, name }
    }

    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// Checks whether the version can be published. Also detects early that the registry is not
    /// configured, or that the crate may not be published to it.
    pub(super) fn availability(&self, client: &Client) -> Result<Availability> {
        let mut command = self.command();
        command.arg("--dry-run");
        let run = cargo::captured(&mut command)?;
        if run.stderr.contains(ALREADY_THERE) {
            Ok(Availability::Taken)
        } else if run.succeeded {
            Ok(Availability::Free)
        } else {
            Err(self.publish_error(client, &run.stderr))
        }
    }

    /// Publishes the client, and returns whether the version was available.
    pub(super) fn publish(&self, client: &Client, output: &mut Output) -> Result<Availability> {
        let run = cargo::streamed(self.command(), output)?;
        if run.succeeded {
            for warning in run
                .text
                .lines()
                .filter_map(|line| line.strip_prefix("warning: "))
            {
                output.warn("Warning", warning)?;
            }
            Ok(Availability::Free)
        } else if run.text.contains(ALREADY_THERE) {
            Ok(Availability::Taken)
        } else {
            Err(self.publish_error(client, &run.text))
        }
    }

    fn command(&self) -> Command {
        let mut command = cargo::command(self.workspace.root());
        command.args(["publish", "--package", CLIENT_PACKAGE]);
        // `package_check` verifies more than cargo would.
        command.args(["--registry", self.name, "--locked", "--no-verify"]);
        command
    }

    fn publish_error(&self, client: &Client, stderr: &str) -> Error {
        let name = self.name;
        let error = cargo::error_tail(stderr);
        let message = format!("cannot publish {client} to registry `{name}`: {error}");
        if !stderr.contains(UNKNOWN) {
            return anyhow!(message);
        }
        let variable = name.to_uppercase().replace('-', "_");
        anyhow!(
            "{message}\n\nSet `index` of `[registries.{name}]` in the configuration of cargo, or the \
             variable CARGO_REGISTRIES_{variable}_INDEX"
        )
    }
}
