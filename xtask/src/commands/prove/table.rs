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
    /// Peak memory of the generation in its own process, in MiB, if measured.
    pub(super) memory: Option<u64>,
    /// Lines of generated Rust.
    pub(super) lines: usize,
    pub(super) compiled: bool,
    /// Time of `cargo check` for the client alone.
    pub(super) check: Option<Duration>,
    /// The results of progenitor and prettyplease alone.
    pub(super) baseline: Option<Baseline>,
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

/// The client that progenitor and prettyplease generate from the lowered contract.
#[derive(Debug)]
pub(super) struct Baseline {
    pub(super) measured: Measured,
    pub(super) lines: usize,
    pub(super) check: Option<Duration>,
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

const HEADER: [&str; 19] = [
    "contract",
    "operations",
    "generated",
    "memory",
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
            memory: None,
            lines: 0,
            compiled: false,
            check: None,
            baseline: None,
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

    fn cells(&self) -> [String; 19] {
        let is_generated = self.lines > 0;
        let time = |time: Option<Duration>| {
            time.map_or_else(
                || "-".to_owned(),
                |time| format!("{:.2} s", time.as_secs_f64()),
            )
        };
        let size =
            |size: Option<u64>| size.map_or_else(|| "-".to_owned(), |size| format!("{size} MiB"));
        let baseline = self.baseline.as_ref();
        let count = |count: usize| match is_generated {
            true => count.to_string(),
            false => "-".to_owned(),
        };
        [
            self.name.clone(),
            count(self.operations),
            match (self.loaded, is_generated) {
                (false, _) => "unreadable".to_owned(),
                (true, false) => "no".to_owned(),
                (true, true) => with_baseline(
                    time(self.generation),
                    baseline.map(|baseline| time(Some(baseline.measured.time))),
                ),
            },
            with_baseline(
                size(self.memory),
                baseline.map(|baseline| size(baseline.measured.memory)),
            ),
            with_baseline(
                count(self.lines),
                baseline.map(|baseline| baseline.lines.to_string()),
            ),
            if self.compiled { "yes" } else { "no" }.to_owned(),
            with_baseline(
                time(self.check),
                baseline.map(|baseline| time(baseline.check)),
            ),
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

/// Our measure, and that of the baseline.
fn with_baseline(ours: String, baseline: Option<String>) -> String {
    match baseline {
        Some(baseline) => format!("{ours} / {baseline}"),
        None => ours,
    }
}

/// The table as text.
pub(super) fn render(rows: &[Row]) -> String {
    let mut cells = vec![HEADER.map(str::to_owned)];
    cells.extend(rows.iter().map(Row::cells));
    let widths: [usize; 19] = std::array::from_fn(|column| {
        let lengths = cells.iter().map(|row| row[column].chars().count());
        lengths.max().unwrap_or(0)
    });
    let mut text = String::new();
    for row in &cells {
        let padded = row
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(at, (cell, width))| {
                if at == 0 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
        text += padded.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
