//! Findings for people and for programs.

mod github;
mod json;
mod text;

pub use github::github;
pub use json::json;
pub use text::{Style, text};

use crate::finding::{Finding, Level};

/// How many findings there are of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Findings with a witness, or about a document that is no contract.
    pub breaking: usize,
    /// Findings that could not be decided.
    pub undecided: usize,
    /// Findings by which meaning may be lost.
    pub risky: usize,
    /// Additive findings.
    pub compatible: usize,
    /// Findings that no machine sees.
    pub docs: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            *counts.level(finding.level) += 1;
        }
        counts
    }

    fn level(&mut self, level: Level) -> &mut usize {
        match level {
            Level::Breaking => &mut self.breaking,
            Level::Undecided => &mut self.undecided,
            Level::Risky => &mut self.risky,
            Level::Compatible => &mut self.compatible,
            Level::Docs => &mut self.docs,
        }
    }

    /// How many are above `docs`.
    pub fn above_docs(self) -> usize {
        self.breaking + self.undecided + self.risky + self.compatible
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let levels = [
            (self.breaking, "breaking"),
            (self.undecided, "undecided"),
            (self.risky, "risky"),
            (self.compatible, "compatible"),
            (self.docs, "docs"),
        ];
        let some = levels.into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = some
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        if words.is_empty() {
            return f.write_str("nothing");
        }
        f.write_str(&words.join(", "))
    }
}
