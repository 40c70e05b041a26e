//! Accepted findings.

use schemars::JsonSchema;
use semver::Version;
use serde::Serialize;

/// Why a change was accepted, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Acceptance {
    /// Why the team makes this change.
    pub reason: String,
    /// The release with which this ends: from there on the change counts again.
    #[schemars(with = "String")]
    pub until: Version,
}
