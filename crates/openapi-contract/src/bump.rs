//! The version bump that a change requires.
//!
//! The worse of a finding's two verdicts decides. As in cargo, every bump is one component smaller
//! below 1.0.0, and two smaller in 0.0.x.

use std::fmt;

use semver::{BuildMetadata, Prerelease, Version};

use crate::finding::{Finding, Level, Location};
use crate::model::Contract;
use crate::rules;

/// The component of a version that a change increments, smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    None,
    /// Only documentation changed.
    Patch,
    /// Something was added, or its meaning may have changed.
    Minor,
    /// Something breaks or may break.
    Major,
}

/// A version that is not of the form `MAJOR.MINOR.PATCH`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a semantic version: expected MAJOR.MINOR.PATCH, such as 1.0.0")]
pub struct VersionError(String);

impl Bump {
    /// The bump that the findings between two contracts require.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let bumps = findings
            .into_iter()
            .map(|finding| match finding.wire.max(finding.rust) {
                Level::Breaking | Level::Undecided => Self::Major,
                Level::Risky | Level::Compatible => Self::Minor,
                Level::Editorial => Self::Patch,
            });
        bumps.max().unwrap_or(Self::None)
    }

    /// The lowest version that may follow `version` with this bump.
    ///
    /// # Errors
    /// If `version` is not a semantic version.
    pub fn apply(self, version: &str) -> Result<Version, VersionError> {
        let old = parse(version)?;
        let mut new = old.clone();
        new.build = BuildMetadata::EMPTY;
        if self == Self::None {
            return Ok(new);
        }
        // A pre-release promises nothing yet, so its release may contain the change.
        if !old.pre.is_empty() {
            new.pre = Prerelease::EMPTY;
            return Ok(new);
        }
        Ok(match (self.in_place_of(&old), old.major, old.minor) {
            (Self::Major, major, _) => Version::new(major + 1, 0, 0),
            (Self::Minor, major, minor) => Version::new(major, minor + 1, 0),
            (_, major, minor) => Version::new(major, minor, old.patch + 1),
        })
    }

    /// Whether the step from one version to another is large enough for this bump.
    ///
    /// # Errors
    /// If one of them is not a semantic version.
    pub fn allows(self, old: &str, new: &str) -> Result<bool, VersionError> {
        let least = self.apply(old)?;
        let (old, new) = (parse(old)?, parse(new)?);
        if self == Self::None {
            return Ok(new.cmp_precedence(&old).is_ge());
        }
        let place = |version: &Version| (version.major, version.minor, version.patch);
        // 2.0.0-rc.1 precedes 2.0.0 and may contain the same changes.
        Ok(new.cmp_precedence(&old).is_gt() && place(&new) >= place(&least))
    }

    /// The component that is incremented in `version`: a smaller one below 1.0.0.
    fn in_place_of(self, version: &Version) -> Self {
        match (version.major, version.minor, self) {
            (0, 0, _) => Self::Patch,
            (0, _, Self::Major) => Self::Minor,
            (0, ..) => Self::Patch,
            _ => self,
        }
    }
}

/// A finding if the contract's version is too low for what changed since a release. `changes` are
/// the findings between the two.
pub fn too_small(released: &Contract, contract: &Contract, changes: &[Finding]) -> Option<Finding> {
    let bump = Bump::of(changes);
    let [old, new] = [&released.version, &contract.version];
    let steps = bump
        .apply(old)
        .and_then(|least| Ok((least, bump.allows(old, new)?)));
    let (fact, remedy) = match steps {
        Ok((_, true)) => return None,
        Ok((least, false)) if bump == Bump::None => (
            format!("`info.version` is {new}, but {old} is already released"),
            format!("Set `info.version` to {least} or a later version."),
        ),
        Ok((least, false)) => (
            format!("`info.version` is {new}, but the changes since {old} require {bump} version"),
            format!("Set `info.version` to {least} or a later version."),
        ),
        Err(error) => {
            let remedy = "Set `info.version` to a semantic version, such as 1.0.0.";
            (error.to_string(), remedy.to_owned())
        }
    };
    let (level, consequence) = match bump {
        Bump::Major => (
            Level::Breaking,
            "Consumers expect that a version like this breaks nothing.",
        ),
        _ => (
            Level::Risky,
            "Consumers cannot tell from the version that something changed.",
        ),
    };
    Some(Finding {
        rule: rules::VERSION_BUMP_TOO_SMALL,
        level,
        wire: Level::Editorial,
        rust: Level::Editorial,
        rust_item: None,
        fidelity: None,
        direction: None,
        sites: Vec::new(),
        subject: Vec::new(),
        fact,
        consequence: consequence.to_owned(),
        remedy,
        old: version_place(released),
        new: version_place(contract),
        documents: None,
        witness: None,
        accepted: None,
    })
}

/// The location of `info.version`.
fn version_place(contract: &Contract) -> Option<Location> {
    let document = &contract.document;
    let info = document.get(document.root(), "info")?;
    Some(Location::new(document, info, Some("version")))
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "no",
            Self::Patch => "a patch",
            Self::Minor => "a minor",
            Self::Major => "a major",
        })
    }
}

/// Parses a version from a contract.
pub(crate) fn parse(version: &str) -> Result<Version, VersionError> {
    Version::parse(version).map_err(|_| VersionError(version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(bump: Bump, version: &str) -> String {
        bump.apply(version).expect(version).to_string()
    }

    #[test]
    fn each_bump_increments_its_component() {
        assert_eq!(next(Bump::Major, "1.2.3"), "2.0.0");
        assert_eq!(next(Bump::Minor, "1.2.3"), "1.3.0");
        assert_eq!(next(Bump::Patch, "1.2.3"), "1.2.4");
        assert_eq!(next(Bump::None, "1.2.3"), "1.2.3");
    }

    #[test]
    fn bumps_are_smaller_below_one() {
        assert_eq!(next(Bump::Major, "0.2.3"), "0.3.0");
        assert_eq!(next(Bump::Minor, "0.2.3"), "0.2.4");
        assert_eq!(next(Bump::Patch, "0.2.3"), "0.2.4");
        assert_eq!(next(Bump::Major, "0.0.3"), "0.0.4");
    }

    #[test]
    fn a_pre_release_is_followed_by_its_release() {
        assert_eq!(next(Bump::Major, "2.0.0-rc.1"), "2.0.0");
        assert_eq!(next(Bump::Patch, "1.0.0+build.5"), "1.0.1");
    }

    #[test]
    fn steps_are_compared_with_the_bump() {
        let allows = |bump: Bump, old, new| bump.allows(old, new).expect("both are versions");
        assert!(allows(Bump::Major, "1.4.0", "2.0.0"));
        assert!(allows(Bump::Major, "1.4.0", "3.1.0"));
        assert!(allows(Bump::Major, "1.4.0", "2.0.0-rc.1"));
        assert!(allows(Bump::Major, "2.0.0-rc.1", "2.0.0-rc.2"));
        assert!(!allows(Bump::Major, "1.4.0", "1.5.0"));
        assert!(!allows(Bump::Patch, "1.4.0", "1.4.0"));
        assert!(allows(Bump::None, "1.4.0", "1.4.0"));
        assert!(!allows(Bump::None, "1.4.0", "1.3.0"));
    }

    #[test]
    fn invalid_versions_are_rejected() {
        for version in ["", "1", "1.0", "v1.0.0", "2024-01-01"] {
            let error = Bump::Major.apply(version).expect_err(version);
            assert!(error.to_string().contains("MAJOR.MINOR.PATCH"), "{error}");
        }
    }
}
