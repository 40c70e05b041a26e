//! `measure`: time and memory of one generation, in a process that does nothing else.
//!
//! `prove --baseline` runs it for both generators in turn, so that neither profits from memory or
//! caches of the other.

use std::fs;
use std::path::{self, Path};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use client_codegen::{ContractSource, Options};
use serde::{Deserialize, Serialize};

use crate::args::{Generator, RootDir};
use crate::baseline;
use crate::cargo;
use crate::output::{Output, Status};
use crate::peak_rss;

/// Time and memory of a generation, from reading the file to printing the code.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Measured {
    pub(crate) time: Duration,
    /// The peak of the process, in MiB.
    pub(crate) memory: Option<u64>,
}

impl Measured {
    /// The minimum of two runs.
    pub(crate) fn min(self, other: Self) -> Self {
        Self {
            time: self.time.min(other.time),
            memory: self.memory.min(other.memory),
        }
    }
}

/// Generates once, and prints time and memory.
pub(crate) fn run(
    generator: Generator,
    contract: &Path,
    root_dir: &RootDir,
    output: &mut Output,
) -> Result<Status> {
    let start = Instant::now();
    match generator {
        Generator::Workspace => {
            let document = root_dir.load(contract, "measured")?;
            let source = ContractSource {
                path: "measured",
                document: &document,
            };
            client_codegen::generate(&source, &Options::new("measured"), None)?;
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

/// Measures a generation in a subprocess, in the workspace at `root`.
///
/// The generator of the workspace runs in this program. Plain progenitor runs in a program with the system allocator, which
/// programs that call progenitor usually have.
pub(crate) fn spawn(
    generator: Generator,
    contract: &Path,
    root_dir: &RootDir,
    root: &Path,
) -> Result<Measured> {
    let mut command = match generator {
        Generator::Workspace => {
            let program =
                std::env::current_exe().context("cannot find the path of this program")?;
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
    if let Some(directory) = &root_dir.path {
        let directory = path::absolute(directory)
            .with_context(|| format!("{} cannot be found", directory.display()))?;
        command.arg("--root-dir").arg(directory);
    }
    let ran = command
        .output()
        .context("cannot run the measured program")?;
    if !ran.status.success() {
        let stderr = String::from_utf8_lossy(&ran.stderr);
        return Err(anyhow!("{}", cargo::error_tail(&stderr)));
    }
    serde_json::from_slice(&ran.stdout).context("cannot parse the output of the measured program")
}
