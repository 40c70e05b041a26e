//! The ids of findings: unique in a comparison, and stable under unrelated edits.

use std::collections::BTreeSet;

use openapi_contract::compare::{Relation, compare};
use workspace_tests::documents::contract;

use crate::workspace::CONTRACT;

fn ids(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (contract("old.yaml", old), contract("new.yaml", new));
    let findings = compare(&old, &new, Relation::Evolution);
    findings.iter().map(openapi_contract::Finding::id).collect()
}

/// Many changes, some of the same rule at the same location.
fn changed() -> String {
    CONTRACT
        .replace("maximum: 100", "maximum: 50")
        .replace("required: [id, state]", "required: []")
        .replace("enum: [sent, lost]", "enum: [sent, found, 'on the way']")
        .replace(
            "        id: {type: string}\n",
            "        id: {type: string, nullable: true}\n        size: {type: integer}\n",
        )
        .replace(
            "        - {name: sort, in: query, schema: {type: string}}\n",
            "",
        )
}

#[test]
fn ids_are_readable_and_distinct() {
    let ids = ids(CONTRACT, &changed());
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:#?}");
    insta::assert_snapshot!(ids.join("\n"));
}

#[test]
fn ids_survive_unrelated_edits() {
    let before: BTreeSet<String> = ids(CONTRACT, &changed()).into_iter().collect();
    let unrelated = |text: &str| {
        text.replace(
            "parameters:\n",
            "parameters:\n        - {name: first, in: query, schema: {type: string}}\n",
        )
        .replace("openapi: 3.0.3\n", "# A comment.\nopenapi: 3.0.3\n")
        .replace("The parcels.", "All of the parcels.")
        .replace("  schemas:\n", "  schemas:\n    Another: {type: string}\n")
    };
    let after = ids(&unrelated(CONTRACT), &unrelated(&changed()));
    assert_eq!(after.into_iter().collect::<BTreeSet<_>>(), before);
}
