//! Single edits of either document: each is found, by the right rule.

use std::collections::BTreeSet;

use openapi_contract::rules::{self, Rule};
use serde_json::Value;
use workspace_tests::documents::{self, contract};

use crate::cases::{check, table};

const CONTRACT_EDITS: &str = include_str!("contract_edits.txt");
const SERVER_EDITS: &str = include_str!("server_edits.txt");
const PARCEL_EDITS: &str = include_str!("parcel_edits.txt");

/// A small contract with what that of the Media API lacks: request bodies, parameters in every
/// location, `oneOf`, tuples.
pub(crate) const PARCELS: &str = include_str!("parcels.yaml");

#[test]
fn edits_of_the_contract_are_found() {
    check(&table(CONTRACT_EDITS), |case| {
        let edited = case.edit.in_yaml(&documents::media_contract());
        (
            contract("openapi/media.yaml", edited),
            contract("server", documents::media_server()),
        )
    });
}

#[test]
fn edits_of_the_server_are_found() {
    let server: Value = serde_json::from_str(&documents::media_server()).expect("it is JSON");
    check(&table(SERVER_EDITS), |case| {
        let mut edited = server.clone();
        case.edit.in_json(&mut edited);
        (
            contract("openapi/media.yaml", documents::media_contract()),
            contract("server", edited.to_string()),
        )
    });
}

#[test]
fn edits_of_the_small_contract_are_found() {
    check(&table(PARCEL_EDITS), |case| {
        (
            contract("parcels.yaml", PARCELS),
            contract("edited.yaml", case.edit.in_yaml(PARCELS)),
        )
    });
}

/// Rules for two versions of one contract, and for the file of accepted changes.
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

/// Rules that need more than one edit.
const OTHER: &[Rule] = &[
    rules::PARAMETER_RENAMED,
    rules::INVALID_DOCUMENT,
    rules::VERSION_BUMP_TOO_SMALL,
];

#[test]
fn every_rule_has_a_case() {
    let mut covered: BTreeSet<&str> = [CONTRACT_EDITS, SERVER_EDITS, PARCEL_EDITS]
        .into_iter()
        .flat_map(table)
        .flat_map(|case| case.rules().collect::<Vec<_>>())
        .collect();
    // Lint rules have their own tests.
    let lints = rules::GROUPS
        .iter()
        .filter(|(group, _)| group.starts_with("Lint"));
    let exempt = [EVOLUTION, OTHER]
        .into_iter()
        .chain(lints.map(|(_, rules)| *rules));
    covered.extend(exempt.flatten().map(|rule| rule.id));
    let missing: Vec<_> = rules::ALL
        .iter()
        .filter(|rule| !covered.contains(rule.id))
        .map(|rule| rule.id)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
