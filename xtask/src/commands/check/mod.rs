//! `check`: everything that must hold between the contract and what follows from it.

mod release;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use openapi_contract::Finding;
use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::{Document, Source};
use openapi_contract::lint::{NoContract, lint, read_contract};
use openapi_contract::model::Contract;
use openapi_contract::report::{Counts, Focus, Report};

use super::common::{contract_version, show_report};
use super::generate;
use crate::args::ReportArgs;
use crate::output::{Output, Status, counted, seconds};
use crate::views;
use crate::workspace::{CONTRACT, Workspace};
use release::Release;

/// The documents to check, where they are not the workspace's own.
pub(crate) struct Documents {
    pub(crate) contract: Option<PathBuf>,
    pub(crate) server: Option<PathBuf>,
}

/// Lints the contract, confirms that generated code is fresh, and compares the contract with the
/// server, the client and the last release.
pub(crate) fn run(
    workspace: &Workspace,
    documents: &Documents,
    args: &ReportArgs,
    output: &mut Output,
) -> Result<Status> {
    let start = Instant::now();
    let is_own = documents.contract.is_none();
    let path = documents
        .contract
        .clone()
        .unwrap_or_else(|| workspace.path(CONTRACT));
    let document = workspace.document(&path)?;
    let name = document.source().name().to_owned();
    output.progress(
        "Contract",
        &format!("{name} {}", contract_version(&document)),
    )?;
    // Generated code follows from the workspace's contract, whatever else is checked.
    let is_stale = is_own && !is_fresh(workspace, &document, output)?;

    let contract = match read_contract(document) {
        Ok(contract) => contract,
        Err(NoContract { document, findings }) => {
            output.warn("Lint", &Counts::of(&findings).to_string())?;
            let sources: Vec<&Source> = document.sources().collect();
            show_report(&about(&name, &findings, &sources), args, output)?;
            return finish(&findings, is_stale, start, output);
        }
    };
    let mut findings = lint(&contract);
    let operations = counted(contract.operations.len(), "operation");
    line(
        output,
        "Lint",
        &findings,
        &format!("{operations}, every reference, id and example"),
    )?;
    findings.extend(against_views(workspace, &contract, documents, output)?);
    // What was released, and what is accepted, is about the workspace's contract.
    let release = match is_own {
        true => Release::check(workspace, &contract, args.format, output)?,
        false => Release::default(),
    };
    findings.extend_from_slice(&release.findings);
    findings.sort_by_key(|finding| finding.accepted.is_some());

    let own: Vec<&Source> = contract.document.sources().collect();
    let sources: Vec<&Source> = own.iter().copied().chain(release.sources()).collect();
    let report = Report {
        focus: Focus::Files(&own),
        ..about(&name, &findings, &sources)
    };
    show_report(&report, args, output)?;
    finish(&findings, is_stale, start, output)
}

/// The findings between the contract and each view of it.
fn against_views(
    workspace: &Workspace,
    contract: &Contract,
    documents: &Documents,
    output: &mut Output,
) -> Result<Vec<Finding>> {
    let server = match &documents.server {
        Some(path) => Some(workspace.document(path)?),
        None => views::server()?,
    };
    let views = [
        (
            "Server",
            Relation::Drift,
            server,
            "says the same as the contract",
        ),
        (
            "Client",
            Relation::Client,
            views::client(contract)?,
            "can read every answer and send every request",
        ),
    ];
    let mut findings = Vec::new();
    for (word, relation, document, holds) in views {
        let Some(document) = document else {
            output.warn(
                word,
                "not compared: xtask was built without the feature `views`",
            )?;
            continue;
        };
        let found = against(contract, document, relation);
        line(output, word, &found, holds)?;
        findings.extend(found);
    }
    Ok(findings)
}

fn about<'a>(name: &'a str, findings: &'a [Finding], sources: &'a [&'a Source]) -> Report<'a> {
    Report {
        title: name,
        findings,
        sources,
        ..Report::default()
    }
}

fn is_fresh(workspace: &Workspace, document: &Document, output: &mut Output) -> Result<bool> {
    let plans = match generate::plans(workspace, document) {
        Ok((plans, _)) => plans,
        Err(error) => {
            output.warn("Generated", &format!("{error:#}"))?;
            return Ok(false);
        }
    };
    let summary = generate::summary(&plans);
    let is_fresh = plans.iter().all(|(_, plan)| plan.is_fresh());
    if is_fresh {
        output.progress("Generated", &summary)?;
    } else {
        output.warn(
            "Generated",
            &format!("{summary}; run `cargo xtask generate`"),
        )?;
    }
    Ok(is_fresh)
}

/// The findings between the contract and a view of it.
fn against(contract: &Contract, view: Document, relation: Relation) -> Vec<Finding> {
    match read_contract(view) {
        Ok(view) => compare(contract, &view, relation),
        Err(NoContract { findings, .. }) => findings,
    }
}

fn line(output: &mut Output, word: &str, findings: &[Finding], holds: &str) -> Result<()> {
    let counts = Counts::of(findings);
    if counts.above_docs() > 0 {
        output.warn(word, &counts.to_string())?;
    } else if counts.docs > 0 {
        output.progress(
            word,
            &format!(
                "{holds} (but for the words in {})",
                counted(counts.docs, "place")
            ),
        )?;
    } else {
        output.progress(word, holds)?;
    }
    Ok(())
}

fn finish(
    findings: &[Finding],
    is_stale: bool,
    start: Instant,
    output: &mut Output,
) -> Result<Status> {
    let elapsed = seconds(start.elapsed());
    let counts = Counts::of(findings);
    if counts.above_docs() == 0 && !is_stale {
        let said = match counts.accepted {
            0 => "nothing to report".to_owned(),
            accepted => format!("nothing to report but {accepted} accepted"),
        };
        output.progress("Finished", &format!("{said}, in {elapsed}"))?;
        return Ok(Status::Clean);
    }
    let mut parts = Vec::new();
    if counts.above_docs() > 0 {
        parts.push(counts.to_string());
    }
    if is_stale {
        parts.push("generated code is stale".to_owned());
    }
    output.warn("Finished", &format!("{}, in {elapsed}", parts.join("; ")))?;
    Ok(Status::Findings)
}
