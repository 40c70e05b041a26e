//! `corpus`: comparison and generation on third-party contracts.
//!
//! A contract must not differ from itself or from equivalent documents. Verdicts on pairs of
//! contracts are compared with those of another tool.

mod contracts;
mod equivalents;
mod first_findings;
mod objects;
mod pairs;
mod soundness;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::output::{Output, Status, seconds};

/// Runs the corpus in a directory.
pub(crate) fn run(directory: &Path, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let contracts = contracts::list(&directory.join("apis"))?;
    let pairs = pairs::list(&directory.join("oasdiff"))?;
    if contracts.is_empty() && pairs.is_empty() {
        bail!(
            "{} has neither contracts in `apis` nor pairs in `oasdiff/cases.json`",
            directory.display()
        );
    }
    let mut passed = true;
    if !contracts.is_empty() {
        passed &= contracts::run(&contracts, output)?;
    }
    if !pairs.is_empty() {
        passed &= pairs::run(&pairs, output)?;
    }
    output.progress("Finished", &format!("in {}", seconds(start.elapsed())))?;
    Ok(if passed {
        Status::Clean
    } else {
        Status::Findings
    })
}
