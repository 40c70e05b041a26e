//! Findings of the generator that repeat the fact of a lint finding.

use openapi_contract::rules::{self as contract_rules, Rule};
use openapi_contract::{Fidelity, Finding, Level, Location};

use crate::rules;

/// Lint rules, each with the rule of the generator that reports the same fact.
const SAME_FACT: &[(Rule, Rule)] = &[
    (contract_rules::INVALID_CONTRACT, rules::MALFORMED),
    (contract_rules::UNRESOLVED_REFERENCE, rules::REFERENCES),
    (
        contract_rules::UNSUPPORTED_VERSION,
        rules::UNSUPPORTED_FEATURE,
    ),
    (contract_rules::OPERATION_ID_MISSING, rules::OPERATION_IDS),
    (contract_rules::OPERATION_ID_CLASH, rules::OPERATION_IDS),
    (contract_rules::PATH_PARAMETER_UNDECLARED, rules::PARAMETERS),
    (contract_rules::PATH_PARAMETER_UNKNOWN, rules::PARAMETERS),
    (contract_rules::PATH_PARAMETER_OPTIONAL, rules::PARAMETERS),
    (
        contract_rules::PARAMETER_STYLE_UNSUPPORTED,
        rules::PARAMETER_STYLES,
    ),
    (
        contract_rules::PARAMETER_NOT_SCALAR,
        rules::PARAMETER_STYLES,
    ),
    (rules::METHOD_NAME_CLASH, rules::OPERATION_IDS),
    (rules::CALLBACK_IGNORED, rules::SERVER_SIDE),
    (rules::PARAMETER_NAME_CLASH, rules::PARAMETERS),
    (
        rules::PARAMETER_CONTENT_UNSUPPORTED,
        rules::PARAMETER_STYLES,
    ),
    (rules::RAW_BODY_SCHEMA, rules::REQUEST_BODIES),
    (rules::SUCCESS_TYPES_SEVERAL, rules::RESPONSES),
    (rules::ERROR_TYPES_SEVERAL, rules::RESPONSES),
];

/// Removes the findings of the generator whose fact a lint finding reports at the same location.
///
/// A finding that is not exact is only removed if the lint finding is at least risky, so that the report
/// never hides what the client does not enforce.
pub fn remove_repetitions(rewrites: &mut Vec<Finding>, lints: &[Finding]) {
    rewrites.retain(|rewrite| !lints.iter().any(|lint| repeats(rewrite, lint)));
}

fn repeats(rewrite: &Finding, lint: &Finding) -> bool {
    let is_exact = rewrite.fidelity == Some(Fidelity::Exact);
    (is_exact || lint.level >= Level::Risky)
        && SAME_FACT.contains(&(lint.rule, rewrite.rule))
        && match (&rewrite.old, &lint.old) {
            (Some(rewrite), Some(lint)) => is_adjacent(rewrite, lint),
            _ => false,
        }
}

/// Whether two locations are the same value, or a value and one of its entries.
fn is_adjacent(one: &Location, other: &Location) -> bool {
    let is_entry = |outer: &str, inner: &str| {
        inner
            .strip_prefix(outer)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|key| !key.contains('/'))
    };
    one.file == other.file
        && (one.pointer == other.pointer
            || is_entry(&one.pointer, &other.pointer)
            || is_entry(&other.pointer, &one.pointer))
}
