//! `generate`: the client and its companions, from the contract.

pub(crate) mod cache;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use client_codegen::output::{self, FileState, Plan};
use client_codegen::{ClientCrate, Companion, CompanionKind, ContractSource, MANIFEST, Options};
use openapi_contract::Finding;
use openapi_contract::model::Contract;
use openapi_contract::report::Format;

use self::cache::Generated;
use super::common::{contract_version, has_losses, read_contract, rewrite_counts, show_findings};
use crate::args::{ReportArgs, RootDir};
use crate::cargo;
use crate::output::{Output, Status, counted, seconds};
use crate::workspace::{CLIENT, CLIENT_PACKAGE, COMPANIONS, CONTRACT, Workspace};

/// Reports what the client does not enforce, and writes stale files, or with `check` only shows
/// them. With `strict`, writes nothing if the client does not enforce the whole contract.
pub(crate) fn run(
    workspace: &Workspace,
    root_dir: &RootDir,
    args: &ReportArgs,
    check: bool,
    strict: bool,
    output: &mut Output,
) -> Result<Status> {
    let start = Instant::now();
    let document = workspace.contract(&workspace.path(CONTRACT), root_dir)?;
    let version = contract_version(&document);
    output.progress("Contract", &format!("{CONTRACT} {version}"))?;
    let contract = read_contract(document)?;
    let (plans, findings) = plans(workspace, &contract)?;
    if !findings.is_empty() {
        let list = format!("{CLIENT}/{FIDELITY}");
        output.progress("Fidelity", &rewrite_counts(&findings, Some(&list)))?;
    }
    show_findings(&contract.document, &findings, args, output)?;
    if strict && has_losses(&findings) {
        output.warn("Failed", "the client would not enforce the whole contract")?;
        return Ok(Status::Findings);
    }
    let is_fresh = plans.iter().all(|(_, plan)| plan.is_fresh());
    if check {
        if args.format == Format::Text {
            let diffs = plans
                .iter()
                .flat_map(|(name, plan)| plan.stale().map(|file| file.diff(name)));
            output.report(&diffs.collect::<String>())?;
        }
        if is_fresh {
            output.progress("Fresh", &summary(&plans))?;
            return Ok(Status::Clean);
        }
        output.warn(
            "Stale",
            &format!("{}; run `cargo xtask generate`", summary(&plans)),
        )?;
        return Ok(Status::Findings);
    }
    Plan::apply_all(plans.iter().map(|(_, plan)| plan))?;
    for (name, plan) in &plans {
        for file in plan.stale() {
            output.progress(
                status_word(&file.state),
                &format!("{name}/{}", file.path.display()),
            )?;
        }
    }
    let done = if is_fresh {
        format!("{}; nothing to do", summary(&plans))
    } else {
        summary(&plans)
    };
    output.progress(
        "Finished",
        &format!("{done}, in {}", seconds(start.elapsed())),
    )?;
    Ok(Status::Clean)
}

/// The status word for a file that was written.
pub(crate) fn status_word(state: &FileState) -> &'static str {
    match state {
        FileState::Missing { .. } => "Created",
        FileState::Orphan { .. } => "Removed",
        FileState::Changed { .. } | FileState::Fresh => "Updated",
    }
}

/// The file of a client crate that lists what it does not enforce.
pub(crate) const FIDELITY: &str = "src/generated/FIDELITY.md";

/// The directories and their plans.
type Plans = Vec<(&'static str, Plan)>;

/// Plans the client and its companions, and returns the findings of the generator.
pub(crate) fn plans(workspace: &Workspace, contract: &Contract) -> Result<(Plans, Vec<Finding>)> {
    let companions = COMPANIONS.into_iter().filter(|(directory, ..)| {
        // A companion that was deleted is not generated again.
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
    let document = &contract.document;
    let generated = cache::generated(document, "workspace", &roots, &target, || {
        let client = client(workspace, contract)?;
        let mut plans = vec![output::plan(&workspace.path(CLIENT), &client.files)?];
        plans.extend(companion_plans(workspace, &client, &companions)?);
        Ok(Generated {
            plans,
            findings: client.findings,
        })
    })?;
    let Generated { plans, findings } = generated;
    Ok((directories.into_iter().zip(plans).collect(), findings))
}

fn companion_plans(
    workspace: &Workspace,
    client: &ClientCrate,
    companions: &[(&'static str, &'static str, CompanionKind)],
) -> Result<Vec<Plan>> {
    let mut plans = Vec::new();
    for (directory, package, kind) in companions {
        let manifest = workspace.text(&workspace.path(directory).join(MANIFEST))?;
        let companion = Companion {
            kind: *kind,
            client: CLIENT_PACKAGE.to_owned(),
            module: "media_client::generated".to_owned(),
            path: "../media-client".to_owned(),
        };
        let files = client
            .companion(&companion, &Options::new(*package), manifest.as_deref())
            .with_context(|| format!("cannot generate {package} from {CONTRACT}"))?;
        plans.push(output::plan(&workspace.path(directory), &files)?);
    }
    Ok(plans)
}

/// Generates the client crate.
fn client(workspace: &Workspace, contract: &Contract) -> Result<ClientCrate> {
    let manifest = workspace.text(&workspace.path(CLIENT).join(MANIFEST))?;
    let source = ContractSource {
        path: CONTRACT,
        contract,
    };
    client_codegen::generate(&source, &Options::new(CLIENT_PACKAGE), manifest.as_deref())
        .with_context(|| format!("cannot generate a client from {CONTRACT}"))
}

/// Counts the files by state.
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
