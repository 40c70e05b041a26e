//! `lint`: the quality of single contracts.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use openapi_contract::document::{Document, LoadError, Source};
use openapi_contract::lint::lint;
use openapi_contract::model::{Contract, InvalidContract};
use openapi_contract::report::{Counts, Report};

use super::common::{has_failing_finding, rewrites, show_report, tolerated};
use crate::args::{ReportArgs, RootDir};
use crate::output::{Output, Status, counted, seconds};
use crate::parse_errors::parse_error;
use crate::workspace::{CONTRACT, Workspace};

/// Lints the given contracts, or the contract of the workspace.
pub(crate) fn run(
    workspace: &Workspace,
    files: Vec<PathBuf>,
    root_dir: &RootDir,
    strict: bool,
    args: &ReportArgs,
    output: &mut Output,
) -> Result<Status> {
    let start = Instant::now();
    let files = if files.is_empty() {
        vec![workspace.path(CONTRACT)]
    } else {
        files
    };
    let mut findings = Vec::new();
    let mut documents: Vec<Document> = Vec::new();
    let mut broken_files: Vec<LoadError> = Vec::new();
    let mut unread = 0;
    for path in files {
        // The other files are linted even if one is unreadable.
        let document = match workspace.contract(&path, root_dir) {
            Ok(document) => document,
            Err(error) => {
                unread += 1;
                if let Some((broken, finding)) = parse_error(&error) {
                    output.warn("Failed", &format!("{} does not parse", broken.name()))?;
                    findings.push(finding);
                    broken_files.push(broken.clone());
                } else {
                    output.warn("Failed", &format!("{error:#}"))?;
                }
                continue;
            }
        };
        let name = document.source().name().to_owned();
        let (document, found) = match Contract::read(document) {
            Ok(contract) => {
                let mut found = lint(&contract, &[&client_codegen::lint::RULES]);
                let operations = counted(contract.operations.len(), "operation");
                let counts = match found.is_empty() {
                    true => "no findings".to_owned(),
                    false => Counts::of(&found).to_string(),
                };
                output.progress("Lint", &format!("{name}: {counts} in {operations}"))?;
                let mut rewrites = rewrites(&contract, output)?;
                client_codegen::lint::remove_repetitions(&mut rewrites, &found);
                found.extend(rewrites);
                (contract.document, found)
            }
            Err(InvalidContract { document, findings }) => {
                unread += 1;
                output.warn("Failed", &format!("{name} is not a valid contract"))?;
                (*document, findings)
            }
        };
        findings.extend(found);
        documents.push(document);
    }
    let broken_files = broken_files.iter().filter_map(LoadError::file);
    let read = documents.iter().flat_map(Document::sources);
    let sources: Vec<&Source> = read.chain(broken_files).collect();
    let report = Report {
        title: "Lint",
        findings: &findings,
        sources: &sources,
        ..Report::default()
    };
    show_report(&report, args, output)?;
    let counts = Counts::of(&findings);
    let elapsed = seconds(start.elapsed());
    if unread > 0 {
        let unread = counted(unread, "file");
        output.warn(
            "Finished",
            &format!("{unread} could not be read, in {elapsed}"),
        )?;
        return Ok(Status::Failed);
    }
    if has_failing_finding(counts, strict) {
        output.warn("Finished", &format!("{counts}, in {elapsed}"))?;
        return Ok(Status::Findings);
    }
    output.progress("Finished", &format!("{}, in {elapsed}", tolerated(counts)))?;
    Ok(Status::Clean)
}
