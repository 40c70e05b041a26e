//! Errors in the contract that were found when it was read.

use super::Lint;

/// Reports the tolerated errors and the invalid parts.
pub(super) fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract;
    let errors = contract
        .tolerated_errors
        .iter()
        .chain(&contract.invalid_parts);
    lint.findings
        .extend(errors.map(|problem| problem.to_finding(lint.document)));
}
