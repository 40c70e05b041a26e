//! A registry, accessed through cargo, which knows its URL and token.

use std::process::Command;

use anyhow::{Error, Result, anyhow};

use super::crates::PublishedCrate;
use crate::cargo;
use crate::output::Output;
use crate::workspace::Workspace;

/// Part of the message of cargo if the registry has the version; a warning in a dry run.
const EXISTS: &str = "already exists on";
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

    /// Checks whether the version can be published, after `first`. Also detects early that the registry is not
    /// configured, or that the crate may not be published to it.
    pub(super) fn availability(
        &self,
        published: &PublishedCrate,
        first: &[&PublishedCrate],
    ) -> Result<Availability> {
        let all = [first, &[published]].concat();
        let mut command = self.command(&all);
        command.arg("--dry-run");
        let run = cargo::captured(&mut command)?;
        let exists = format!("{}@{} {EXISTS}", published.name, published.version);
        if run.stderr.contains(&exists) {
            Ok(Availability::Taken)
        } else if run.succeeded {
            Ok(Availability::Free)
        } else {
            Err(self.publish_error(&all, &run.stderr))
        }
    }

    /// Publishes crates in this order, and returns whether the versions were available.
    pub(super) fn publish(
        &self,
        crates: &[&PublishedCrate],
        output: &mut Output,
    ) -> Result<Availability> {
        let run = cargo::streamed(self.command(crates), output)?;
        if run.succeeded {
            for warning in run
                .text
                .lines()
                .filter_map(|line| line.strip_prefix("warning: "))
            {
                output.warn("Warning", warning)?;
            }
            Ok(Availability::Free)
        } else if run.text.contains(EXISTS) {
            Ok(Availability::Taken)
        } else {
            Err(self.publish_error(crates, &run.text))
        }
    }

    fn command(&self, crates: &[&PublishedCrate]) -> Command {
        let mut command = cargo::command(self.workspace.root());
        command.arg("publish");
        for published in crates {
            command.args(["--package", published.name]);
        }
        // `package_check` verifies more than cargo would.
        command.args(["--registry", self.name, "--locked", "--no-verify"]);
        command
    }

    fn publish_error(&self, crates: &[&PublishedCrate], stderr: &str) -> Error {
        let name = self.name;
        let crates: Vec<String> = crates.iter().map(ToString::to_string).collect();
        let error = cargo::error_tail(stderr);
        let message = format!(
            "cannot publish {} to registry `{name}`: {error}",
            crates.join(" and ")
        );
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
