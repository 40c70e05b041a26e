//! Single edits, on either side: each is found, and named correctly.

use std::collections::BTreeSet;

use openapi_contract::rules::{self, Rule};
use serde_json::Value;
use workspace_tests::documents::{self, contract};

use crate::cases::{check, table};

const CONTRACT_EDITS: &str = include_str!("contract_edits.txt");
const SERVER_EDITS: &str = include_str!("server_edits.txt");
const PARCEL_EDITS: &str = include_str!("parcel_edits.txt");

/// A small contract that has what that of the Media API lacks: bodies of requests, parameters in
/// every place, alternatives, tuples.
pub(crate) const PARCELS: &str = include_str!("parcels.yaml");

#[test]
fn every_edit_of_the_contract_is_named() {
    check(&table(CONTRACT_EDITS), |case| {
        let edited = case.edit.in_yaml(documents::CONTRACT);
        (
            contract("openapi/media.yaml", edited),
            contract("server", documents::server()),
        )
    });
}

#[test]
fn every_edit_of_the_server_is_named() {
    let server: Value = serde_json::from_str(&documents::server()).expect("it is JSON");
    check(&table(SERVER_EDITS), |case| {
        let mut edited = server.clone();
        case.edit.in_json(&mut edited);
        (
            contract("openapi/media.yaml", documents::CONTRACT),
            contract("server", edited.to_string()),
        )
    });
}

#[test]
fn every_edit_of_the_small_contract_is_named() {
    check(&table(PARCEL_EDITS), |case| {
        (
            contract("parcels.yaml", PARCELS),
            contract("edited.yaml", case.edit.in_yaml(PARCELS)),
        )
    });
}

/// What is only said of two versions of one contract, and about the file of accepted changes.
const EVOLUTION: &[Rule] = &[
    rules::ACCEPTED_CHANGES_INVALID,
    rules::ACCEPTED_CHANGE_EXPIRED,
    rules::ACCEPTED_CHANGE_UNUSED,
    rules::OPERATION_MOVED,
    rules::OPERATION_REMOVED_AFTER_SUNSET,
    rules::PARAMETER_REMOVED_AFTER_SUNSET,
    rules::SECURITY_FLOW_CHANGED,
    rules::TITLE_CHANGED,
    rules::SUNSET_CHANGED,
    rules::TAGS_CHANGED,
    rules::SERVER_ADDED,
    rules::SERVER_REMOVED,
    rules::LINKS_CHANGED,
    rules::DISCRIMINATOR_CHANGED,
    rules::COMPONENT_RENAMED,
];

/// Takes two edits; `rewrites` has it.
const ELSEWHERE: &[Rule] = &[
    rules::PARAMETER_RENAMED,
    rules::INVALID_DOCUMENT,
    rules::VERSION_BUMP_TOO_SMALL,
];

#[test]
fn every_rule_of_drift_has_a_case() {
    let mut met: BTreeSet<&str> = [CONTRACT_EDITS, SERVER_EDITS, PARCEL_EDITS]
        .into_iter()
        .flat_map(table)
        .flat_map(|case| case.rules().collect::<Vec<_>>())
        .collect();
    // What is wrong with one document alone is the lint's, and tested there.
    let lints = rules::GROUPS
        .iter()
        .filter(|(group, _)| group.starts_with("Lint"));
    let exempt = [EVOLUTION, ELSEWHERE]
        .into_iter()
        .chain(lints.map(|(_, rules)| *rules));
    met.extend(exempt.flatten().map(|rule| rule.id));
    let missing: Vec<_> = rules::ALL
        .iter()
        .filter(|rule| !met.contains(rule.id))
        .map(|rule| rule.id)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
