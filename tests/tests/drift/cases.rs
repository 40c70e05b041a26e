//! Tables of cases: one edit of one document, and all findings of the comparison.
//!
//! ```text
//! a name for the case
//!   set POINTER = VALUE             or: remove POINTER, rename POINTER = NAME
//!   LEVEL RULE POINTER | LINE       a finding, with its location in the contract
//! ```
//!
//! The findings are in any order, and complete above the level `editorial`. Editorial findings are
//! only checked if a case lists them: the texts of contract and server differ. A failing case shows
//! missing findings with `-` and additional ones with `+`, in the syntax of the table.

use std::fmt::Write;

use openapi_contract::compare::{Relation, compare};
use openapi_contract::model::Contract;
use openapi_contract::{Finding, Level};
use workspace_tests::edit::Edit;

/// One edit, and its expected findings.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) edit: Edit,
    expected: Vec<&'static str>,
}

impl Case {
    /// The rules of the expected findings.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'static str> {
        let rule = |line: &&'static str| line.split(' ').nth(1);
        self.expected.iter().filter_map(rule)
    }
}

/// Parses a table.
pub(crate) fn table(text: &'static str) -> Vec<Case> {
    let is_case = |block: &&str| !block.trim().is_empty() && !block.starts_with('#');
    text.split("\n\n").filter(is_case).map(case).collect()
}

fn case(block: &'static str) -> Case {
    let mut lines = block.trim().lines().map(str::trim);
    let name = lines.next().expect("a case has a name");
    let edit = lines.next().unwrap_or_else(|| panic!("{name}: no edit"));
    Case {
        name,
        edit: self::edit(edit).unwrap_or_else(|| panic!("{name}: no edit: {edit}")),
        expected: lines.collect(),
    }
}

fn edit(line: &'static str) -> Option<Edit> {
    let (verb, rest) = line.split_once(' ')?;
    match (verb, rest.split_once(" = ")) {
        ("set", Some((pointer, value))) => Some(Edit::Set(pointer, value)),
        ("rename", Some((pointer, name))) => Some(Edit::Rename(pointer, name)),
        ("remove", None) => Some(Edit::Remove(rest)),
        _ => None,
    }
}

/// Compares the documents of each case, and panics with all failing cases.
pub(crate) fn check(cases: &[Case], documents: impl Fn(&Case) -> (Contract, Contract)) {
    let mut report = String::new();
    for case in cases {
        let (old, new) = documents(case);
        let findings = compare(&old, &new, Relation::Drift);
        let problem = problem(case, &old, &findings);
        if !problem.is_empty() {
            write!(report, "\n{}\n{problem}", case.name).expect("writing to a string cannot fail");
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// The difference between expected and actual findings; empty if there is none.
fn problem(case: &Case, old: &Contract, findings: &[Finding]) -> String {
    let mut problem = String::new();
    let mut missing = case.expected.clone();
    for finding in findings {
        let line = shown(finding, old);
        if let Some(index) = missing.iter().position(|expected| *expected == line) {
            missing.remove(index);
        } else if finding.level > Level::Editorial {
            problem += &format!("+ {line}\n    {}\n", finding.fact);
        }
        if finding.wire == Level::Breaking && finding.witness.is_none() {
            problem += &format!("no witness: {line}\n");
        }
    }
    for line in missing {
        problem += &format!("- {line}\n");
    }
    problem
}

/// A finding in the syntax of the table.
fn shown(finding: &Finding, old: &Contract) -> String {
    let location = finding.old.as_ref().expect("a difference has a location");
    let number = location.position.line as usize - 1;
    let text = old.document.source().text();
    let line = text.lines().nth(number).unwrap_or_default().trim();
    let (level, rule, pointer) = (finding.level, finding.rule.id, &location.pointer);
    format!("{level} {rule} {pointer} | {line}")
}
