//! Files that do not parse: shown as every other finding is.

use anyhow::{Error, Result};
use openapi_contract::document::{LoadError, Source};
use openapi_contract::lint::parse_failure;
use openapi_contract::report::Report;

use super::check;
use crate::args::ReportArgs;
use crate::output::{Output, Status};

/// The end of a command: where it failed because a file does not parse, that is its report.
pub(super) fn reported(
    result: Result<Status>,
    args: &ReportArgs,
    output: &mut Output,
) -> Result<Status> {
    let error = match result {
        Ok(status) => return Ok(status),
        Err(error) => error,
    };
    let Some((error, finding)) = broken(&error) else {
        return Err(error);
    };
    let sources: Vec<&Source> = error.file().into_iter().collect();
    let report = Report {
        title: error.name(),
        findings: &[finding],
        sources: &sources,
        ..Report::default()
    };
    check::show(&report, args, output)?;
    output.trouble("Failed", &format!("{} does not parse", error.name()))?;
    Ok(Status::Failed)
}

/// The file that does not parse, if that is what went wrong.
pub(crate) fn broken(error: &Error) -> Option<(&LoadError, openapi_contract::Finding)> {
    let error: &LoadError = error.downcast_ref()?;
    Some((error, parse_failure(error)?))
}
