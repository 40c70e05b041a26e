//! The groups by which reports count and show findings.

use crate::finding::{Fidelity, Finding, Level};

/// The group of a finding. Each finding is in one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FindingGroup {
    /// Findings of a level that are in no other group.
    Level(Level),
    /// Findings of the generator about parts that the client lacks.
    Omitted,
    /// Findings of the generator about types that allow more than the contract.
    Weakened,
    /// Findings that the team accepted.
    Accepted,
}

impl FindingGroup {
    /// All groups, in the order in which they are shown.
    pub(super) const ALL: [Self; 8] = [
        Self::Level(Level::Breaking),
        Self::Level(Level::Undecided),
        Self::Level(Level::Risky),
        Self::Omitted,
        Self::Weakened,
        Self::Level(Level::Compatible),
        Self::Level(Level::Editorial),
        Self::Accepted,
    ];

    /// The group of a finding.
    pub(super) fn of(finding: &Finding) -> Self {
        Self::by(finding, finding.level)
    }

    /// The group of a finding by one of its verdicts.
    pub(super) fn by(finding: &Finding, verdict: Level) -> Self {
        match (&finding.accepted, finding.fidelity) {
            (Some(_), _) => Self::Accepted,
            (None, Some(Fidelity::Omitted)) => Self::Omitted,
            (None, Some(Fidelity::Weakened)) => Self::Weakened,
            (None, Some(Fidelity::Exact) | None) => Self::Level(verdict),
        }
    }

    /// The name of the group, also in classes of HTML and in the URL of a page.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Level(Level::Breaking) => "breaking",
            Self::Level(Level::Undecided) => "undecided",
            Self::Level(Level::Risky) => "risky",
            Self::Level(Level::Compatible) => "compatible",
            Self::Level(Level::Editorial) => "editorial",
            Self::Omitted => "omitted",
            Self::Weakened => "weakened",
            Self::Accepted => "accepted",
        }
    }

    /// What the findings of the group have in common, in a sentence.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Level(Level::Breaking) => {
                "A message or a build breaks, or the document is invalid."
            }
            Self::Level(Level::Undecided) => "A break could be neither proved nor excluded.",
            Self::Level(Level::Risky) => "No message breaks, but meaning may be lost.",
            Self::Level(Level::Compatible) => "Everything that worked before still works.",
            Self::Level(Level::Editorial) => "Documentation only: no message or type changes.",
            Self::Omitted => "The generated client lacks this part of the contract.",
            Self::Weakened => "The generated client's types allow more than the contract.",
            Self::Accepted => {
                "Accepted: does not fail the check, but still requires the version bump."
            }
        }
    }

    /// The symbol of the group, where a report is read without colours.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Level(Level::Breaking) => "🔴",
            Self::Level(Level::Undecided) => "🟠",
            Self::Level(Level::Risky) => "🟡",
            Self::Level(Level::Compatible) => "🟢",
            Self::Level(Level::Editorial) => "⚪",
            Self::Omitted => "🟤",
            Self::Weakened => "🔵",
            Self::Accepted => "☑️",
        }
    }
}
