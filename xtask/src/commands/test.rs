//! `test`: runs all tests, and installs the tools they need.

mod snapshots;

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::output::{Output, Status};
use crate::workspace::Workspace;

/// The registry that the test of `publish` publishes to.
const REGISTRY: &str = "cargo-http-registry";
/// The version of [`REGISTRY`] to install, with the lock file that it was published with.
const REGISTRY_VERSION: &str = "0.1.8";
/// The environment variable with the path of the registry program, read by the tests.
const REGISTRY_VARIABLE: &str = "CARGO_HTTP_REGISTRY";

/// Installs the tools that tests need, and runs the tests.
pub(crate) fn run(
    workspace: &Workspace,
    arguments: Vec<String>,
    output: &mut Output,
) -> Result<Status> {
    let registry = match registry(workspace, output) {
        Ok(registry) => Some(registry),
        // Outside of CI the test that needs it is skipped.
        Err(error) if std::env::var_os("CI").is_none() => {
            output.warn(
                "Skipping",
                &format!("the test of `cargo xtask publish`: {error:#}"),
            )?;
            None
        }
        Err(error) => return Err(error),
    };
    let runs_all = arguments.is_empty();
    let arguments = if runs_all {
        vec!["--workspace".to_owned()]
    } else {
        arguments
    };
    let scratch = tempfile::tempdir().context("cannot create a temporary directory")?;
    let references = scratch.path().join("snapshots");
    output.progress("Testing", &format!("cargo test {}", arguments.join(" ")))?;
    // The output of cargo is the report: pass it on unchanged.
    let status = cargo::command(workspace.root())
        .arg("test")
        .args(arguments)
        .envs(registry.map(|program| (REGISTRY_VARIABLE, program)))
        .env(snapshots::REFERENCES_VARIABLE, &references)
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        return Ok(Status::Findings);
    }
    // Other tests may refer to the snapshots that a part of the tests doesn't.
    let unreferenced = match runs_all {
        true => snapshots::unreferenced(workspace.root(), &references)?,
        false => Vec::new(),
    };
    for snapshot in &unreferenced {
        let message = format!("{}: no test refers to it; delete it", snapshot.display());
        output.warn("Snapshot", &message)?;
    }
    Ok(match unreferenced.is_empty() {
        true => Status::Clean,
        false => Status::Findings,
    })
}

/// The program of the registry, installed if it is missing.
fn registry(workspace: &Workspace, output: &mut Output) -> Result<PathBuf> {
    let root = std::path::absolute(workspace.root())
        .context("cannot resolve the path of the workspace")?
        // Each version has its own directory.
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
             once, takes about a minute"
        ),
    )?;
    let mut command = cargo::command(workspace.root());
    command
        // A debug build takes half the time to compile and is fast enough.
        .args(["install", REGISTRY, "--locked", "--no-track", "--debug"])
        .args(["--version", REGISTRY_VERSION])
        .arg("--root")
        .arg(&root);
    let run = cargo::streamed(command, output)?;
    if !run.succeeded {
        bail!(
            "cannot install {REGISTRY}: {}\n\n{}",
            cargo::error_tail(&run.text),
            remedy(&run.text)
        );
    }
    Ok(program)
}

/// What to do after a failed installation.
fn remedy(output: &str) -> String {
    let missing = if output.contains("openssl-sys") {
        "It needs the OpenSSL of the system: run `apt-get install libssl-dev pkg-config` on Debian \
         and Ubuntu, or `dnf install openssl-devel` on Fedora, and try again. "
    } else {
        ""
    };
    format!("{missing}`cargo test --workspace` runs all tests except the one that needs it")
}
