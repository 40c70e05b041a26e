//! How much a finding matters.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// How much a finding matters, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Documentation only: no message or type changes.
    Editorial,
    /// Everything that worked before still works.
    Compatible,
    /// No message breaks, but meaning may be lost.
    Risky,
    /// A break could be neither proved nor excluded.
    Undecided,
    /// A message or a build breaks, or the document is invalid.
    Breaking,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Editorial => "editorial",
            Self::Compatible => "compatible",
            Self::Risky => "risky",
            Self::Undecided => "undecided",
            Self::Breaking => "breaking",
        })
    }
}
