//! Errors in the contract that were tolerated when it was read.

use super::Lint;

/// Reports the tolerated errors.
pub(super) fn check(lint: &mut Lint<'_>) {
    let errors = lint.contract.tolerated_errors.iter();
    lint.findings
        .extend(errors.map(|problem| problem.to_finding(lint.document)));
}
