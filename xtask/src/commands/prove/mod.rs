//! `prove`: whether the clients of contracts compile, and whether their types are right.
//!
//! Each contract becomes a client crate and a program that makes calls with it. The program calls
//! every operation against a server that replays answers which the contract allows; what arrives
//! there is held to the contract, and what the client makes of the answers to what was sent.

mod base_url;
pub(crate) mod baseline;
mod build;
mod calls;
mod contracts;
mod mock_server;
mod program;
mod roundtrip;
mod table;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use self::build::Build;
use self::contracts::Target;
use self::table::Row;
use crate::args::ProveArgs;
use crate::output::{Output, Status, counted, seconds};
use crate::workspace::Workspace;

/// The most failures that are reported of one contract.
const MAX_SHOWN: usize = 25;

/// Proves the clients of all contracts, and shows a table of them.
pub(crate) fn run(workspace: &Workspace, args: &ProveArgs, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let mut contracts = Vec::new();
    for path in &args.contracts {
        contracts.extend(contracts::list(path)?);
    }
    contracts::distinct(&mut contracts);
    if contracts.is_empty() {
        bail!("there is no YAML or JSON file to prove the client of");
    }
    let scratch;
    let directory: &Path = match &args.out {
        Some(directory) => directory,
        None => {
            scratch = tempfile::tempdir().context("there is no place for the crates")?;
            scratch.path()
        }
    };
    let build = Build::prepare(directory, &contracts, workspace.root())?;
    let mut rows: Vec<Row> = Vec::new();
    let mut failures = String::new();
    let mut no_message = String::new();
    for contract in &contracts {
        output.progress("Proving", &contract.name)?;
        let row = prove(contract, &build, args)?;
        for failure in row.failures.iter().take(MAX_SHOWN) {
            failures += &format!("\n{}: {failure}", contract.name);
        }
        if row.failures.len() > MAX_SHOWN {
            let more = row.failures.len() - MAX_SHOWN;
            failures += &format!("\n{}: and {more} more", contract.name);
        }
        for operation in &row.no_message {
            no_message += &format!("\n{}: {operation}", contract.name);
        }
        output.progress("", &row.summary())?;
        rows.push(row);
    }
    output.report(&table::render(&rows))?;
    if !no_message.is_empty() {
        output.report(&format!("\nNo message could be made:{no_message}\n"))?;
    }
    if !failures.is_empty() {
        output.report(&format!("{failures}\n"))?;
    }
    let broken = rows.iter().filter(|row| !row.failures.is_empty()).count();
    let message = format!(
        "{} of {} in {}",
        rows.len() - broken,
        counted(rows.len(), "contract"),
        seconds(start.elapsed())
    );
    if broken == 0 {
        output.progress("Proved", &message)?;
        return Ok(Status::Clean);
    }
    output.warn("Proved", &message)?;
    Ok(Status::Findings)
}

/// One row of the table. What goes wrong with the contract is in it; an error is about the machine.
fn prove(contract: &Target, build: &Build, args: &ProveArgs) -> Result<Row> {
    let mut row = Row::new(&contract.name);
    let Some(generated) = build.generate(contract, args, &mut row)? else {
        return Ok(row);
    };
    if !build.check(contract, args, &mut row)? || args.no_calls {
        return Ok(row);
    }
    let Some(program) = build.program(contract, &mut row)? else {
        return Ok(row);
    };
    calls::make(generated, program, &mut row)?;
    Ok(row)
}

/// Where the crate of a contract is.
fn crate_directory(directory: &Path, contract: &Target) -> PathBuf {
    directory.join(&contract.package)
}
