//! `generate`: from the contract to the client and the crates that go with it.

pub(crate) mod memory;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use client_codegen::output::{self, FileState, Plan};
use client_codegen::{Companion, CompanionKind, Contract, MANIFEST, Options};
use openapi_contract::document::Document;

use crate::cargo;
use crate::output::{Output, Status, counted, seconds};
use crate::workspace::{CLIENT, CLIENT_PACKAGE, COMPANIONS, CONTRACT, Workspace};

/// Writes what is stale, or only says so.
pub(crate) fn run(workspace: &Workspace, check: bool, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let document = workspace.document(&workspace.path(CONTRACT))?;
    let version = super::check::version(&document);
    output.progress("Contract", &format!("{CONTRACT} {version}"))?;
    let plans = plans(workspace, &document)?;
    let is_fresh = plans.iter().all(|(_, plan)| plan.is_fresh());
    if check {
        let diffs = plans
            .iter()
            .flat_map(|(name, plan)| plan.stale().map(|file| file.diff(name)));
        output.report(&diffs.collect::<String>())?;
        if is_fresh {
            output.progress("Fresh", &summary(&plans))?;
            return Ok(Status::Clean);
        }
        output.trouble(
            "Stale",
            &format!("{}; run `cargo xtask generate`", summary(&plans)),
        )?;
        return Ok(Status::Findings);
    }
    for (name, plan) in &plans {
        for file in plan.stale() {
            output.progress(
                done(&file.state),
                &format!("{name}/{}", file.path.display()),
            )?;
        }
        plan.apply()?;
    }
    let done = if is_fresh {
        format!(
            "nothing to do: {}, generated from this contract",
            summary(&plans)
        )
    } else {
        summary(&plans)
    };
    output.progress(
        "Finished",
        &format!("{done}, in {}", seconds(start.elapsed())),
    )?;
    Ok(Status::Clean)
}

/// What was done with a file.
pub(crate) fn done(state: &FileState) -> &'static str {
    match state {
        FileState::Missing { .. } => "Created",
        FileState::Orphan { .. } => "Removed",
        FileState::Changed { .. } | FileState::Fresh => "Updated",
    }
}

/// What generation would do to the client and to the crates that go with it, with their
/// directories.
pub(crate) fn plans(
    workspace: &Workspace,
    document: &Document,
) -> Result<Vec<(&'static str, Plan)>> {
    let companions = COMPANIONS.into_iter().filter(|(directory, ..)| {
        // One that the team has deleted is not generated again.
        workspace.path(directory).join(MANIFEST).is_file()
    });
    let companions: Vec<_> = companions.collect();
    let directories =
        std::iter::once(CLIENT).chain(companions.iter().map(|(directory, ..)| *directory));
    let directories: Vec<&'static str> = directories.collect();
    let roots: Vec<PathBuf> = directories
        .iter()
        .map(|name| workspace.path(name))
        .collect();
    let target = cargo::target_directory(workspace.root());
    let plans = memory::plans(document, "workspace", &roots, &target, || {
        plans_anew(workspace, document, &companions)
    })?;
    Ok(directories.into_iter().zip(plans).collect())
}

fn plans_anew(
    workspace: &Workspace,
    document: &Document,
    companions: &[(&'static str, &'static str, CompanionKind)],
) -> Result<Vec<Plan>> {
    let json = document.to_json(document.root());
    let contract = Contract {
        path: CONTRACT,
        text: document.source().text(),
        document: &json,
    };
    let manifest = workspace.text(&workspace.path(CLIENT).join(MANIFEST))?;
    let files = client_codegen::client(
        &contract,
        &Options::new(CLIENT_PACKAGE),
        manifest.as_deref(),
    )
    .with_context(|| format!("no client can be generated from {CONTRACT}"))?;
    let mut plans = vec![output::plan(&workspace.path(CLIENT), &files)?];
    for (directory, package, kind) in companions {
        let manifest = workspace.text(&workspace.path(directory).join(MANIFEST))?;
        let companion = Companion {
            kind: *kind,
            client: CLIENT_PACKAGE.to_owned(),
            module: "media_client::generated".to_owned(),
            path: "../media-client".to_owned(),
        };
        let options = Options::new(*package);
        let files = client_codegen::companion(&contract, &options, &companion, manifest.as_deref())
            .with_context(|| format!("{package} cannot be generated from {CONTRACT}"))?;
        plans.push(output::plan(&workspace.path(directory), &files)?);
    }
    Ok(plans)
}

/// How many files there are, and in what state.
pub(crate) fn summary(plans: &[(&'static str, Plan)]) -> String {
    let all = || plans.iter().flat_map(|(_, plan)| plan.files());
    let count = |is_it: fn(&FileState) -> bool| all().filter(|file| is_it(&file.state)).count();
    let states = [
        (
            count(|state| matches!(state, FileState::Changed { .. })),
            "changed",
        ),
        (
            count(|state| matches!(state, FileState::Missing { .. })),
            "missing",
        ),
        (
            count(|state| matches!(state, FileState::Orphan { .. })),
            "no longer generated",
        ),
        (
            count(|state| matches!(state, FileState::Fresh)),
            "up to date",
        ),
    ];
    let states = states.into_iter().filter(|(count, _)| *count > 0);
    let states: Vec<String> = states
        .map(|(count, state)| format!("{count} {state}"))
        .collect();
    format!(
        "{} of {}: {}",
        counted(all().count(), "file"),
        plans
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", "),
        states.join(", ")
    )
}
