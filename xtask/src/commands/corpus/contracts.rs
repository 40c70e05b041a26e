//! The contracts of a corpus: each is loaded, and compared with itself and equivalent documents.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use openapi_contract::{Finding, Level};

use super::equivalents::{self, Equivalent};
use super::first_findings::first_findings;
use super::soundness;
use crate::output::Output;
use crate::peak_rss;

/// A contract, named by its directory.
pub(super) struct CorpusContract {
    name: String,
    path: PathBuf,
}

/// The contracts in a directory: of each subdirectory the largest YAML or JSON file. Empty if the
/// directory does not exist.
pub(super) fn list(directory: &Path) -> Result<Vec<CorpusContract>> {
    let unreadable = || format!("{} cannot be read", directory.display());
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(unreadable)?,
    };
    let mut contracts = Vec::new();
    for entry in entries {
        let entry = entry.with_context(unreadable)?;
        if let Some(path) = largest(&entry.path())? {
            let name = entry.file_name().to_string_lossy().into_owned();
            contracts.push(CorpusContract { name, path });
        }
    }
    contracts.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(contracts)
}

fn largest(directory: &Path) -> Result<Option<PathBuf>> {
    if !directory.is_dir() {
        return Ok(None);
    }
    let unreadable = || format!("{} cannot be read", directory.display());
    let mut largest = None;
    for entry in fs::read_dir(directory).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("yaml" | "yml" | "json")) {
            let size = fs::metadata(&path).with_context(unreadable)?.len();
            largest = largest.max(Some((size, path)));
        }
    }
    Ok(largest.map(|(_, path)| path))
}

/// Runs all contracts, and shows a table of the results. Returns whether all passed.
pub(super) fn run(contracts: &[CorpusContract], output: &mut Output) -> Result<bool> {
    let mut rows = vec![header()];
    let mut failures = String::new();
    for contract in contracts {
        output.progress("Checking", &contract.name)?;
        let row = check(contract, &mut failures);
        rows.push(row);
    }
    output.report(&table(&rows))?;
    output.report(&failures)?;
    Ok(failures.is_empty())
}

fn header() -> Vec<String> {
    let fixed = ["contract", "operations", "load", "itself"];
    let equivalents = equivalents::ALL.iter().map(|equivalent| equivalent.name);
    let names = fixed
        .into_iter()
        .chain(equivalents)
        .chain(["lowered", "peak"]);
    names.map(str::to_owned).collect()
}

/// Checks one contract. Returns a row of the table; appends failures to `failures`.
fn check(contract: &CorpusContract, failures: &mut String) -> Vec<String> {
    peak_rss::reset_peak();
    let name = &contract.name;
    let start = Instant::now();
    let original = match load(&contract.path) {
        Ok(original) => original,
        Err(why) => {
            *failures += &format!("\n{name}: cannot be read: {why}\n");
            return vec![name.clone(), "unreadable".to_owned()];
        }
    };
    let loaded = milliseconds(start.elapsed());
    let mut row = vec![name.clone(), original.operations.len().to_string(), loaded];

    let start = Instant::now();
    let findings = compare(&original, &original, Relation::Evolution);
    row.push(verdict(&findings, start.elapsed()));
    append(failures, &format!("{name} differs from itself"), &findings);

    let json = original.document.to_json(original.document.root());
    for equivalent in equivalents::ALL {
        row.push(match compare_equivalent(&original, &json, equivalent) {
            None => "-".to_owned(),
            Some(Ok((findings, elapsed))) => {
                let what = format!("{name} differs from itself {}", equivalent.name);
                append(failures, &what, &findings);
                verdict(&findings, elapsed)
            }
            Some(Err(why)) => {
                *failures += &format!("\n{name} {}: cannot be read: {why}\n", equivalent.name);
                "unreadable".to_owned()
            }
        });
    }
    row.push(soundness::verified(name, &original, failures));
    let peak = peak_rss::peak();
    row.push(peak.map_or("-".to_owned(), |peak| format!("{peak} MiB")));
    row
}

/// Compares a contract with an equivalent document. Returns the findings, and the time it took.
fn compare_equivalent(
    original: &Contract,
    json: &serde_json::Value,
    equivalent: &Equivalent,
) -> Option<Result<(Vec<Finding>, Duration), String>> {
    let text = (equivalent.apply)(json)?.to_string();
    let start = Instant::now();
    Some(
        contract(Document::parse(equivalent.name, text)).map(|rewritten| {
            let mut findings = compare(original, &rewritten, Relation::Drift);
            findings.retain(|finding| finding.level > Level::Editorial);
            (findings, start.elapsed())
        }),
    )
}

/// Reads a contract.
pub(super) fn load(path: &Path) -> Result<Contract, String> {
    contract(Document::load(path, &path.display().to_string()))
}

fn contract<E: ToString>(document: Result<Document, E>) -> Result<Contract, String> {
    let document = document.map_err(|error| error.to_string())?;
    Contract::read(document).map_err(|invalid| first_findings(&invalid.findings))
}

fn append(failures: &mut String, what: &str, findings: &[Finding]) {
    if !findings.is_empty() {
        *failures += &format!("\n{what}:{}\n", first_findings(findings));
    }
}

fn verdict(findings: &[Finding], elapsed: Duration) -> String {
    let elapsed = milliseconds(elapsed);
    match findings.len() {
        0 => format!("equal, {elapsed}"),
        count => format!("{count} differ, {elapsed}"),
    }
}

fn milliseconds(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}

/// Aligns the cells of rows in columns.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell: &String| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths);
        let line: String = cells
            .map(|(cell, &width)| format!("{cell:width$}  "))
            .collect();
        text += line.trim_end();
        text.push('\n');
    }
    text
}
