//! Invalid parts of the contracts, which cannot be compared.

use std::collections::HashMap;

use crate::finding::{Finding, Level};
use crate::model::{Contract, Problem};

/// The findings for the invalid parts of two versions of a contract. A part that only the new version
/// has is `breaking`. Others are `risky`: the comparison reports what differs there as undecided, or
/// not at all.
pub fn invalid_parts(old: &Contract, new: &Contract) -> Vec<Finding> {
    let mut before: Vec<&Problem> = old.invalid_parts.iter().collect();
    let mut added: Vec<&Problem> = Vec::new();
    let mut findings = Vec::new();
    let mut kept = |before: &Problem, now: &Problem| {
        findings.push(Finding {
            old: before.to_finding(&old.document).old,
            ..in_new(now, new, Level::Risky)
        });
    };
    // Parts at the same location first, then those that were moved.
    let by_pointer = |contract: &Contract, problem: &Problem| {
        let pointer = contract.document.pointer(problem.node);
        (problem.message.clone(), pointer)
    };
    let by_message = |_: &Contract, problem: &Problem| (problem.message.clone(), String::new());
    let mut left: Vec<&Problem> = new.invalid_parts.iter().collect();
    for key in [
        &by_pointer as &dyn Fn(&Contract, &Problem) -> (String, String),
        &by_message,
    ] {
        let mut known: HashMap<_, Vec<&Problem>> = HashMap::new();
        for problem in before.drain(..).rev() {
            known.entry(key(old, problem)).or_default().push(problem);
        }
        for problem in left.drain(..) {
            match known.get_mut(&key(new, problem)).and_then(Vec::pop) {
                Some(same) => kept(same, problem),
                None => added.push(problem),
            }
        }
        std::mem::swap(&mut left, &mut added);
        before.extend(known.into_values().flatten());
        before.sort_by_key(|problem| old.document.sort_key(problem.node));
    }
    findings.extend(
        left.into_iter()
            .map(|problem| in_new(problem, new, Level::Breaking)),
    );
    findings.extend(before.into_iter().map(|problem| Finding {
        level: Level::Risky,
        wire: Level::Risky,
        ..problem.to_finding(&old.document)
    }));
    findings
}

/// The finding for a part of the new version.
fn in_new(problem: &Problem, new: &Contract, level: Level) -> Finding {
    let finding = problem.to_finding(&new.document);
    Finding {
        level,
        wire: level,
        new: finding.old,
        old: None,
        ..finding
    }
}
