//! How much a finding matters.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// How much a finding matters, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No machine sees it.
    Editorial,
    /// Additive.
    Compatible,
    /// No value breaks, but meaning may be lost.
    Risky,
    /// It could not be decided whether a value breaks.
    Undecided,
    /// A witness breaks it, or the document is not a contract.
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
