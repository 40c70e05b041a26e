//! How many findings there are of each level, and how many of them are accepted.

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Finding, Level};

/// All levels, worst first.
pub(super) const LEVELS: [Level; 5] = [
    Level::Breaking,
    Level::Undecided,
    Level::Risky,
    Level::Compatible,
    Level::Editorial,
];

/// How many findings there are of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Findings that break a message or a build, or about a document that is no contract.
    pub breaking: usize,
    /// Findings that could not be decided.
    pub undecided: usize,
    /// Findings by which meaning may be lost.
    pub risky: usize,
    /// Additive findings.
    pub compatible: usize,
    /// Findings that no machine sees.
    pub editorial: usize,
    /// Findings of any level that the team accepted: no other number has them.
    pub accepted: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        Self::by(findings, |finding| finding.level)
    }

    /// Counts findings by one of their verdicts.
    pub(super) fn by<'f>(
        findings: impl IntoIterator<Item = &'f Finding>,
        verdict: fn(&Finding) -> Level,
    ) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            *match (&finding.accepted, verdict(finding)) {
                (Some(_), _) => &mut counts.accepted,
                (None, Level::Breaking) => &mut counts.breaking,
                (None, Level::Undecided) => &mut counts.undecided,
                (None, Level::Risky) => &mut counts.risky,
                (None, Level::Compatible) => &mut counts.compatible,
                (None, Level::Editorial) => &mut counts.editorial,
            } += 1;
        }
        counts
    }

    /// How many are of a level, and not accepted.
    pub fn get(self, level: Level) -> usize {
        match level {
            Level::Breaking => self.breaking,
            Level::Undecided => self.undecided,
            Level::Risky => self.risky,
            Level::Compatible => self.compatible,
            Level::Editorial => self.editorial,
        }
    }

    /// How many are above `editorial`.
    pub fn above_editorial(self) -> usize {
        self.breaking + self.undecided + self.risky + self.compatible
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let some = LEVELS.into_iter().filter(|&level| self.get(level) > 0);
        let mut words: Vec<String> = some
            .map(|level| format!("{} {level}", self.get(level)))
            .collect();
        if self.accepted > 0 {
            words.push(format!("{} accepted", self.accepted));
        }
        if words.is_empty() {
            return f.write_str("nothing");
        }
        f.write_str(&words.join(", "))
    }
}
