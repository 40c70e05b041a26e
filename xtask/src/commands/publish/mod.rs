//! `publish`: publishes the client crate, after a proof that its package builds outside the workspace.

mod client;
mod package;
mod package_check;
mod plan;
mod registry;
mod worktree;

use std::time::Instant;

use anyhow::{Result, bail};

use super::generate;
use crate::output::{Output, Status, seconds};
use crate::workspace::{CONTRACT, Workspace};
use client::Client;
use package::Package;
use plan::PublishPlan;
use registry::{Availability, Registry};

/// Proves that the client can be published, and publishes it.
pub(crate) fn run(
    workspace: &Workspace,
    registry: &str,
    execute: bool,
    output: &mut Output,
) -> Result<Status> {
    let start = Instant::now();
    if !is_ready(workspace, output)? {
        return Ok(Status::Findings);
    }
    let client = Client::read(workspace)?;
    let registry = Registry::new(workspace, registry);
    let checked = format!("registry `{}` for {client}", registry.name());
    output.progress("Checking", &checked)?;
    let availability = registry.availability(&client)?;
    if execute && availability == Availability::Taken {
        return taken(&registry, &client, output);
    }

    output.progress("Packaging", &client.to_string())?;
    let package = Package::pack(workspace, &client)?;
    if !package_check::check(workspace, &client, &package, output)? {
        return Ok(Status::Findings);
    }
    let plan = PublishPlan {
        client: &client,
        package: &package,
        registry: registry.name(),
        availability,
    };
    output.report(&plan.to_string())?;
    if availability == Availability::Taken {
        return taken(&registry, &client, output);
    }
    if !execute {
        let elapsed = seconds(start.elapsed());
        let name = registry.name();
        output.progress(
            "Finished",
            &format!(
                "dry run in {elapsed}; nothing was published. \
                 To publish, run `cargo xtask publish --registry {name} --execute`"
            ),
        )?;
        return Ok(Status::Clean);
    }
    // Publish exactly what was proven: files may have changed in the meantime.
    if !Package::pack(workspace, &client)?.has_same_content(&package) {
        bail!("the package changed during the proof; nothing was published. Run the command again");
    }
    match registry.publish(&client, output)? {
        Availability::Taken => taken(&registry, &client, output),
        Availability::Free => {
            let done = format!("{client} was published, in {}", seconds(start.elapsed()));
            output.progress("Finished", &done)?;
            Ok(Status::Clean)
        }
    }
}

/// Whether everything is committed and the generated code is fresh. Reports all that is not.
fn is_ready(workspace: &Workspace, output: &mut Output) -> Result<bool> {
    let is_committed = worktree::is_committed(workspace, output)?;
    let document = workspace.document(&workspace.path(CONTRACT))?;
    let (plans, _) = generate::plans(workspace, &document)?;
    let is_fresh = plans.iter().all(|(_, plan)| plan.is_fresh());
    let summary = generate::summary(&plans);
    if is_fresh {
        output.progress("Generated", &summary)?;
    } else {
        let advice = format!("{summary}; run `cargo xtask generate`");
        output.warn("Stale", &advice)?;
    }
    Ok(is_committed && is_fresh)
}

/// Reports that the registry has this version already. Versions cannot be replaced.
fn taken(registry: &Registry<'_>, client: &Client, output: &mut Output) -> Result<Status> {
    let name = registry.name();
    output.warn(
        "Taken",
        &format!(
            "registry `{name}` already has {client}; nothing was published. \
             Increase `version` in {} to release again",
            client.manifest(),
        ),
    )?;
    Ok(Status::Findings)
}
