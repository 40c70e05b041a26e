//! `publish`: from the client crate to a registry.

use anyhow::{Result, bail};

use crate::output::{Output, Status};
use crate::workspace::Workspace;

/// Proves that the client can be published, and publishes it.
pub(crate) fn run(
    workspace: &Workspace,
    registry: &str,
    execute: bool,
    output: &mut Output,
) -> Result<Status> {
    let _ = (workspace, registry, execute, output);
    bail!("being written");
}
