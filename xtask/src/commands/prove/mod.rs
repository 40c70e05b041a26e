//! `prove`: proves that the clients of contracts compile, and send and receive what the contracts
//! allow.
//!
//! Each contract becomes a client crate and a driver program. The driver calls every operation
//! against a mock server that returns every declared response, and some that no contract declares. Requests
//! are validated against the contract. Responses must come back as the values that were sent, or as errors with
//! everything that arrived. A message that cannot be made is a failure.

mod base_url;
mod build;
mod calls;
mod contracts;
mod faults;
mod generators;
mod judge;
mod mock_server;
mod program;
mod roundtrip;
mod table;
mod untouched;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use self::build::Build;
use self::contracts::Target;
use self::generators::Generators;
use self::table::Row;
use crate::args::ProveArgs;
use crate::output::{Output, Status, counted, seconds};
use crate::workspace::Workspace;

/// The number of failures to show per contract.
const MAX_SHOWN: usize = 25;

/// Proves the clients of all contracts, and shows a table of the results.
pub(crate) fn run(workspace: &Workspace, args: &ProveArgs, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let mut contracts = Vec::new();
    for path in &args.contracts {
        contracts.extend(contracts::list(path)?);
    }
    contracts::make_unique(&mut contracts);
    if contracts.is_empty() {
        bail!("no YAML or JSON file found");
    }
    let scratch;
    let directory: &Path = match &args.out {
        Some(directory) => directory,
        None => {
            scratch = tempfile::tempdir().context("cannot create a temporary directory")?;
            scratch.path()
        }
    };
    let build = Build::prepare(directory, &contracts, workspace.root())?;
    let generators = Generators::prepare(args, workspace.root())?;
    let mut rows: Vec<Row> = Vec::new();
    let mut failures = String::new();
    let (mut defaults, mut impossible, mut untested) =
        (String::new(), String::new(), String::new());
    for contract in &contracts {
        output.progress("Proving", &contract.name)?;
        let row = prove(contract, &build, generators.as_ref(), args)?;
        for failure in row.failures.iter().take(MAX_SHOWN) {
            failures += &format!("\n{}: {failure}", contract.name);
        }
        if row.failures.len() > MAX_SHOWN {
            let more = row.failures.len() - MAX_SHOWN;
            failures += &format!("\n{}: and {more} more", contract.name);
        }
        list(&mut defaults, contract, &row.defaults);
        list(&mut impossible, contract, &row.impossible);
        list(&mut untested, contract, &row.untested);
        output.progress("", &row.summary())?;
        rows.push(row);
    }
    output.report(&table::render(&rows))?;
    if generators.is_some() {
        output.report(&format!("\n{}", generators::render(&rows)))?;
    }
    for (title, parts) in [
        ("Sent with a default that was not set", defaults),
        ("Impossible by the contract", impossible),
        ("Not tested", untested),
    ] {
        if !parts.is_empty() {
            output.report(&format!("\n{title}:{parts}\n"))?;
        }
    }
    if !failures.is_empty() {
        output.report(&format!("{failures}\n"))?;
    }
    let failed = rows.iter().filter(|row| !row.failures.is_empty()).count();
    let message = format!(
        "{} of {} in {}",
        rows.len() - failed,
        counted(rows.len(), "contract"),
        seconds(start.elapsed())
    );
    if failed == 0 {
        output.progress("Proved", &message)?;
        return Ok(Status::Clean);
    }
    output.warn("Proved", &message)?;
    Ok(Status::Findings)
}

/// Lists parts of a contract.
fn list<'p>(text: &mut String, contract: &Target, parts: impl IntoIterator<Item = &'p String>) {
    for part in parts {
        *text += &format!("\n{}: {part}", contract.name);
    }
}

/// Proves one contract. Failures of the contract are in the row; errors are about the environment.
fn prove(
    contract: &Target,
    build: &Build,
    generators: Option<&Generators>,
    args: &ProveArgs,
) -> Result<Row> {
    let mut row = Row::new(&contract.name);
    let Some(generated) = build.generate(contract, args, &mut row)? else {
        return Ok(row);
    };
    if !build.check(contract, args, &mut row)? {
        return Ok(row);
    }
    if let Some(generators) = generators {
        row.compared = generators.compare(contract, build, args)?;
    }
    if args.no_calls {
        return Ok(row);
    }
    let Some(program) = build.program(contract, &mut row)? else {
        return Ok(row);
    };
    calls::make(&generated, program, &mut row)?;
    Ok(row)
}

/// The directory of the crate of a contract.
fn crate_directory(directory: &Path, contract: &Target) -> PathBuf {
    directory.join(&contract.package)
}
