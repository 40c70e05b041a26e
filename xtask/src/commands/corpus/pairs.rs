//! The pairs of a corpus: two versions of a contract, with the verdict of another tool.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use openapi_contract::compare::{Relation, compare_on};
use openapi_contract::model::canonical_json;
use openapi_contract::{Finding, Level};
use serde::Deserialize;

use super::contracts::load;
use super::first_findings::first_findings;
use crate::output::{Output, counted};

/// A pair, with the paths of its contracts.
#[derive(Deserialize)]
pub(super) struct Case {
    name: String,
    base: PathBuf,
    revision: PathBuf,
    max_level: TheirLevel,
    expected: Vec<TheirFinding>,
}

/// The level of a change in the other tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum TheirLevel {
    None,
    Info,
    Warn,
    Err,
}

/// A finding of the other tool.
#[derive(Deserialize)]
struct TheirFinding {
    id: String,
    level: TheirLevel,
    operation: Option<String>,
    path: Option<String>,
}

/// The pairs in `cases.json` of a directory; empty if there is no such file.
pub(super) fn list(directory: &Path) -> Result<Vec<Case>> {
    let path = directory.join("cases.json");
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        text => text.with_context(|| format!("{} cannot be read", path.display()))?,
    };
    let mut cases: Vec<Case> = serde_json::from_str(&text)
        .with_context(|| format!("{} is not an array of cases", path.display()))?;
    for case in &mut cases {
        case.base = directory.join(&case.base);
        case.revision = directory.join(&case.revision);
    }
    Ok(cases)
}

/// Compares all pairs, and shows where the verdicts differ. Returns whether they agree on every pair
/// whose contracts are not equivalent.
pub(super) fn run(cases: &[Case], output: &mut Output) -> Result<bool> {
    let (mut agreed, mut unread, mut shared, mut equal) = (0, 0, 0, 0);
    // Some pairs depend on sunset dates.
    let today = chrono::Utc::now().date_naive().to_string();
    let mut text = String::new();
    for case in cases {
        let (old, new) = match (load(&case.base), load(&case.revision)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => {
                unread += 1;
                text += &format!("\n{}: cannot be read: {why}\n", case.name);
                continue;
            }
        };
        let mut findings = compare_on(&old, &new, Relation::Evolution, Some(&today));
        if let Some(id) = shared_id(&findings) {
            shared += 1;
            text += &format!("\n{}: two findings have the id {id}\n", case.name);
        }
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.wire));
        let worst = findings.first().map(|finding| finding.wire);
        let breaks = worst >= Some(Level::Undecided);
        if breaks == (case.max_level == TheirLevel::Err) {
            agreed += 1;
        } else if findings.is_empty() && canonical_json(&old) == canonical_json(&new) {
            // The contracts are equivalent: the verdict of the other tool has no basis in the files.
            equal += 1;
            text += &format!(
                "\n{}: the contracts are equivalent, the other tool reports {:?}\n",
                case.name, case.max_level
            );
        } else {
            text += &disagreement(case, worst, &findings);
        }
    }
    let read = cases.len() - unread;
    let pairs = counted(read, "pair");
    let differ = read - agreed - equal;
    let same = match equal {
        0 => String::new(),
        count => format!(", {count} equivalent"),
    };
    let unread = match unread {
        0 => String::new(),
        count => format!(", {} unreadable", counted(count, "pair")),
    };
    output.report(&format!(
        "\nverdicts agree on {agreed} of {pairs}, differ on {differ}{same}{unread}\n{text}"
    ))?;
    Ok(agreed + equal == cases.len() && shared == 0)
}

/// An id that two findings share. Ids must be unique.
fn shared_id(findings: &[Finding]) -> Option<String> {
    let mut ids = BTreeSet::new();
    let mut all = findings.iter().map(Finding::id);
    all.find(|id| !ids.insert(id.clone()))
}

fn disagreement(case: &Case, worst: Option<Level>, findings: &[Finding]) -> String {
    let worst = worst.map_or("nothing".to_owned(), |level| level.to_string());
    let name = &case.name;
    let theirs = case.expected.iter().map(|finding| {
        let TheirFinding { id, level, .. } = finding;
        let location = [&finding.operation, &finding.path];
        let location: String = location
            .into_iter()
            .flatten()
            .map(|part| format!(" {part}"))
            .collect();
        format!("\n  {level:?} {id}{location}")
    });
    format!(
        "\n{name}: reported {worst}:{}\n the other tool reports {:?}:{}\n",
        first_findings(findings),
        case.max_level,
        theirs.collect::<String>()
    )
}
