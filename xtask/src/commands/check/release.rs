//! The contract, held against its last release.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use openapi_contract::accepted::{AcceptedChanges, InvalidAcceptedChanges};
use openapi_contract::bump::too_small;
use openapi_contract::compare::{Relation, compare_on};
use openapi_contract::document::{Document, Source};
use openapi_contract::lint::{NoContract, read_contract};
use openapi_contract::model::Contract;
use openapi_contract::report::{Counts, Format};
use openapi_contract::{Finding, Level};
use semver::Version;

use crate::commands::common::{offer_acceptance, today};
use crate::output::Output;
use crate::workspace::{RELEASED, Workspace};

/// What was found, with the files that its places are in.
#[derive(Default)]
pub(super) struct Release {
    pub(super) findings: Vec<Finding>,
    released: Option<Document>,
    accepted: Option<AcceptedChanges>,
    no_accepted: Option<Box<Source>>,
}

impl Release {
    /// Compares the workspace's contract with its last release, and says how that went.
    pub(super) fn check(
        workspace: &Workspace,
        contract: &Contract,
        format: Format,
        output: &mut Output,
    ) -> Result<Self> {
        let mut release = Self::default();
        let entries = match workspace.accepted_changes()?.transpose() {
            Ok(accepted) => accepted,
            Err(InvalidAcceptedChanges { source, findings }) => {
                release.no_accepted = Some(source);
                release.findings = findings;
                None
            }
        };
        match last(
            &workspace.path(RELEASED),
            &workspace.name(&workspace.path(RELEASED)),
        )? {
            None => {
                let entries = entries.as_ref();
                let expired = entries.map(|entries| entries.expired(&contract.version));
                release.findings.extend(expired.into_iter().flatten());
                let said = format!("none yet in {RELEASED}, so nothing to be compatible with");
                output.progress("Release", &said)?;
            }
            Some(path) => release.compare(workspace, &path, contract, entries.as_ref(), output)?,
        }
        if format == Format::Text {
            let breaks = release
                .findings
                .iter_mut()
                .filter(|finding| finding.wire > Level::Docs || finding.rust > Level::Docs);
            breaks
                .filter(|finding| finding.accepted.is_none())
                .for_each(offer_acceptance);
        }
        release.accepted = entries;
        Ok(release)
    }

    fn compare(
        &mut self,
        workspace: &Workspace,
        path: &Path,
        contract: &Contract,
        entries: Option<&AcceptedChanges>,
        output: &mut Output,
    ) -> Result<()> {
        let document = workspace.document(path)?;
        let name = document.source().name().to_owned();
        let released = match read_contract(document) {
            Ok(released) => released,
            Err(NoContract { document, findings }) => {
                output.warn("Release", &format!("{name} is no contract"))?;
                self.released = Some(*document);
                self.findings.extend(findings);
                return Ok(());
            }
        };
        let today = Some(today());
        let mut changes = compare_on(&released, contract, Relation::Evolution, today.as_deref());
        let version = too_small(&released, contract, &changes);
        let unfit = entries.map(|entries| entries.mark(&mut changes, &contract.version));
        let counts = Counts::of(&changes);
        // What breaks nobody is no reason to stop a change, and `diff` shows it.
        changes.retain(|change| change.level >= Level::Undecided || change.accepted.is_some());
        let mut found: Vec<Finding> = version.into_iter().collect();
        found.extend(unfit.into_iter().flatten());
        found.append(&mut changes);

        let said = match counts == Counts::default() {
            true => format!("the same as {name}"),
            false => format!("since {name}: {counts}"),
        };
        match Counts::of(&found).above_docs() {
            0 => output.progress("Release", &said)?,
            _ => output.warn("Release", &said)?,
        }
        self.findings.append(&mut found);
        self.released = Some(released.document);
        Ok(())
    }

    /// The files that the findings have places in, beside the contract's own.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        let released = self.released.iter().flat_map(Document::sources);
        let accepted = self.accepted.iter().map(AcceptedChanges::source);
        released.chain(accepted).chain(self.no_accepted.as_deref())
    }
}

/// The released contract of the highest version; nothing where none was released.
fn last(directory: &Path, name: &str) -> Result<Option<PathBuf>> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{name} cannot be read")),
    };
    let mut last: Option<(Version, PathBuf)> = None;
    for entry in entries {
        let path = entry
            .with_context(|| format!("{name} cannot be read"))?
            .path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let Ok(version) = Version::parse(&stem) else {
            bail!(
                "{name}/{stem}.yaml is named by no version, such as 1.0.0.yaml: rename or remove it"
            );
        };
        if last.as_ref().is_none_or(|(highest, _)| *highest < version) {
            last = Some((version, path));
        }
    }
    Ok(last.map(|(_, path)| path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_is_the_last_release() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path();
        assert_eq!(
            last(&path.join("media"), "media").expect("none is fine"),
            None
        );
        for name in ["1.9.0.yaml", "1.10.0.yaml", "1.10.0-rc.1.yaml", "README.md"] {
            std::fs::write(path.join(name), "").expect("a fresh directory");
        }
        let found = last(path, "media").expect("all are versions");
        assert_eq!(found, Some(path.join("1.10.0.yaml")));

        std::fs::write(path.join("latest.yaml"), "").expect("a fresh directory");
        let error = last(path, "media").expect_err("it is no version");
        assert!(error.to_string().contains("media/latest.yaml"), "{error}");
    }
}
