//! The table of results.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::commands::measure::Measured;
use crate::output::counted;

/// The results for one contract.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) loaded: bool,
    pub(super) operations: usize,
    /// Time of the generation.
    pub(super) generation: Option<Duration>,
    /// Lines of generated Rust.
    pub(super) lines: usize,
    pub(super) compiled: bool,
    /// Time of `cargo check` for the client alone.
    pub(super) check: Option<Duration>,
    /// This and other generators, if compared.
    pub(super) compared: Vec<Compared>,
    pub(super) exact: usize,
    pub(super) weakened: usize,
    pub(super) omitted: usize,
    /// Requests that were received as sent.
    pub(super) requests: Passed,
    /// Response bodies that were decoded to the value that was sent.
    pub(super) values: Passed,
    /// Undeclared responses that were returned with everything that arrived.
    pub(super) faults: Passed,
    /// Path segments that lead elsewhere, and that the client rejected.
    pub(super) paths: Passed,
    /// Responses that were returned as an error with everything that arrived, as findings report.
    pub(super) reported: usize,
    /// Where requests have a default that was not set, or lack one that was.
    pub(super) defaults: BTreeSet<String>,
    /// Parts of messages that cannot exist: their schemas allow nothing.
    pub(super) impossible: Vec<String>,
    /// Responses that a test cannot send.
    pub(super) untested: Vec<String>,
    pub(super) failures: Vec<String>,
}

/// The results of a generator.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) name: &'static str,
    pub(super) generation: Option<Measured>,
    pub(super) lines: Option<usize>,
    pub(super) check: Option<Duration>,
    /// Why a result is missing.
    pub(super) problem: Option<String>,
}

/// The number of passed tests of all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passed {
    pub(super) passed: usize,
    pub(super) all: usize,
}

impl Passed {
    pub(super) fn count(&mut self, passed: bool) {
        self.all += 1;
        self.passed += usize::from(passed);
    }
}

impl std::fmt::Display for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.all {
            0 => f.write_str("-"),
            _ => write!(f, "{} of {}", self.passed, self.all),
        }
    }
}

const HEADER: [&str; 18] = [
    "contract",
    "operations",
    "generated",
    "lines",
    "compiled",
    "check",
    "requests",
    "values",
    "faults",
    "paths",
    "reported",
    "defaults sent",
    "impossible",
    "not tested",
    "exact",
    "weakened",
    "omitted",
    "failures",
];

impl Row {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            loaded: false,
            operations: 0,
            generation: None,
            lines: 0,
            compiled: false,
            check: None,
            compared: Vec::new(),
            exact: 0,
            weakened: 0,
            omitted: 0,
            requests: Passed::default(),
            values: Passed::default(),
            faults: Passed::default(),
            paths: Passed::default(),
            reported: 0,
            defaults: BTreeSet::new(),
            impossible: Vec::new(),
            untested: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// The row in one line.
    pub(super) fn summary(&self) -> String {
        format!(
            "{}: {}, values {}, {}",
            self.name,
            counted(self.operations, "operation"),
            self.values,
            counted(self.failures.len(), "failure")
        )
    }

    fn cells(&self) -> Vec<String> {
        let is_generated = self.lines > 0;
        let count = |count: usize| match is_generated {
            true => count.to_string(),
            false => "-".to_owned(),
        };
        vec![
            self.name.clone(),
            count(self.operations),
            match (self.loaded, is_generated) {
                (false, _) => "unreadable".to_owned(),
                (true, false) => "no".to_owned(),
                (true, true) => time(self.generation),
            },
            count(self.lines),
            if self.compiled { "yes" } else { "no" }.to_owned(),
            time(self.check),
            self.requests.to_string(),
            self.values.to_string(),
            self.faults.to_string(),
            self.paths.to_string(),
            count(self.reported),
            count(self.defaults.len()),
            count(self.impossible.len()),
            count(self.untested.len()),
            count(self.exact),
            count(self.weakened),
            count(self.omitted),
            self.failures.len().to_string(),
        ]
    }
}

/// A time in a cell.
pub(super) fn time(time: Option<Duration>) -> String {
    time.map_or_else(
        || "-".to_owned(),
        |time| format!("{:.2} s", time.as_secs_f64()),
    )
}

/// The table as text.
pub(super) fn render(rows: &[Row]) -> String {
    let mut cells = vec![HEADER.map(str::to_owned).to_vec()];
    cells.extend(rows.iter().map(Row::cells));
    aligned(&cells, 1)
}

/// Cells in columns, of which the first `names` are aligned to the left.
pub(super) fn aligned(cells: &[Vec<String>], names: usize) -> String {
    let width = |column: usize| {
        let lengths = cells.iter().filter_map(|row| row.get(column));
        lengths.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let mut text = String::new();
    for row in cells {
        let padded = row.iter().enumerate().map(|(at, cell)| {
            let width = width(at);
            match at < names {
                true => format!("{cell:<width$}"),
                false => format!("{cell:>width$}"),
            }
        });
        text += padded.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
