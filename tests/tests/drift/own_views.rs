//! The views of the workspace as they are now.

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare};
use workspace_tests::documents;

use crate::edits::PARCELS;

#[test]
fn the_server_says_the_same_as_the_contract() {
    let contract = documents::contract("openapi/media.yaml", documents::CONTRACT);
    let server = documents::contract("server", documents::server());
    let findings = compare(&contract, &server, Relation::Drift);
    let drift: Vec<_> = findings
        .iter()
        .filter(|finding| finding.level > Level::Editorial)
        .map(|finding| (finding.rule.id, &finding.sites, &finding.fact))
        .collect();
    assert!(drift.is_empty(), "{drift:#?}");
}

#[test]
fn a_document_does_not_differ_from_itself() {
    for relation in [Relation::Drift, Relation::Evolution, Relation::Client] {
        for text in [
            documents::CONTRACT.to_owned(),
            documents::server(),
            PARCELS.to_owned(),
        ] {
            let document = || documents::contract("document", text.clone());
            assert_eq!(compare(&document(), &document(), relation), []);
        }
    }
}
