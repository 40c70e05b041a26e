//! `generate`: from the contract to the client crate.

use std::time::Instant;

use anyhow::{Context, Result};
use client_codegen::output::{FileState, Plan};
use client_codegen::{ClientCrate, Contract, MANIFEST, Options, Price, Prices, Rewrite};
use openapi_contract::document::Document;

use crate::output::{Output, Status, counted, seconds};
use crate::workspace::{CLIENT, CLIENT_PACKAGE, CONTRACT, Workspace};

/// Writes what is stale, or only says so. If `strict`, a client that says less than the contract is
/// not written.
pub(crate) fn run(
    workspace: &Workspace,
    check: bool,
    strict: bool,
    output: &mut Output,
) -> Result<Status> {
    let start = Instant::now();
    let document = workspace.document(&workspace.path(CONTRACT))?;
    let version = super::check::version(&document);
    output.progress("Contract", &format!("{CONTRACT} {version}"))?;
    let made = client(workspace, &document)?;
    if !made.rewrites.is_empty() {
        output.progress("Lowered", &prices(&made.rewrites))?;
    }
    if strict && made.rewrites.iter().any(|one| one.price != Price::Lossless) {
        let costs = made
            .rewrites
            .iter()
            .filter(|one| one.price != Price::Lossless);
        let costs: String = costs.map(|rewrite| format!("{rewrite}\n")).collect();
        output.report(&costs)?;
        output.trouble(
            "Failed",
            "the client would not carry over all of the contract",
        )?;
        return Ok(Status::Findings);
    }
    let plan = client_codegen::output::plan(&workspace.path(CLIENT), &made.files)?;
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
    let made = client(workspace, document)?;
    Ok(client_codegen::output::plan(
        &workspace.path(CLIENT),
        &made.files,
    )?)
}

/// The client crate, as it is generated from a contract.
fn client(workspace: &Workspace, document: &Document) -> Result<ClientCrate> {
    let manifest = workspace.text(&workspace.path(CLIENT).join(MANIFEST))?;
    let contract = Contract {
        path: CONTRACT,
        document,
    };
    client_codegen::client(
        &contract,
        &Options::new(CLIENT_PACKAGE),
        manifest.as_deref(),
    )
    .with_context(|| format!("no client can be generated from {CONTRACT}"))
}

/// How much of the contract the client says in other words, and how much it does not say.
fn prices(rewrites: &[Rewrite]) -> String {
    let Prices {
        lossless,
        weaker,
        left_out,
    } = Prices::of(rewrites);
    let all = counted(rewrites.len(), "rewrite");
    let mut text = format!("{all}: {lossless} lossless, {weaker} weaker, {left_out} left out");
    if weaker + left_out > 0 {
        text.push_str(&format!(", listed in {CLIENT}/src/generated/LOWERING.md"));
    }
    text
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
