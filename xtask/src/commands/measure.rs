//! `measure`: one generation, in a process that does nothing else.
//!
//! `prove` measures the process from outside, as it does with generators that are other programs: all by the
//! same code.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use client_codegen::{ContractSource, Options, output};

use super::common::read_contract;
use crate::args::{Generator, RootDir};
use crate::baseline;
use crate::cargo;
use crate::output::Status;
use crate::peak_rss;

/// How often the memory of a process is read.
const INTERVAL: Duration = Duration::from_micros(500);

/// Time and memory of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// The time from the start of the process to its end.
    pub(crate) time: Duration,
    /// The peak of the process, in KiB.
    pub(crate) memory: Option<u64>,
}

impl Measured {
    /// The minimum of two runs.
    pub(crate) fn min(self, other: Self) -> Self {
        Self {
            time: self.time.min(other.time),
            memory: self.memory.into_iter().chain(other.memory).min(),
        }
    }
}

/// Generates once into a directory.
pub(crate) fn run(
    generator: Generator,
    contract: &Path,
    out: &Path,
    root_dir: &RootDir,
) -> Result<Status> {
    match generator {
        Generator::Workspace => {
            let contract = read_contract(root_dir.load(contract, "measured")?)?;
            let source = ContractSource {
                path: "measured",
                contract: &contract,
            };
            let made = client_codegen::generate(&source, &Options::new("measured"), None)?;
            output::plan(out, &made.files)?.apply()?;
        }
        Generator::Baseline => {
            let text = fs::read(contract)
                .with_context(|| format!("{} cannot be read", contract.display()))?;
            let code = baseline::generate(&text)?;
            let cannot = || format!("{} cannot be written", out.display());
            fs::create_dir_all(out).with_context(cannot)?;
            fs::write(out.join("lib.rs"), code).with_context(cannot)?;
        }
    }
    Ok(Status::Clean)
}

/// Runs a program, and measures it.
///
/// # Errors
/// If it cannot be run or fails, with the end of its error output.
pub(crate) fn measured(command: &mut Command) -> Result<Measured> {
    let mut errors = tempfile::tempfile().context("cannot create a temporary file")?;
    let for_program = errors
        .try_clone()
        .context("cannot open the temporary file")?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(for_program);
    let start = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let mut memory = None;
    let (status, time) = loop {
        if let Some(status) = child.try_wait().context("cannot wait for the program")? {
            break (status, start.elapsed());
        }
        // A process that has ended has none: the last one that was read counts.
        memory = peak_rss::peak_of(child.id()).or(memory);
        thread::sleep(INTERVAL);
    };
    if !status.success() {
        let text = text(&mut errors).unwrap_or_default();
        bail!("{status}: {}", cargo::error_tail(&text));
    }
    Ok(Measured { time, memory })
}

fn text(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The program with the system allocator, which programs that call progenitor usually have. It is built in the
/// workspace at `root`.
pub(crate) fn baseline_program(root: &Path) -> Result<std::path::PathBuf> {
    let mut command = cargo::command(root);
    command.args(["build", "--message-format=json", "--package", "xtask"]);
    command.args(["--bin", "baseline"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let built = cargo::captured(&mut command)?;
    let mut messages = built
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let executable = messages.find_map(|message| {
        let is_it = message
            .pointer("/target/name")
            .is_some_and(|name| name == "baseline");
        let path = message.get("executable")?.as_str()?;
        is_it.then(|| path.into())
    });
    executable.with_context(|| {
        let error = cargo::error_tail(&built.stderr);
        format!("cannot build the program for plain progenitor: {error}")
    })
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::{Measured, measured};

    #[test]
    fn a_program_is_measured() {
        let mut program = Command::new("sleep");
        let measured = measured(program.arg("0.05")).expect("it runs");
        assert!(measured.time >= Duration::from_millis(50), "{measured:?}");
        #[cfg(target_os = "linux")]
        assert!(
            measured.memory.is_some_and(|memory| memory > 0),
            "{measured:?}"
        );
    }

    #[test]
    fn a_program_that_fails_has_no_measure() {
        let mut program = Command::new("sh");
        program.args(["-c", "echo error: it is broken >&2; exit 3"]);
        let error = measured(&mut program).expect_err("it fails");
        assert_eq!(error.to_string(), "exit status: 3: it is broken");
    }

    #[test]
    fn the_minimum_has_the_least_of_each() {
        let measured = |seconds, memory| Measured {
            time: Duration::from_secs(seconds),
            memory,
        };
        let least = measured(1, None).min(measured(2, Some(3)));
        assert_eq!((least.time.as_secs(), least.memory), (1, Some(3)));
    }
}
