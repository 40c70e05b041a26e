//! `test`: all tests, with the tools they need.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::output::{Output, Status};
use crate::workspace::Workspace;

/// The registry that the test of `publish` publishes to.
const REGISTRY: &str = "cargo-http-registry";
/// Its version. The lock file that comes with it settles everything that it is built from.
const REGISTRY_VERSION: &str = "0.1.8";
/// Where tests look for it.
const REGISTRY_VARIABLE: &str = "CARGO_HTTP_REGISTRY";

/// Installs what tests need, and runs them.
pub(crate) fn run(
    workspace: &Workspace,
    arguments: Vec<String>,
    output: &mut Output,
) -> Result<Status> {
    let registry = match registry(workspace, output) {
        Ok(registry) => Some(registry),
        // The test says that it is skipped; in CI nothing is.
        Err(error) if std::env::var_os("CI").is_none() => {
            output.warn(
                "Skipping",
                &format!("the test of `cargo xtask publish`: {error:#}"),
            )?;
            None
        }
        Err(error) => return Err(error),
    };
    let arguments = if arguments.is_empty() {
        vec!["--workspace".to_owned()]
    } else {
        arguments
    };
    output.progress("Testing", &format!("cargo test {}", arguments.join(" ")))?;
    // Its output is the report, in its own colours and as it comes.
    let status = cargo::command(workspace.root())
        .arg("test")
        .args(arguments)
        .envs(registry.map(|program| (REGISTRY_VARIABLE, program)))
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .status()
        .context("cargo cannot be run")?;
    Ok(if status.success() {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// The registry's program, which is installed when it is not there yet.
fn registry(workspace: &Workspace, output: &mut Output) -> Result<PathBuf> {
    let root = std::path::absolute(workspace.root())
        .context("the workspace's place cannot be told")?
        // Another version goes to another place, and so is never taken for this one.
        .join(format!("target/tools/{REGISTRY}-{REGISTRY_VERSION}"));
    let program = root
        .join("bin")
        .join(format!("{REGISTRY}{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    output.progress(
        "Installing",
        &format!(
            "{REGISTRY} {REGISTRY_VERSION} for the test of `cargo xtask publish`; \
             this once takes about a minute"
        ),
    )?;
    let mut command = cargo::command(workspace.root());
    command
        // Compiled in half the time, and quick enough.
        .args(["install", REGISTRY, "--locked", "--no-track", "--debug"])
        .args(["--version", REGISTRY_VERSION])
        .arg("--root")
        .arg(&root);
    let run = cargo::streamed(command, output)?;
    if !run.succeeded {
        bail!(
            "{REGISTRY} cannot be installed: {}\n\n{}",
            cargo::error_tail(&run.text),
            remedy(&run.text)
        );
    }
    Ok(program)
}

/// What helps when the installation failed.
fn remedy(said: &str) -> String {
    let missing = if said.contains("openssl-sys") {
        "It is built with the system's OpenSSL. Install what that takes, on Debian and Ubuntu by \
         `apt-get install libssl-dev pkg-config`, on Fedora by `dnf install openssl-devel`, and \
         run this again. "
    } else {
        ""
    };
    format!("{missing}`cargo test --workspace` runs all tests but the one that needs it")
}
