//! Functions shared by commands: showing reports, counting rewrites, exit status.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use openapi_contract::accepted::id_line;
use openapi_contract::document::{Document, Source};
use openapi_contract::model::Contract;
use openapi_contract::report::{self, Counts, Report};
use openapi_contract::{Finding, Level};

use crate::args::ReportArgs;
use crate::output::{Output, Status, counted};
use crate::parse_errors::parse_error;

/// Renders a report in the requested format. Editorial findings are omitted unless requested.
pub(super) fn show_report(
    report: &Report<'_>,
    args: &ReportArgs,
    output: &mut Output,
) -> Result<()> {
    let shown: Vec<Finding> = report
        .findings
        .iter()
        .filter(|finding| args.editorial || finding.level > Level::Editorial)
        .cloned()
        .collect();
    let shown = Report {
        findings: &shown,
        ..*report
    };
    output.report(&report::render(args.format, &shown, output.style()))?;
    Ok(())
}

/// Reports the findings in a document.
pub(super) fn show_findings(
    document: &Document,
    findings: &[Finding],
    args: &ReportArgs,
    output: &mut Output,
) -> Result<()> {
    let sources: Vec<&Source> = document.sources().collect();
    let report = Report {
        title: document.source().name(),
        findings,
        sources: &sources,
        ..Report::default()
    };
    show_report(&report, args, output)
}

/// Whether findings of the generator report that the client does not enforce the whole contract.
pub(super) fn has_losses(findings: &[Finding]) -> bool {
    let counts = Counts::of(findings);
    counts.weakened + counts.omitted > 0
}

/// Counts the findings of the generator by fidelity. `list` is the file that has all of them.
pub(super) fn rewrite_counts(findings: &[Finding], list: Option<&str>) -> String {
    let Counts {
        editorial: exact,
        weakened,
        omitted,
        ..
    } = Counts::of(findings);
    let all = counted(findings.len(), "difference");
    let mut text = format!("{all}: {exact} exact, {weakened} weakened, {omitted} omitted");
    if let Some(list) = list.filter(|_| weakened + omitted > 0) {
        text.push_str(&format!(", listed in {list}"));
    }
    text
}

/// Shows the counts of the findings of the generator, if there are any.
pub(super) fn show_rewrites(findings: &[Finding], output: &mut Output) -> Result<()> {
    if has_losses(findings) {
        output.warn("Fidelity", &rewrite_counts(findings, None))?;
    } else if !findings.is_empty() {
        output.progress("Fidelity", &rewrite_counts(findings, None))?;
    }
    Ok(())
}

/// Reads a contract to generate from.
pub(crate) fn read_contract(document: Document) -> Result<Contract> {
    Contract::read(document).context("the contract is not valid")
}

/// The findings of the generator in a contract. If no client can be generated, shows why.
pub(super) fn rewrites(contract: &Contract, output: &mut Output) -> Result<Vec<Finding>> {
    match client_codegen::findings(contract) {
        Ok(findings) => {
            show_rewrites(&findings, output)?;
            Ok(findings)
        }
        Err(error) => {
            let name = contract.document.source().name();
            let message = format!("cannot generate a client from {name}: {error}");
            output.warn("Warning", &message)?;
            Ok(Vec::new())
        }
    }
}

/// Whether findings fail a command. What the client does not enforce fails only with `strict`.
pub(super) fn has_failing_finding(counts: Counts, strict: bool) -> bool {
    counts.above_editorial() > 0 || strict && counts.weakened + counts.omitted > 0
}

/// Summarizes findings that do not fail a command.
pub(super) fn tolerated(counts: Counts) -> String {
    let tolerated = [
        (counts.omitted, "omitted"),
        (counts.weakened, "weakened"),
        (counts.accepted, "accepted"),
    ];
    let tolerated = tolerated.into_iter().filter(|(count, _)| *count > 0);
    let tolerated: Vec<String> = tolerated
        .map(|(count, group)| format!("{count} {group}"))
        .collect();
    match &tolerated[..] {
        [] => "no findings".to_owned(),
        tolerated => format!("no findings except {}", tolerated.join(", ")),
    }
}

/// The end of a command. If it failed because a file does not parse, the parse error becomes the
/// report.
pub(super) fn report_parse_error(
    result: Result<Status>,
    args: &ReportArgs,
    output: &mut Output,
) -> Result<Status> {
    let error = match result {
        Ok(status) => return Ok(status),
        Err(error) => error,
    };
    let Some((error, finding)) = parse_error(&error) else {
        return Err(error);
    };
    let sources: Vec<&Source> = error.file().into_iter().collect();
    let report = Report {
        title: error.name(),
        findings: &[finding],
        sources: &sources,
        ..Report::default()
    };
    show_report(&report, args, output)?;
    output.warn("Failed", &format!("{} does not parse", error.name()))?;
    Ok(Status::Failed)
}

/// The contract's `info.version`; empty if it is missing.
pub(super) fn contract_version(document: &Document) -> &str {
    let info = document.get(document.root(), "info");
    info.and_then(|info| document.get_text(info, "version"))
        .unwrap_or_default()
}

/// Today's date, which decides whether a sunset has passed.
pub(super) fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}

/// Appends to the remedy of a breaking finding how to accept the change. `file` is what to add the entry to.
pub(super) fn offer_acceptance(finding: &mut Finding, file: &str) {
    let line = id_line(&finding.id());
    finding.remedy +=
        &format!(" If intended, add an entry to {file}: {line}, reason = \"...\", until = \"...\"");
}

/// The directory of `openapi-client-runtime` in the workspace of this program. `None` if the program was moved away
/// from it; generated crates then depend on the registry's.
pub(super) fn runtime_crate() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/openapi-client-runtime");
    path.canonicalize().ok()
}
