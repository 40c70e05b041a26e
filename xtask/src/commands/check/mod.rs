//! `check`: lints the contract, and checks code, server, client and release against it.

mod release;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use openapi_contract::Finding;
use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::{Document, Source};
use openapi_contract::lint::lint;
use openapi_contract::model::{Contract, InvalidContract};
use openapi_contract::report::{Counts, Focus, Report};

use super::common::{
    contract_version, has_failing_finding, rewrites, show_report, show_rewrites, tolerated,
};
use super::generate;
use crate::args::{ReportArgs, RootDir};
use crate::output::{Output, Status, counted, seconds};
use crate::views;
use crate::workspace::{CONTRACT, Workspace};
use release::Release;

/// The documents to check instead of the workspace's own.
pub(crate) struct Documents {
    pub(crate) contract: Option<PathBuf>,
    pub(crate) root_dir: RootDir,
    pub(crate) server: Option<PathBuf>,
}

/// Lints the contract, confirms that generated code is fresh, and compares the contract with the
/// server, the client and the last release.
pub(crate) fn run(
    workspace: &Workspace,
    documents: &Documents,
    strict: bool,
    args: &ReportArgs,
    output: &mut Output,
) -> Result<Status> {
    let start = Instant::now();
    let is_own = documents.contract.is_none();
    let path = documents
        .contract
        .clone()
        .unwrap_or_else(|| workspace.path(CONTRACT));
    let document = workspace.contract(&path, &documents.root_dir)?;
    let name = document.source().name().to_owned();
    output.progress(
        "Contract",
        &format!("{name} {}", contract_version(&document)),
    )?;
    let contract = match Contract::read(document) {
        Ok(contract) => contract,
        Err(InvalidContract { document, findings }) => {
            output.warn("Lint", &Counts::of(&findings).to_string())?;
            let sources: Vec<&Source> = document.sources().collect();
            show_report(&report(&name, &findings, &sources), args, output)?;
            return finish(&findings, false, strict, start, output);
        }
    };
    // Code is generated from the contract of the workspace only.
    let (is_stale, generated) = match is_own {
        true => generated(workspace, &contract, output)?,
        false => (false, None),
    };
    let mut findings = lint(&contract, &[&client_codegen::lint::RULES]);
    let operations = counted(contract.operations.len(), "operation");
    show_counts(
        output,
        "Lint",
        &findings,
        &format!("{operations}, no problems"),
    )?;
    let mut rewrites = match generated {
        Some(rewrites) => {
            show_rewrites(&rewrites, output)?;
            rewrites
        }
        None => rewrites(&contract, output)?,
    };
    client_codegen::lint::remove_repetitions(&mut rewrites, &findings);
    findings.extend(rewrites);
    findings.extend(compare_views(workspace, &contract, documents, output)?);
    // Releases and accepted changes belong to the contract of the workspace.
    let release = match is_own {
        true => Release::check(workspace, &contract, args.format, output)?,
        false => Release::default(),
    };
    findings.extend_from_slice(&release.findings);
    findings.sort_by_key(|finding| finding.accepted.is_some());

    let own: Vec<&Source> = contract.document.sources().collect();
    let sources: Vec<&Source> = own.iter().copied().chain(release.sources()).collect();
    let focused = Report {
        focus: Focus::Files(&own),
        ..report(&name, &findings, &sources)
    };
    show_report(&focused, args, output)?;
    finish(&findings, is_stale, strict, start, output)
}

/// Compares the contract with the server and the client.
fn compare_views(
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
        ("Server", Relation::Drift, server, "matches the contract"),
        (
            "Client",
            Relation::Client,
            views::client(contract)?,
            "can send every request and read every response",
        ),
    ];
    let mut findings = Vec::new();
    for (word, relation, document, passed) in views {
        let Some(document) = document else {
            output.warn(word, "skipped: xtask was built without the feature `views`")?;
            continue;
        };
        let found = compare_view(contract, document, relation);
        show_counts(output, word, &found, passed)?;
        findings.extend(found);
    }
    Ok(findings)
}

fn report<'a>(name: &'a str, findings: &'a [Finding], sources: &'a [&'a Source]) -> Report<'a> {
    Report {
        title: name,
        findings,
        sources,
        ..Report::default()
    }
}

/// Whether generated code is stale, and the findings of the generator, if it ran.
fn generated(
    workspace: &Workspace,
    contract: &Contract,
    output: &mut Output,
) -> Result<(bool, Option<Vec<Finding>>)> {
    let (plans, findings) = match generate::plans(workspace, contract) {
        Ok(generated) => generated,
        Err(error) => {
            output.warn("Generated", &format!("{error:#}"))?;
            return Ok((true, Some(Vec::new())));
        }
    };
    let summary = generate::summary(&plans);
    let is_fresh = plans.iter().all(|(_, plan)| plan.is_fresh());
    if is_fresh {
        output.progress("Generated", &summary)?;
    } else {
        let advice = format!("{summary}; run `cargo xtask generate`");
        output.warn("Generated", &advice)?;
    }
    Ok((!is_fresh, Some(findings)))
}

/// Compares the contract with a view of it.
fn compare_view(contract: &Contract, view: Document, relation: Relation) -> Vec<Finding> {
    match Contract::read(view) {
        Ok(view) => {
            let mut findings = compare(contract, &view, relation);
            findings.extend(view.invalid_part_findings());
            findings
        }
        Err(InvalidContract { findings, .. }) => findings,
    }
}

/// Shows the counts of findings, or `passed` if there are none but editorial ones.
fn show_counts(output: &mut Output, word: &str, findings: &[Finding], passed: &str) -> Result<()> {
    let counts = Counts::of(findings);
    if counts.above_editorial() > 0 {
        output.warn(word, &counts.to_string())?;
    } else if counts.editorial > 0 {
        let differences = counted(counts.editorial, "editorial difference");
        output.progress(word, &format!("{passed} ({differences})"))?;
    } else {
        output.progress(word, passed)?;
    }
    Ok(())
}

fn finish(
    findings: &[Finding],
    is_stale: bool,
    strict: bool,
    start: Instant,
    output: &mut Output,
) -> Result<Status> {
    let elapsed = seconds(start.elapsed());
    let counts = Counts::of(findings);
    let has_failed = has_failing_finding(counts, strict);
    if !has_failed && !is_stale {
        let tolerated = tolerated(counts);
        output.progress("Finished", &format!("{tolerated}, in {elapsed}"))?;
        return Ok(Status::Clean);
    }
    let mut parts = Vec::new();
    if has_failed {
        parts.push(counts.to_string());
    }
    if is_stale {
        parts.push("generated code is stale".to_owned());
    }
    output.warn("Finished", &format!("{}, in {elapsed}", parts.join("; ")))?;
    Ok(Status::Findings)
}
