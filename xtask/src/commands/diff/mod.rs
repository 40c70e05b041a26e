//! `diff`: what changed between two contracts, and which version that asks for.

mod git;
mod place;
mod summary;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use openapi_contract::accepted::{AcceptedChanges, NoAcceptedChanges, Sorted, id_line};
use openapi_contract::compare::{Relation, compare_on};
use openapi_contract::document::{Document, Source};
use openapi_contract::lint::{NoContract, read_contract};
use openapi_contract::model::Contract;
use openapi_contract::report::{Counts, Focus, Format, Report};
use openapi_contract::{Finding, Level};

use super::check;
use crate::args::{DiffArgs, FailOn};
use crate::output::{Output, Status, counted, seconds};
use crate::workspace::{ACCEPTED_CHANGES, CONTRACT, Workspace};

/// Compares two contracts, shows what changed, and says which version that asks for.
pub(crate) fn run(workspace: &Workspace, args: &DiffArgs, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let (old, new) = read_both(workspace, args)?;
    for (word, read) in [("Old", &old), ("New", &new)] {
        let document = match read {
            Ok(contract) => &contract.document,
            Err(no_contract) => &no_contract.document,
        };
        let name = document.source().name();
        output.progress(word, &format!("{name} {}", check::version(document)))?;
    }
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let unread: Vec<NoContract> = [old.err(), new.err()].into_iter().flatten().collect();
            return refuse(unread, args, output);
        }
    };
    for contract in [&old, &new] {
        warn_of_weaknesses(contract, output)?;
    }
    let accepted = match accepted(workspace, args)? {
        None => None,
        Some(Ok(accepted)) => Some(accepted),
        Some(Err(NoAcceptedChanges { source, findings })) => {
            let source: &Source = &source;
            show(&findings, &[source], args, output)?;
            output.trouble("Failed", "the accepted changes cannot be read")?;
            return Ok(Status::Failed);
        }
    };
    // An operation whose sunset has come may be gone.
    let today = chrono::Utc::now().date_naive().to_string();
    let findings = compare_on(&old, &new, Relation::Evolution, Some(&today));
    let versions = [old.version.as_str(), new.version.as_str()];
    let version = summary::version(&findings, versions);
    let Sorted {
        open,
        accepted: decided,
        entries,
    } = match &accepted {
        Some(accepted) => accepted.sort(findings, &new.version),
        None => Sorted {
            open: findings,
            ..Sorted::default()
        },
    };
    let counts = Counts::of(&open);
    let mut shown = open;
    shown.extend(entries);
    let fails = shown.iter().any(|finding| fails(finding, args.fail_on));
    if args.report.format == Format::Text {
        offer_ids(&mut shown, args.fail_on);
    }
    let documents = [&old.document, &new.document];
    let mut sources: Vec<&Source> = documents.into_iter().flat_map(Document::sources).collect();
    sources.extend(accepted.as_ref().map(AcceptedChanges::source));
    show(&shown, &sources, args, output)?;
    let text = summary::text(counts, &decided, &version);
    if args.report.format == Format::Text {
        let gap = if shown.is_empty() { "" } else { "\n" };
        output.report(&format!("{gap}{text}"))?;
    } else {
        output.progress("Summary", &text.trim_end().replace('\n', "\n             "))?;
    }
    output.progress("Finished", &format!("in {}", seconds(start.elapsed())))?;
    Ok(if fails {
        Status::Findings
    } else {
        Status::Clean
    })
}

type Read = std::result::Result<Contract, NoContract>;

/// Reads both contracts at the same time: large ones are most of the wait.
fn read_both(workspace: &Workspace, args: &DiffArgs) -> Result<(Read, Read)> {
    let read = |place: &str| place::read(workspace, place).map(read_contract);
    let (old, new) = std::thread::scope(|scope| {
        let new = scope.spawn(|| read(&args.new));
        let old = read(&args.old);
        (old, new.join())
    });
    let new = new.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok((old?, new?))
}

/// Says that a contract was not read to the letter. What is wrong with it is not what changed.
fn warn_of_weaknesses(contract: &Contract, output: &mut Output) -> Result<()> {
    let count = contract.weaknesses.len();
    if count > 0 {
        let name = contract.document.source().name();
        let places = counted(count, "place");
        let text = format!(
            "{name} does not have the form of OpenAPI in {places}; `cargo xtask lint` shows where"
        );
        output.trouble("Weak", &text)?;
    }
    Ok(())
}

/// Shows what keeps documents from being contracts.
fn refuse(unread: Vec<NoContract>, args: &DiffArgs, output: &mut Output) -> Result<Status> {
    let (mut findings, mut sources) = (Vec::new(), Vec::new());
    for no_contract in &unread {
        findings.extend_from_slice(&no_contract.findings);
        sources.extend(no_contract.document.sources());
    }
    show(&findings, &sources, args, output)?;
    for no_contract in &unread {
        let name = no_contract.document.source().name();
        output.trouble("Failed", &format!("{name} is no contract"))?;
    }
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
    check::show(&report, &args.report, output)
}

/// Whether a finding fails the command. What could not be decided counts as a break.
fn fails(finding: &Finding, fail_on: FailOn) -> bool {
    finding.level
        >= match fail_on {
            FailOn::Breaking => Level::Undecided,
            FailOn::Risky => Level::Risky,
            FailOn::Compatible => Level::Compatible,
        }
}

/// Tells people how to accept what fails the command.
fn offer_ids(findings: &mut [Finding], fail_on: FailOn) {
    for finding in findings {
        // What is wrong with the accepted changes themselves has no place in an old contract.
        if finding.old.is_some() && fails(finding, fail_on) {
            let line = id_line(&finding.id());
            finding.remedy += &format!(" To make it on purpose, accept it: {line}");
        }
    }
}

/// The accepted changes that apply: those that are named, or those of the workspace when its own
/// contract is the new one.
fn accepted(
    workspace: &Workspace,
    args: &DiffArgs,
) -> Result<Option<Result<AcceptedChanges, NoAcceptedChanges>>> {
    let parsed = |path: &Path, text: String| AcceptedChanges::parse(&workspace.name(path), text);
    if let Some(path) = &args.accepted {
        let text = workspace.needed_text(path)?;
        return Ok(Some(parsed(path, text)));
    }
    if !is_same_file(Path::new(&args.new), &workspace.path(CONTRACT)) {
        return Ok(None);
    }
    let path = workspace.path(ACCEPTED_CHANGES);
    let text = workspace.text(&path)?;
    Ok(text.map(|text| parsed(&path, text)))
}

fn is_same_file(left: &Path, right: &Path) -> bool {
    let resolved = |path: &Path| -> Option<PathBuf> { fs::canonicalize(path).ok() };
    let left = resolved(left);
    left.is_some() && left == resolved(right)
}
