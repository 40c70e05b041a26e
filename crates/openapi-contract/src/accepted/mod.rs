//! Changes that a team decided to make.
//!
//! A break that is wanted is accepted, not ignored: a TOML file holds the id of the finding, the
//! reason, and the release that the entry expires with. An entry that has expired, or that matches
//! nothing, is itself a finding, so that the file never says more than is true.

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
    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is not what such a file holds: everything that is wrong with it, as findings.
    pub fn parse(name: &str, text: impl Into<String>) -> Result<Self, InvalidAcceptedChanges> {
        file::parse(name, text.into())
    }

    /// The file's name and text, for showing places.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Marks the findings of a comparison that are accepted, and gives what is wrong with the
    /// entries: expired, or matching nothing. `version` is that of the new contract; entries do not
    /// expire where it is no semantic version.
    pub fn mark(&self, findings: &mut [Finding], version: &str) -> Vec<Finding> {
        let version = crate::bump::parse(version).ok();
        let version = version.as_ref();
        let entries = self.entries.iter();
        let good: HashMap<&str, &AcceptedChange> = entries
            .filter(|entry| !entry.is_over(version))
            .map(|entry| (entry.id.as_str(), entry))
            .collect();
        let mut is_used = HashSet::new();
        // Most comparisons have no entry, and many findings.
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

    /// The entries that have expired, where there is nothing to compare the contract with.
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
    /// Whether the entry ended with a version of the contract, or before it.
    fn is_over(&self, version: Option<&Version>) -> bool {
        version.is_some_and(|version| self.acceptance.until <= *version)
    }
}

fn expired(entry: &AcceptedChange, version: &Version) -> Finding {
    let until = &entry.acceptance.until;
    let place = entry.until_place.clone();
    Finding {
        fact: format!("the acceptance of `{}` ended with {until}", entry.id),
        consequence: format!("The new contract is {version}, so the change counts again."),
        remedy: "Remove the entry; where the change is still to come, accept it again for a later \
                 release."
            .to_owned(),
        ..about(rules::ACCEPTED_CHANGE_EXPIRED, place)
    }
}

fn unused(entry: &AcceptedChange) -> Finding {
    let place = entry.id_place.clone();
    Finding {
        fact: format!("no finding has the id `{}`", entry.id),
        consequence: "The entry accepts nothing, and would hide the change if it came.".to_owned(),
        remedy: "Remove the entry, or copy the id from the finding that it is for.".to_owned(),
        ..about(rules::ACCEPTED_CHANGE_UNUSED, place)
    }
}

/// A finding about a file of accepted changes: no message and no Rust code shows it, and yet it has
/// to be put right.
fn about(rule: Rule, place: Location) -> Finding {
    Finding {
        wire: Level::Editorial,
        new: Some(place),
        ..Finding::new(rule, Level::Breaking, "")
    }
}
