//! The number of findings of each level and group.

use schemars::JsonSchema;
use serde::Serialize;

use super::group::FindingGroup;
use crate::finding::{Finding, Level};

/// The number of findings of each level. Findings that are accepted, or that report what a generated
/// client lacks or does not enforce, are counted separately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Findings about a message or a build that breaks, or about an invalid document.
    pub breaking: usize,
    /// Findings about a break that could be neither proved nor excluded.
    pub undecided: usize,
    /// Findings about meaning that may be lost.
    pub risky: usize,
    /// Findings about additions.
    pub compatible: usize,
    /// Findings about documentation only.
    pub editorial: usize,
    /// Findings about parts of the contract that the generated client lacks.
    pub omitted: usize,
    /// Findings about parts of the contract that the generated client's types do not enforce.
    pub weakened: usize,
    /// Findings that the team accepted.
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
            *match FindingGroup::by(finding, verdict(finding)) {
                FindingGroup::Level(Level::Breaking) => &mut counts.breaking,
                FindingGroup::Level(Level::Undecided) => &mut counts.undecided,
                FindingGroup::Level(Level::Risky) => &mut counts.risky,
                FindingGroup::Level(Level::Compatible) => &mut counts.compatible,
                FindingGroup::Level(Level::Editorial) => &mut counts.editorial,
                FindingGroup::Omitted => &mut counts.omitted,
                FindingGroup::Weakened => &mut counts.weakened,
                FindingGroup::Accepted => &mut counts.accepted,
            } += 1;
        }
        counts
    }

    /// The number of findings of a level that are not counted separately.
    pub fn get(self, level: Level) -> usize {
        self.of_group(FindingGroup::Level(level))
    }

    /// The number of findings of a group.
    pub(super) fn of_group(self, group: FindingGroup) -> usize {
        match group {
            FindingGroup::Level(Level::Breaking) => self.breaking,
            FindingGroup::Level(Level::Undecided) => self.undecided,
            FindingGroup::Level(Level::Risky) => self.risky,
            FindingGroup::Level(Level::Compatible) => self.compatible,
            FindingGroup::Level(Level::Editorial) => self.editorial,
            FindingGroup::Omitted => self.omitted,
            FindingGroup::Weakened => self.weakened,
            FindingGroup::Accepted => self.accepted,
        }
    }

    /// The number of findings above `editorial`: those that fail a check by default.
    pub fn above_editorial(self) -> usize {
        self.breaking + self.undecided + self.risky + self.compatible
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = FindingGroup::ALL
            .into_iter()
            .map(|group| (self.of_group(group), group))
            .filter(|(count, _)| *count > 0)
            .map(|(count, group)| format!("{count} {}", group.name()))
            .collect();
        if parts.is_empty() {
            return f.write_str("nothing");
        }
        f.write_str(&parts.join(", "))
    }
}
