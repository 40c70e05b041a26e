//! The version that a change asks for.
//!
//! The worse of a finding's two verdicts decides. Below 1.0.0 everything counts one place lower,
//! and at 0.0.x two, as cargo reads versions.

use std::fmt;

use semver::{BuildMetadata, Prerelease, Version};

use crate::finding::{Finding, Level, Location};
use crate::model::Contract;
use crate::rules;

/// Which place of a version a change raises, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    None,
    /// Only what no machine sees changed.
    Patch,
    /// Something was added, or its meaning may differ.
    Minor,
    /// Something breaks, or may.
    Major,
}

/// A version that is not one of `MAJOR.MINOR.PATCH`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no semantic version: write it as MAJOR.MINOR.PATCH, such as 1.0.0")]
pub struct VersionError(String);

impl Bump {
    /// What the findings between two contracts ask for.
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

    /// The least version that may follow `version` with such a change.
    ///
    /// # Errors
    /// When `version` is no semantic version.
    pub fn apply(self, version: &str) -> Result<Version, VersionError> {
        let old = parse(version)?;
        let mut new = old.clone();
        new.build = BuildMetadata::EMPTY;
        if self == Self::None {
            return Ok(new);
        }
        // A pre-release promises nothing yet: what it leads to is free to hold the change.
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

    /// Whether a step from one version to another is large enough for such a change.
    ///
    /// # Errors
    /// When one of them is no semantic version.
    pub fn allows(self, old: &str, new: &str) -> Result<bool, VersionError> {
        let least = self.apply(old)?;
        let (old, new) = (parse(old)?, parse(new)?);
        if self == Self::None {
            return Ok(new.cmp_precedence(&old).is_ge());
        }
        let place = |version: &Version| (version.major, version.minor, version.patch);
        // 2.0.0-rc.1 is on the way to 2.0.0, so it is large enough for what 2.0.0 is for.
        Ok(new.cmp_precedence(&old).is_gt() && place(&new) >= place(&least))
    }

    /// The place that is raised in `version`: lower for versions below 1.0.0.
    fn in_place_of(self, version: &Version) -> Self {
        match (version.major, version.minor, self) {
            (0, 0, _) => Self::Patch,
            (0, _, Self::Major) => Self::Minor,
            (0, ..) => Self::Patch,
            _ => self,
        }
    }
}

/// The finding that a contract's version does not say how much changed since a release; `changes` are
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
            format!("the version is {new}, and {old} is released already"),
            format!("Set `info.version` to {least} or a later version."),
        ),
        Ok((least, false)) => (
            format!("the version is {new}, and what changed since {old} asks for {bump} version"),
            format!("Set `info.version` to {least} or a later version."),
        ),
        Err(error) => (error.to_string(), "Set `info.version` to one.".to_owned()),
    };
    let (level, consequence) = match bump {
        Bump::Major => (
            Level::Breaking,
            "Consumers take this version for one that breaks nothing.",
        ),
        _ => (Level::Risky, "Consumers cannot tell what this version has."),
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
        witness: None,
        accepted: None,
    })
}

/// Where a contract's version is written.
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

/// Reads a version as it is written in a contract.
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
    fn each_place_is_raised() {
        assert_eq!(next(Bump::Major, "1.2.3"), "2.0.0");
        assert_eq!(next(Bump::Minor, "1.2.3"), "1.3.0");
        assert_eq!(next(Bump::Patch, "1.2.3"), "1.2.4");
        assert_eq!(next(Bump::None, "1.2.3"), "1.2.3");
    }

    #[test]
    fn below_one_everything_counts_a_place_lower() {
        assert_eq!(next(Bump::Major, "0.2.3"), "0.3.0");
        assert_eq!(next(Bump::Minor, "0.2.3"), "0.2.4");
        assert_eq!(next(Bump::Patch, "0.2.3"), "0.2.4");
        assert_eq!(next(Bump::Major, "0.0.3"), "0.0.4");
    }

    #[test]
    fn a_pre_release_leads_to_its_release() {
        assert_eq!(next(Bump::Major, "2.0.0-rc.1"), "2.0.0");
        assert_eq!(next(Bump::Patch, "1.0.0+build.5"), "1.0.1");
    }

    #[test]
    fn a_step_is_large_enough_or_not() {
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
    fn what_is_no_version_is_refused() {
        for version in ["", "1", "1.0", "v1.0.0", "2024-01-01"] {
            let error = Bump::Major.apply(version).expect_err(version);
            assert!(error.to_string().contains("MAJOR.MINOR.PATCH"), "{error}");
        }
    }
}
