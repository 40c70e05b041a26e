//! Compares the contract with its last release.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use openapi_contract::accepted::{AcceptedChanges, InvalidAcceptedChanges};
use openapi_contract::bump::too_small;
use openapi_contract::compare::{Relation, compare_on};
use openapi_contract::document::{Document, Source};
use openapi_contract::model::{Contract, InvalidContract};
use openapi_contract::report::{Counts, Format};
use openapi_contract::{Finding, Level};
use semver::Version;

use crate::commands::common::{offer_acceptance, today};
use crate::output::Output;
use crate::workspace::{ACCEPTED_CHANGES, RELEASED, Workspace};

/// The findings of the comparison, and the files that they point at.
#[derive(Default)]
pub(super) struct Release {
    pub(super) findings: Vec<Finding>,
    released: Option<Document>,
    accepted: Option<AcceptedChanges>,
    no_accepted: Option<Box<Source>>,
}

impl Release {
    /// Compares the contract of the workspace with its last release, and shows the result.
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
        match last_release(
            &workspace.path(RELEASED),
            &workspace.name(&workspace.path(RELEASED)),
        )? {
            None => {
                let entries = entries.as_ref();
                let expired = entries.map(|entries| entries.expired(&contract.version));
                release.findings.extend(expired.into_iter().flatten());
                let result = format!("none yet in {RELEASED}");
                output.progress("Release", &result)?;
            }
            Some(path) => release.compare(workspace, &path, contract, entries.as_ref(), output)?,
        }
        if format == Format::Text {
            let breaks = release.findings.iter_mut().filter(|finding| {
                finding.wire > Level::Editorial || finding.rust > Level::Editorial
            });
            let file = format!("`{ACCEPTED_CHANGES}`");
            breaks
                .filter(|finding| finding.accepted.is_none())
                .for_each(|finding| offer_acceptance(finding, &file));
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
        let released = match Contract::read(document) {
            Ok(released) => released,
            Err(InvalidContract { document, findings }) => {
                output.warn("Release", &format!("{name} is not a valid contract"))?;
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
        // Compatible changes are fine here; `diff` shows them.
        changes.retain(|change| change.level >= Level::Undecided || change.accepted.is_some());
        let mut found: Vec<Finding> = version.into_iter().collect();
        found.extend(unfit.into_iter().flatten());
        found.append(&mut changes);

        let result = match counts == Counts::default() {
            true => format!("no changes since {name}"),
            false => format!("since {name}: {counts}"),
        };
        match Counts::of(&found).above_editorial() {
            0 => output.progress("Release", &result)?,
            _ => output.warn("Release", &result)?,
        }
        self.findings.append(&mut found);
        self.released = Some(released.document);
        Ok(())
    }

    /// The files that findings point at, other than those of the contract.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        let released = self.released.iter().flat_map(Document::sources);
        let accepted = self.accepted.iter().map(AcceptedChanges::source);
        released.chain(accepted).chain(self.no_accepted.as_deref())
    }
}

/// The released contract with the highest version; `None` if there is no release.
fn last_release(directory: &Path, name: &str) -> Result<Option<PathBuf>> {
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
                "{name}/{stem}.yaml: the file name is not a version such as 1.0.0.yaml; rename or remove the file"
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
    fn last_release_has_the_highest_version() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path();
        assert_eq!(
            last_release(&path.join("media"), "media").expect("none is fine"),
            None
        );
        for name in ["1.9.0.yaml", "1.10.0.yaml", "1.10.0-rc.1.yaml", "README.md"] {
            std::fs::write(path.join(name), "").expect("a fresh directory");
        }
        let found = last_release(path, "media").expect("all are versions");
        assert_eq!(found, Some(path.join("1.10.0.yaml")));

        std::fs::write(path.join("latest.yaml"), "").expect("a fresh directory");
        let error = last_release(path, "media").expect_err("it is no version");
        assert!(error.to_string().contains("media/latest.yaml"), "{error}");
    }
}
