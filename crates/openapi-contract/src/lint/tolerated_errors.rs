//! Errors that were tolerated when the contract was read.

use super::Lint;

/// Reports the errors that did not keep the contract from being read.
pub(super) fn check(lint: &mut Lint<'_>) {
    let errors = lint.contract.tolerated_errors.iter();
    lint.findings
        .extend(errors.map(|problem| problem.to_finding(lint.document)));
}
