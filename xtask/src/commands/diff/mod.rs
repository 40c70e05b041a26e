//! `diff`: what changed between two contracts, and which version the changes require.

mod accepted;
mod git;
mod input;
mod summary;

use std::time::Instant;

use anyhow::Result;
use openapi_contract::accepted::{AcceptedChanges, InvalidAcceptedChanges};
use openapi_contract::compare::{Relation, compare_on, invalid_parts};
use openapi_contract::document::{Document, Source};
use openapi_contract::model::{Contract, InvalidContract};
use openapi_contract::report::{Counts, Focus, Format, Report};
use openapi_contract::{Finding, Level};

use super::common::{contract_version, offer_acceptance, show_report, today};
use crate::args::{DiffArgs, FailOn};
use crate::output::{Output, Status, counted, seconds};
use crate::workspace::Workspace;

/// Compares two contracts, and shows the changes and the version they require.
pub(crate) fn run(workspace: &Workspace, args: &DiffArgs, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let (old, new) = read_both(workspace, args)?;
    for (word, read) in [("Old", &old), ("New", &new)] {
        let document = match read {
            Ok(contract) => &contract.document,
            Err(invalid) => &invalid.document,
        };
        let name = document.source().name();
        output.progress(word, &format!("{name} {}", contract_version(document)))?;
    }
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let unread: Vec<InvalidContract> =
                [old.err(), new.err()].into_iter().flatten().collect();
            return show_invalid_contracts(unread, args, output);
        }
    };
    for contract in [&old, &new] {
        warn_of_tolerated_errors(contract, output)?;
    }
    let accepted = match accepted::read(workspace, args)?.transpose() {
        Ok(accepted) => accepted,
        Err(no_accepted) => return show_invalid_acceptances(&no_accepted, args, output),
    };
    let file = accepted::file_in_help(workspace, args);
    let status = compare(&old, &new, (accepted.as_ref(), &file), args, output)?;
    output.progress("Finished", &format!("in {}", seconds(start.elapsed())))?;
    Ok(status)
}

/// Shows the changes, and returns whether they fail the command. `file` is the file of accepted changes in
/// a help.
fn compare(
    old: &Contract,
    new: &Contract,
    (accepted, file): (Option<&AcceptedChanges>, &str),
    args: &DiffArgs,
    output: &mut Output,
) -> Result<Status> {
    let mut findings = compare_on(old, new, Relation::Evolution, Some(&today()));
    let version = summary::version(&findings, [&old.version, &new.version]);
    let entries = accepted.map(|accepted| accepted.mark(&mut findings, &new.version));
    // What cannot be compared requires no version.
    findings.extend(invalid_parts(old, new));
    let summary = summary::text(Counts::of(&findings), &version);
    findings.extend(entries.into_iter().flatten());
    // Accepted findings come last.
    findings.sort_by_key(|finding| finding.accepted.is_some());
    let fails = findings.iter().any(|finding| fails(finding, args.fail_on));
    if args.report.format == Format::Text {
        offer_ids(&mut findings, args.fail_on, file);
    }
    let documents = [&old.document, &new.document];
    let mut sources: Vec<&Source> = documents.into_iter().flat_map(Document::sources).collect();
    sources.extend(accepted.map(AcceptedChanges::source));
    show(&findings, &sources, args, output)?;
    if args.report.format == Format::Text {
        let gap = if findings.is_empty() { "" } else { "\n" };
        output.report(&format!("{gap}{summary}\n"))?;
    } else {
        output.progress("Summary", &summary)?;
    }
    Ok(if fails {
        Status::Findings
    } else {
        Status::Clean
    })
}

type Read = std::result::Result<Contract, InvalidContract>;

/// Reads both contracts in parallel, which takes most of the time of a diff.
fn read_both(workspace: &Workspace, args: &DiffArgs) -> Result<(Read, Read)> {
    let read =
        |argument: &str| input::read(workspace, argument, &args.root_dir).map(Contract::read);
    let (old, new) = std::thread::scope(|scope| {
        let new = scope.spawn(|| read(&args.new));
        let old = read(&args.old);
        (old, new.join())
    });
    let new = new.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok((old?, new?))
}

/// Warns about parts of a contract that are not valid OpenAPI and were ignored. They are not changes.
fn warn_of_tolerated_errors(contract: &Contract, output: &mut Output) -> Result<()> {
    let count = contract.tolerated_errors.len();
    if count > 0 {
        let name = contract.document.source().name();
        let text = format!(
            "{name} has {}; run `cargo xtask lint` to see them",
            counted(count, "part") + " that are not valid OpenAPI"
        );
        output.warn("Warning", &text)?;
    }
    Ok(())
}

/// Shows why documents are not valid contracts.
fn show_invalid_contracts(
    unread: Vec<InvalidContract>,
    args: &DiffArgs,
    output: &mut Output,
) -> Result<Status> {
    let (mut findings, mut sources) = (Vec::new(), Vec::new());
    for invalid in &unread {
        findings.extend_from_slice(&invalid.findings);
        sources.extend(invalid.document.sources());
    }
    show(&findings, &sources, args, output)?;
    for invalid in &unread {
        let name = invalid.document.source().name();
        output.warn("Failed", &format!("{name} is not a valid contract"))?;
    }
    Ok(Status::Failed)
}

/// Shows why a file of accepted changes is invalid.
fn show_invalid_acceptances(
    no_accepted: &InvalidAcceptedChanges,
    args: &DiffArgs,
    output: &mut Output,
) -> Result<Status> {
    show(&no_accepted.findings, &[&no_accepted.source], args, output)?;
    output.warn("Failed", "the file of accepted changes is invalid")?;
    Ok(Status::Failed)
}

fn show(
    findings: &[Finding],
    sources: &[&Source],
    args: &DiffArgs,
    output: &mut Output,
) -> Result<()> {
    let report = Report {
        title: &format!("{} -> {}", args.old, args.new),
        findings,
        sources,
        focus: Focus::New,
    };
    show_report(&report, &args.report, output)
}

/// Whether a finding fails the command. Undecided findings count as breaking.
fn fails(finding: &Finding, fail_on: FailOn) -> bool {
    let least = match fail_on {
        FailOn::Breaking => Level::Undecided,
        FailOn::Risky => Level::Risky,
        FailOn::Compatible => Level::Compatible,
    };
    finding.accepted.is_none() && finding.level >= least
}

/// Appends instructions for accepting the change to each finding that fails the command.
fn offer_ids(findings: &mut [Finding], fail_on: FailOn, file: &str) {
    for finding in findings {
        // Findings about the file of accepted changes have no location in the old contract.
        if finding.old.is_some() && fails(finding, fail_on) {
            offer_acceptance(finding, file);
        }
    }
}
