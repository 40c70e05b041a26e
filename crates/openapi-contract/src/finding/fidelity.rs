//! How much of the contract generated code keeps.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::Level;

/// How much of the contract the generated client keeps where the generator rewrites it, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fidelity {
    /// The client does everything that the contract declares.
    Exact,
    /// The client's types allow more than the contract.
    Weakened,
    /// The client lacks an operation, or another part of the contract.
    Omitted,
}

impl Fidelity {
    /// The level of a finding with this fidelity.
    pub const fn level(self) -> Level {
        match self {
            Self::Exact => Level::Editorial,
            Self::Weakened | Self::Omitted => Level::Risky,
        }
    }
}

impl fmt::Display for Fidelity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
            Self::Weakened => "weakened",
            Self::Omitted => "omitted",
        })
    }
}
