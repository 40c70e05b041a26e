//! Acceptances of findings.

use schemars::JsonSchema;
use semver::Version;
use serde::Serialize;

/// Why the team accepted a change, and up to which release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Acceptance {
    /// Why the team makes the change.
    pub reason: String,
    /// The release with which the acceptance expires.
    #[schemars(with = "String")]
    pub until: Version,
}
