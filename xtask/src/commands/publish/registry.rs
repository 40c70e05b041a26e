//! A registry, by way of cargo: where it is and which token opens it is cargo's business alone.

use std::process::Command;

use anyhow::{Error, Result, anyhow};

use super::client::Client;
use crate::cargo;
use crate::output::Output;
use crate::workspace::{CLIENT_PACKAGE, Workspace};

/// What cargo says about a version that the registry has, as a warning when it only tries.
const ALREADY_THERE: &str = "already exists on";
/// What cargo says about a registry that its configuration does not name.
const UNKNOWN: &str = "not found in any configuration";

/// A registry that cargo knows by name.
pub(super) struct Registry<'a> {
    workspace: &'a Workspace,
    name: &'a str,
}

/// Whether a version can be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Availability {
    /// The registry does not have it.
    Free,
    /// The registry has it.
    Taken,
}

impl<'a> Registry<'a> {
    pub(super) fn new(workspace: &'a Workspace, name: &'a str) -> Self {
        Self { workspace, name }
    }

    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// Asks whether the registry would take this version. Also finds out early what else stands
    /// in the way: a registry that nobody knows, or one that the crate may not go to.
    pub(super) fn availability(&self, client: &Client) -> Result<Availability> {
        let mut command = self.command();
        command.arg("--dry-run");
        let run = cargo::captured(&mut command)?;
        if run.stderr.contains(ALREADY_THERE) {
            Ok(Availability::Taken)
        } else if run.succeeded {
            Ok(Availability::Free)
        } else {
            Err(self.refusal(client, &run.stderr))
        }
    }

    /// Publishes the client, and returns what the registry had before.
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
            Err(self.refusal(client, &run.text))
        }
    }

    fn command(&self) -> Command {
        let mut command = cargo::command(self.workspace.root());
        command.args(["publish", "--package", CLIENT_PACKAGE]);
        // The proof verifies more than cargo would.
        command.args(["--registry", self.name, "--locked", "--no-verify"]);
        command
    }

    fn refusal(&self, client: &Client, said: &str) -> Error {
        let name = self.name;
        let words = cargo::error_tail(said);
        let refusal = format!("{client} cannot be published to registry `{name}`: {words}");
        if !said.contains(UNKNOWN) {
            return anyhow!(refusal);
        }
        let variable = name.to_uppercase().replace('-', "_");
        anyhow!(
            "{refusal}\n\nTell cargo where it is: by `[registries.{name}]` with `index = \"...\"` in its \
             configuration, or by CARGO_REGISTRIES_{variable}_INDEX"
        )
    }
}
