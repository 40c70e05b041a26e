//! Accepted changes: breaks that a team decided to make.
//!
//! A TOML file holds the id of the finding, the reason, and the release in which the entry expires.
//! An expired entry and one that matches no finding are findings themselves, so that the file stays
//! correct.

mod file;

use std::collections::{HashMap, HashSet};

use semver::Version;

use crate::document::Source;
use crate::finding::{Acceptance, Finding, Level, Location};
use crate::rules::{self, Rule};

pub use file::{InvalidAcceptedChanges, id_line};

/// The accepted changes of a contract, as a file lists them.
#[derive(Debug)]
pub struct AcceptedChanges {
    source: Source,
    entries: Vec<AcceptedChange>,
}

/// One accepted change.
#[derive(Debug)]
struct AcceptedChange {
    id: String,
    acceptance: Acceptance,
    /// Where the id is written.
    id_place: Location,
    /// Where the release is written.
    until_place: Location,
}

impl AcceptedChanges {
    /// Parses the text of a file.
    ///
    /// # Errors
    /// If the text is not valid: everything that is wrong with it, as findings.
    pub fn parse(name: &str, text: impl Into<String>) -> Result<Self, InvalidAcceptedChanges> {
        file::parse(name, text.into())
    }

    /// The file's name and text, for showing locations.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Marks the accepted findings of a comparison, and returns findings about entries that expired
    /// or match nothing. `version` is that of the new contract; entries do not expire if it is not
    /// a semantic version.
    pub fn mark(&self, findings: &mut [Finding], version: &str) -> Vec<Finding> {
        let version = crate::bump::parse(version).ok();
        let version = version.as_ref();
        let entries = self.entries.iter();
        let good: HashMap<&str, &AcceptedChange> = entries
            .filter(|entry| !entry.is_over(version))
            .map(|entry| (entry.id.as_str(), entry))
            .collect();
        let mut is_used = HashSet::new();
        // Most comparisons have no entries and many findings.
        if !good.is_empty() {
            for finding in findings {
                if let Some(&entry) = good.get(finding.id().as_str()) {
                    is_used.insert(entry.id.as_str());
                    finding.accepted = Some(entry.acceptance.clone());
                }
            }
        }
        let entries = self.entries.iter().filter_map(|entry| match version {
            Some(version) if entry.is_over(Some(version)) => Some(expired(entry, version)),
            _ => (!is_used.contains(entry.id.as_str())).then(|| unused(entry)),
        });
        entries.collect()
    }

    /// The expired entries, for a contract without another to compare it with.
    pub fn expired(&self, version: &str) -> Vec<Finding> {
        let Ok(version) = crate::bump::parse(version) else {
            return Vec::new();
        };
        let over = self.entries.iter();
        let over = over.filter(|entry| entry.is_over(Some(&version)));
        over.map(|entry| expired(entry, &version)).collect()
    }
}

impl AcceptedChange {
    /// Whether the contract has reached the release in which the entry expires.
    fn is_over(&self, version: Option<&Version>) -> bool {
        version.is_some_and(|version| self.acceptance.until <= *version)
    }
}

fn expired(entry: &AcceptedChange, version: &Version) -> Finding {
    let until = &entry.acceptance.until;
    let place = entry.until_place.clone();
    Finding {
        fact: format!("the acceptance of `{}` expired with {until}", entry.id),
        consequence: format!("The new contract is {version}, so the change counts again."),
        remedy: format!(
            "Remove the entry, or set `until` to a release after {version} if the change is still \
             to come."
        ),
        ..about(rules::ACCEPTED_CHANGE_EXPIRED, place)
    }
}

fn unused(entry: &AcceptedChange) -> Finding {
    let place = entry.id_place.clone();
    Finding {
        fact: format!("no finding has the id `{}`", entry.id),
        consequence: "The entry has no effect now, but would hide such a change later.".to_owned(),
        remedy: "Remove the entry, or replace its `id` with that of an existing finding."
            .to_owned(),
        ..about(rules::ACCEPTED_CHANGE_UNUSED, place)
    }
}

/// A finding about the file of accepted changes. It affects no message and no Rust code, but has to
/// be fixed.
fn about(rule: Rule, place: Location) -> Finding {
    Finding {
        wire: Level::Editorial,
        new: Some(place),
        ..Finding::new(rule, Level::Breaking, "")
    }
}
