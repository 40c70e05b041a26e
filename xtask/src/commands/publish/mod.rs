//! `publish`: publishes the client crate and what it depends on, after a proof that the packages build outside the
//! workspace.

mod crates;
mod package;
mod package_check;
mod plan;
mod registry;
mod worktree;

use std::time::Instant;

use anyhow::{Result, bail};

use super::common::read_contract;
use super::generate;
use crate::output::{Output, Status, seconds};
use crate::workspace::{CONTRACT, RUNTIME_PACKAGE, Workspace};
use crates::{PublishedCrate, PublishedCrates};
use package::Package;
use plan::PublishPlan;
use registry::{Availability, Registry};

/// Proves that the client can be published, and publishes it. What it depends on is published first, unless the
/// registry has it.
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
    let crates = PublishedCrates::read(workspace)?;
    let PublishedCrates {
        runtime, client, ..
    } = &crates;
    let registry = Registry::new(workspace, registry);
    let name = registry.name();
    let checked = format!("registry `{name}` for {runtime} and {client}");
    output.progress("Checking", &checked)?;
    let of_runtime = registry.availability(runtime, &[])?;
    if !crates.resolve_in(name) {
        return unresolved(&registry, &crates, output);
    }
    let first: &[&PublishedCrate] = match of_runtime {
        Availability::Free => &[runtime],
        Availability::Taken => &[],
    };
    let of_client = registry.availability(client, first)?;
    let all = [(runtime, of_runtime), (client, of_client)];
    let is_free = |(_, availability): &&(_, Availability)| *availability == Availability::Free;
    let mut chosen: Vec<&PublishedCrate> = all
        .iter()
        .filter(is_free)
        .map(|(found, _)| *found)
        .collect();
    let has_free = !chosen.is_empty();
    if !has_free {
        if execute {
            return taken(&registry, &crates, output);
        }
        // The proof is useful without a new version.
        chosen.push(client);
    }

    let names: Vec<String> = chosen.iter().map(ToString::to_string).collect();
    output.progress("Packaging", &names.join(" and "))?;
    let packages = Package::pack(workspace, &registry, &crates, &chosen)?;
    for package in &packages {
        if !package_check::check(workspace, &crates, package, &packages, output)? {
            return Ok(Status::Findings);
        }
    }
    let plan = PublishPlan {
        crates: all,
        packages: &packages,
        registry: name,
    };
    output.report(&plan.to_string())?;
    if !has_free {
        return taken(&registry, &crates, output);
    }
    if !execute {
        let elapsed = seconds(start.elapsed());
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
    if Package::pack(workspace, &registry, &crates, &chosen)? != packages {
        bail!("a package changed during the proof; nothing was published. Run the command again");
    }
    match registry.publish(&chosen, output)? {
        Availability::Taken => taken(&registry, &crates, output),
        Availability::Free => {
            let verb = if names.len() > 1 { "were" } else { "was" };
            let done = format!(
                "{} {verb} published, in {}",
                names.join(" and "),
                seconds(start.elapsed())
            );
            output.progress("Finished", &done)?;
            Ok(Status::Clean)
        }
    }
}

/// Whether everything is committed and the generated code is fresh. Reports all that is not.
fn is_ready(workspace: &Workspace, output: &mut Output) -> Result<bool> {
    let is_committed = worktree::is_committed(workspace, output)?;
    let document = workspace.document(&workspace.path(CONTRACT))?;
    let contract = read_contract(document)?;
    let (plans, _) = generate::plans(workspace, &contract)?;
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

/// Reports that the published client would not find the runtime in this registry.
fn unresolved(
    registry: &Registry<'_>,
    crates: &PublishedCrates,
    output: &mut Output,
) -> Result<Status> {
    let name = registry.name();
    output.warn(
        "Unresolved",
        &format!(
            "{} would look for {RUNTIME_PACKAGE} on crates.io, not in registry `{name}`; nothing was published. \
             Add `registry = \"{name}\"` to {RUNTIME_PACKAGE} in [workspace.dependencies] of Cargo.toml, and commit",
            crates.client,
        ),
    )?;
    Ok(Status::Findings)
}

/// Reports that the registry has these versions already. Versions cannot be replaced.
fn taken(registry: &Registry<'_>, crates: &PublishedCrates, output: &mut Output) -> Result<Status> {
    let name = registry.name();
    let PublishedCrates {
        runtime, client, ..
    } = crates;
    output.warn(
        "Taken",
        &format!(
            "registry `{name}` already has {client} and {runtime}; nothing was published. \
             Increase `version` in {} or {} to release again",
            client.manifest(),
            runtime.manifest(),
        ),
    )?;
    Ok(Status::Findings)
}
