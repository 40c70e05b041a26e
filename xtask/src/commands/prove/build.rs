//! Generates, checks and builds the crates of all contracts in one workspace.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use client_codegen::{
    ClientOperation, Companion, CompanionKind, ContractSource, GeneratedFile, Options, output,
};
use openapi_contract::model::Contract;
use openapi_contract::{Fidelity, Finding};
use serde_json::Value;

use super::contracts::Target;
use super::crate_directory;
use super::program::Program;
use super::table::Row;
use crate::args::{CompanionCrate, ProveArgs};
use crate::cargo;
use crate::commands::client;
use crate::commands::common::{read_contract, runtime_crate};

/// The contract for plain progenitor, in the directory of the client.
pub(super) const COMPARISON: &str = "comparison.json";

/// The directory of the crate of plain progenitor.
pub(super) const BASELINE: &str = "baseline";

/// The directory of the crate of openapi-to-rust.
pub(super) const OPENAPI_TO_RUST: &str = "openapi-to-rust";

/// The crates in the directory of a client.
const INNER: [&str; 5] = ["calls", "mock", "cli", BASELINE, OPENAPI_TO_RUST];

/// The workspace of all generated crates.
pub(super) struct Build {
    pub(super) directory: PathBuf,
}

/// A generated client.
pub(super) struct GeneratedClient {
    /// The contract that it was generated from.
    pub(super) contract: Contract,
    pub(super) operations: Vec<ClientOperation>,
    pub(super) findings: Vec<Finding>,
}

impl Build {
    /// Creates the workspace, with the dependency versions that are locked in the workspace at `root`.
    pub(super) fn prepare(directory: &Path, contracts: &[Target], root: &Path) -> Result<Self> {
        let cannot = || format!("{} cannot be written", directory.display());
        let manifest = directory.join("Cargo.toml");
        let marker = "# Written by `cargo xtask prove`.\n";
        if fs::read_to_string(&manifest).is_ok_and(|text| !text.starts_with(marker)) {
            bail!(
                "{} was not written by this command; choose another directory",
                manifest.display()
            );
        }
        fs::create_dir_all(directory).with_context(cannot)?;
        let members = contracts.iter().flat_map(|contract| {
            let package = &contract.package;
            let inner = INNER.map(|inner| format!("{package}/{inner}"));
            [package.clone()].into_iter().chain(inner)
        });
        let members: Vec<String> = members.map(|member| format!("    {member:?},\n")).collect();
        let text = format!(
            "{marker}[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n\n\
             [profile.dev]\ndebug = false\nincremental = false\n",
            members.concat()
        );
        // Cargo needs all members to exist; the crates are generated one by one.
        for contract in contracts {
            let directory = crate_directory(directory, contract);
            for inner in INNER {
                placeholder(
                    &directory.join(inner),
                    &format!("{}-{inner}", contract.package),
                )?;
            }
            placeholder(&directory, &contract.package)?;
        }
        fs::write(&manifest, text).with_context(cannot)?;
        let own = directory.join("Cargo.lock");
        let locked = root.join("Cargo.lock");
        if locked.is_file() && !own.exists() {
            fs::copy(locked, own).with_context(cannot)?;
        }
        Ok(Self {
            directory: directory.to_owned(),
        })
    }

    /// Generates the crates of a contract. Returns `None` if that fails, with the error in the row.
    pub(super) fn generate(
        &self,
        contract: &Target,
        args: &ProveArgs,
        row: &mut Row,
    ) -> Result<Option<GeneratedClient>> {
        let loaded = args.root_dir.load(&contract.path, &contract.name);
        let model = match loaded.map_err(anyhow::Error::from).and_then(read_contract) {
            Ok(model) => model,
            Err(error) => {
                row.failures
                    .push(format!("cannot read the contract: {error}"));
                return Ok(None);
            }
        };
        row.loaded = true;
        let source = ContractSource {
            path: &contract.name,
            contract: &model,
        };
        let options = |package: &str| Options {
            command: "cargo xtask prove".to_owned(),
            runtime: runtime_crate(),
            ..Options::new(package)
        };
        let package = &contract.package;
        let start = Instant::now();
        let made = client_codegen::generate(&source, &options(package), None);
        row.generation = Some(start.elapsed());
        let made = match made {
            Ok(made) => made,
            Err(error) => {
                row.failures
                    .push(format!("cannot generate the client: {error}"));
                return Ok(None);
            }
        };
        for finding in &made.findings {
            match finding.fidelity {
                Some(Fidelity::Exact) | None => row.exact += 1,
                Some(Fidelity::Weakened) => row.weakened += 1,
                Some(Fidelity::Omitted) => row.omitted += 1,
            }
        }
        let root = crate_directory(&self.directory, contract);
        write(&root, &made.files)?;
        row.lines = lines_in(&root.join("src"))?;
        if args.baseline {
            let document = client_codegen::comparison_document(&model)?;
            let document = serde_json::to_vec(&document).context("cannot write a contract")?;
            fs::write(root.join(COMPARISON), document)
                .with_context(|| format!("{} cannot be written", root.display()))?;
        }
        let with = args.with.iter().map(|with| match with {
            CompanionCrate::Mock => (CompanionKind::Mock, "mock"),
            CompanionCrate::Cli => (CompanionKind::Cli, "cli"),
        });
        for (kind, inner) in with.chain([(CompanionKind::ConformanceDriver, "calls")]) {
            let companion = Companion {
                kind,
                client: package.clone(),
                module: format!("{}::generated", package.replace('-', "_")),
                path: "..".to_owned(),
            };
            let options = options(&format!("{package}-{inner}"));
            match made.companion(&companion, &options, None) {
                Ok(files) => write(&root.join(inner), &files)?,
                Err(error) => row
                    .failures
                    .push(format!("cannot generate the {inner} crate: {error}")),
            }
        }
        Ok(Some(GeneratedClient {
            operations: made.operations(),
            contract: model,
            findings: made.findings,
        }))
    }

    /// Checks the crates of a contract. Returns false if one does not compile, with the error in the row.
    pub(super) fn check(&self, contract: &Target, args: &ProveArgs, row: &mut Row) -> Result<bool> {
        let package = &contract.package;
        let checked = self.cargo("check", package)?;
        row.check = checked.last;
        if let Some(error) = checked.error {
            row.failures
                .push(format!("the client does not compile: {error}"));
            return Ok(false);
        }
        for with in &args.with {
            let inner = client::directory(*with);
            let checked = self.cargo("check", &format!("{package}-{inner}"))?;
            if let Some(error) = checked.error {
                row.failures
                    .push(format!("the {inner} does not compile: {error}"));
                return Ok(false);
            }
        }
        row.compiled = true;
        Ok(true)
    }

    /// Builds the program that calls the operations.
    pub(super) fn program(&self, contract: &Target, row: &mut Row) -> Result<Option<Program>> {
        let package = format!("{}-calls", contract.package);
        let built = self.cargo("build", &package)?;
        match (built.error, built.executable) {
            (None, Some(path)) => Ok(Some(Program::new(&path))),
            (error, _) => {
                let error = error.unwrap_or_default();
                row.failures
                    .push(format!("the conformance driver does not compile: {error}"));
                Ok(None)
            }
        }
    }

    /// Runs cargo on one package of the workspace.
    pub(super) fn cargo(&self, command: &str, package: &str) -> Result<Built> {
        let mut cargo = cargo::command(&self.directory);
        cargo
            .args([command, "--message-format=json", "--package", package])
            .env("CARGO_TARGET_DIR", self.directory.join("target"))
            .env_remove("RUSTFLAGS")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = cargo.spawn().context("cannot run cargo")?;
        let (Some(stdout), Some(mut pipe)) = (child.stdout.take(), child.stderr.take()) else {
            bail!("cannot read the output of cargo");
        };
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            pipe.read_to_string(&mut text).ok();
            text
        });
        let mut built = Built::default();
        let mut before = Instant::now();
        for line in BufReader::new(stdout).lines() {
            let line = line.context("cannot read the output of cargo")?;
            built.read(&line, package, &mut before);
        }
        let status = child.wait().context("cannot wait for cargo")?;
        let stderr = stderr.join().unwrap_or_default();
        if !status.success() && built.error.is_none() {
            built.error = Some(cargo::error_tail(&stderr));
        }
        Ok(built)
    }
}

/// The result of running cargo on a package.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// Time for the last crate, which is the package itself.
    pub(super) last: Option<Duration>,
    executable: Option<PathBuf>,
    pub(super) error: Option<String>,
}

impl Built {
    /// Parses a message of cargo (`--message-format=json`).
    fn read(&mut self, line: &str, package: &str, before: &mut Instant) {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            return;
        };
        let text = |at: &str| message.pointer(at).and_then(Value::as_str);
        match text("/reason") {
            Some("compiler-artifact") => {
                let name = package.replace('-', "_");
                let is_own = text("/target/name").is_some_and(|own| own.replace('-', "_") == name);
                let is_fresh = message.get("fresh") == Some(&Value::Bool(true));
                if is_own {
                    self.last = (!is_fresh).then(|| before.elapsed());
                    self.executable = text("/executable").map(PathBuf::from);
                }
                *before = Instant::now();
            }
            Some("compiler-message") if text("/message/level") == Some("error") => {
                if let Some(rendered) = text("/message/rendered") {
                    self.error.get_or_insert_with(|| rendered.trim().to_owned());
                }
            }
            _ => {}
        }
    }
}

/// The lines of all Rust files in a directory.
pub(super) fn lines_in(directory: &Path) -> Result<usize> {
    let unreadable = || format!("{} cannot be read", directory.display());
    let mut lines = 0;
    for entry in fs::read_dir(directory).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            lines += lines_in(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read(&path).with_context(unreadable)?;
            lines += text.split_inclusive(|&byte| byte == b'\n').count();
        }
    }
    Ok(lines)
}

/// Writes a crate, and removes what was there before.
fn write(root: &Path, files: &[GeneratedFile]) -> Result<()> {
    for name in ["src", "Cargo.toml", "README.md"] {
        let path = root.join(name);
        let removed = match path.is_dir() {
            true => fs::remove_dir_all(&path),
            false if path.exists() => fs::remove_file(&path),
            false => Ok(()),
        };
        removed.with_context(|| format!("{} cannot be replaced", path.display()))?;
    }
    Ok(output::plan(root, files)?.apply()?)
}

/// Creates an empty package.
fn placeholder(root: &Path, package: &str) -> Result<()> {
    if root.join("Cargo.toml").is_file() {
        return Ok(());
    }
    let cannot = || format!("{} cannot be written", root.display());
    let manifest =
        format!("[package]\nname = {package:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    fs::create_dir_all(root.join("src")).with_context(cannot)?;
    fs::write(root.join("src/lib.rs"), "").with_context(cannot)?;
    fs::write(root.join("Cargo.toml"), manifest).with_context(cannot)
}
