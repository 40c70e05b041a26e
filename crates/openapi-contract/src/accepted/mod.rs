//! Changes that a team decided to make.
//!
//! A break that is wanted is accepted, not ignored: a TOML file holds the id of the finding, the
//! reason, and the release that the entry expires with. An entry that has expired, or that matches
//! nothing, is itself a finding, so that the file never says more than is true.

mod file;
mod id;

use semver::Version;

use crate::document::Source;
use crate::finding::{Finding, Level, Location};
use crate::rules::{self, Rule};

pub use file::{NoAcceptedChanges, id_line};
pub(crate) use id::named_pointer;

/// The accepted changes of a contract, as a file lists them.
#[derive(Debug)]
pub struct AcceptedChanges {
    source: Source,
    entries: Vec<Entry>,
}

/// One accepted change.
#[derive(Debug)]
struct Entry {
    id: String,
    acceptance: Acceptance,
    /// Where the id is written.
    id_place: Location,
    /// Where the release is written.
    until_place: Location,
}

/// Why a change was accepted, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Acceptance {
    /// Why the team makes this change.
    pub reason: String,
    /// The release with which this ends: from there on the change counts again.
    pub until: Version,
}

/// Findings, sorted by whether somebody accepted them.
#[derive(Debug, Default)]
pub struct Sorted {
    /// What nobody accepted.
    pub open: Vec<Finding>,
    /// What was accepted, with the reason.
    pub accepted: Vec<(Finding, Acceptance)>,
    /// What is wrong with the entries: expired, or matching nothing.
    pub entries: Vec<Finding>,
}

impl AcceptedChanges {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is not what such a file holds: everything that is wrong with it, as findings.
    pub fn parse(name: &str, text: impl Into<String>) -> Result<Self, NoAcceptedChanges> {
        file::parse(name, text.into())
    }

    /// The file's name and text, for showing places.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Sorts the findings of a comparison. `version` is that of the new contract; entries do not
    /// expire where it is no semantic version.
    pub fn sort(&self, findings: Vec<Finding>, version: &str) -> Sorted {
        let version = crate::bump::parse(version).ok();
        let has_expired = |entry: &Entry| {
            let until = &entry.acceptance.until;
            version.as_ref().is_some_and(|version| until <= version)
        };
        let mut is_used = vec![false; self.entries.len()];
        let mut sorted = Sorted::default();
        for finding in findings {
            let id = finding.id();
            let at = self.entries.iter().position(|entry| entry.id == id);
            match at.filter(|&at| !has_expired(&self.entries[at])) {
                Some(at) => {
                    is_used[at] = true;
                    let acceptance = self.entries[at].acceptance.clone();
                    sorted.accepted.push((finding, acceptance));
                }
                None => sorted.open.push(finding),
            }
        }
        for (entry, is_used) in self.entries.iter().zip(is_used) {
            match &version {
                Some(version) if has_expired(entry) => sorted.entries.push(expired(entry, version)),
                _ if !is_used => sorted.entries.push(unused(entry)),
                _ => {}
            }
        }
        sorted
    }
}

fn expired(entry: &Entry, version: &Version) -> Finding {
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

fn unused(entry: &Entry) -> Finding {
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
        rule,
        level: Level::Breaking,
        wire: Level::Docs,
        rust: Level::Docs,
        rust_item: None,
        direction: None,
        sites: Vec::new(),
        fact: String::new(),
        consequence: String::new(),
        remedy: String::new(),
        old: None,
        new: Some(place),
        witness: None,
    }
}
