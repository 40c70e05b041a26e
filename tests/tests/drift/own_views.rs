//! The current contract and server of the workspace.

use openapi_contract::Level;
use openapi_contract::compare::{Relation, compare};
use workspace_tests::documents;

use crate::edits::PARCELS;

#[test]
fn server_matches_the_contract() {
    let contract = documents::contract("openapi/media.yaml", documents::CONTRACT);
    let server = documents::contract("server", documents::server());
    let findings = compare(&contract, &server, Relation::Drift);
    let drift: Vec<_> = findings
        .iter()
        .filter(|finding| finding.level > Level::Editorial)
        .map(|finding| &finding.fact)
        .collect();
    assert!(drift.is_empty(), "run `cargo xtask check`: {drift:#?}");
}

#[test]
fn documents_do_not_differ_from_themselves() {
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
