//! `measure`: what one generation takes, alone in a process that has done nothing else.
//!
//! `prove --baseline` runs it for both generators by turns. Neither finds memory that the other left
//! behind, nor caches that are warm.

use std::fs;
use std::path::{self, Path};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use client_codegen::{Contract, Options};
use openapi_contract::document::Document;
use serde::{Deserialize, Serialize};

use crate::args::Generator;
use crate::cargo;
use crate::commands::prove::baseline;
use crate::output::{Output, Status};
use crate::peak_rss;

/// What a generation took, from the file to the code.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Measured {
    pub(crate) time: Duration,
    /// The peak of the process, in MiB.
    pub(crate) memory: Option<u64>,
}

impl Measured {
    /// The better of two runs.
    pub(crate) fn least(self, other: Self) -> Self {
        Self {
            time: self.time.min(other.time),
            memory: self.memory.min(other.memory),
        }
    }
}

/// Generates once, and prints what it took.
pub(crate) fn run(generator: Generator, contract: &Path, output: &mut Output) -> Result<Status> {
    let start = Instant::now();
    match generator {
        Generator::Ours => {
            let document = Document::load(contract, "measured")?;
            let source = Contract {
                path: "measured",
                document: &document,
            };
            client_codegen::client(&source, &Options::new("measured"), None)?;
        }
        Generator::Baseline => {
            let text = fs::read(contract)
                .with_context(|| format!("{} cannot be read", contract.display()))?;
            baseline::generate(&text)?;
        }
    }
    let measured = Measured {
        time: start.elapsed(),
        memory: peak_rss::peak(),
    };
    output.report(&serde_json::to_string(&measured)?)?;
    Ok(Status::Clean)
}

/// Measures a generation in a process of its own, in the workspace at `root`.
///
/// Ours runs in this program. Progenitor runs in one that is the same but for the allocator, which
/// is the one that progenitor's users have.
pub(crate) fn spawn(generator: Generator, contract: &Path, root: &Path) -> Result<Measured> {
    let mut command = match generator {
        Generator::Ours => {
            let program = std::env::current_exe().context("this program cannot be found")?;
            Command::new(program)
        }
        Generator::Baseline => {
            let mut command = cargo::command(root);
            command.args(["run", "--quiet", "--package", "xtask", "--bin", "baseline"]);
            if !cfg!(debug_assertions) {
                command.arg("--release");
            }
            command.arg("--");
            command
        }
    };
    let contract = path::absolute(contract)
        .with_context(|| format!("{} cannot be found", contract.display()))?;
    command.args(["measure", generator.name()]).arg(contract);
    let ran = command
        .output()
        .context("the measured program cannot be run")?;
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr);
        return Err(anyhow!("{}", cargo::error_tail(&said)));
    }
    serde_json::from_slice(&ran.stdout).context("what was measured cannot be read")
}
