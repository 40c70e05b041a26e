//! `generate`: from the contract to the client crate.

use std::time::Instant;

use anyhow::{Context, Result};
use client_codegen::output::{FileState, Plan};
use client_codegen::{Contract, MANIFEST, Options};
use openapi_contract::document::Document;

use crate::output::{Output, Status, counted, seconds};
use crate::workspace::{CLIENT, CLIENT_PACKAGE, CONTRACT, Workspace};

/// Writes what is stale, or only says so.
pub(crate) fn run(workspace: &Workspace, check: bool, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let document = workspace.document(&workspace.path(CONTRACT))?;
    let version = super::check::version(&document);
    output.progress("Contract", &format!("{CONTRACT} {version}"))?;
    let plan = plan(workspace, &document)?;
    if check {
        let diffs: String = plan.stale().map(|file| file.diff(CLIENT)).collect();
        output.report(&diffs)?;
        if plan.is_fresh() {
            output.progress("Fresh", &summary(&plan))?;
            return Ok(Status::Clean);
        }
        output.trouble(
            "Stale",
            &format!("{}; run `cargo xtask generate`", summary(&plan)),
        )?;
        return Ok(Status::Findings);
    }
    for file in plan.stale() {
        let word = match file.state {
            FileState::Missing { .. } => "Created",
            FileState::Orphan { .. } => "Removed",
            FileState::Changed { .. } | FileState::Fresh => "Updated",
        };
        output.progress(word, &format!("{CLIENT}/{}", file.path.display()))?;
    }
    plan.apply()?;
    let done = if plan.is_fresh() {
        format!(
            "nothing to do: {}, generated from this contract",
            summary(&plan)
        )
    } else {
        summary(&plan)
    };
    output.progress(
        "Finished",
        &format!("{done}, in {}", seconds(start.elapsed())),
    )?;
    Ok(Status::Clean)
}

/// What generation would do to the client crate.
pub(crate) fn plan(workspace: &Workspace, document: &Document) -> Result<Plan> {
    let directory = workspace.path(CLIENT);
    let manifest = workspace.text(&directory.join(MANIFEST))?;
    let contract = Contract {
        path: CONTRACT,
        text: document.source().text(),
        document: &document.to_json(document.root()),
    };
    let files = client_codegen::client(
        &contract,
        &Options::new(CLIENT_PACKAGE),
        manifest.as_deref(),
    )
    .with_context(|| format!("no client can be generated from {CONTRACT}"))?;
    Ok(client_codegen::output::plan(&directory, &files)?)
}

/// How many files there are, and in what state.
pub(crate) fn summary(plan: &Plan) -> String {
    let count = |is_it: fn(&FileState) -> bool| {
        plan.files()
            .iter()
            .filter(|file| is_it(&file.state))
            .count()
    };
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
        "{} of {CLIENT}: {}",
        counted(plan.files().len(), "file"),
        states.join(", ")
    )
}
