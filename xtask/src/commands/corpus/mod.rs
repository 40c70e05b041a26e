//! `corpus`: the comparison on contracts that others wrote.
//!
//! Each contract must equal itself and every other way to write it; pairs have the verdict of
//! another tool, which ours is held against.

mod contracts;
mod equivalents;
mod objects;
mod pairs;
mod soundness;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::output::{Output, Status, seconds};

/// Tries the comparison on the contracts and pairs of a folder.
pub(crate) fn run(directory: &Path, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    let contracts = contracts::list(&directory.join("apis"))?;
    let pairs = pairs::list(&directory.join("oasdiff"))?;
    if contracts.is_empty() && pairs.is_empty() {
        bail!(
            "{} has no contracts in `apis`, and no pairs in `oasdiff/cases.json`",
            directory.display()
        );
    }
    let mut holds = true;
    if !contracts.is_empty() {
        holds &= contracts::run(&contracts, output)?;
    }
    if !pairs.is_empty() {
        holds &= pairs::run(&pairs, output)?;
    }
    output.progress("Finished", &format!("in {}", seconds(start.elapsed())))?;
    Ok(if holds {
        Status::Clean
    } else {
        Status::Findings
    })
}
