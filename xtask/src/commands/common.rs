//! What several commands do.

use anyhow::Result;
use openapi_contract::accepted::id_line;
use openapi_contract::document::{Document, Source};
use openapi_contract::report::{self, Report};
use openapi_contract::{Finding, Level};

use crate::args::ReportArgs;
use crate::output::{Output, Status};
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

/// Extends the remedy of a breaking finding by how to accept it.
pub(super) fn offer_acceptance(finding: &mut Finding) {
    let line = id_line(&finding.id());
    finding.remedy += &format!(" To make it on purpose, accept it: {line}");
}
