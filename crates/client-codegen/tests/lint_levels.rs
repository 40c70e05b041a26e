//! The levels of the lint say what the client does: `breaking` is what it lacks, `risky` at the least
//! what it has at a price.

use std::fs;
use std::path::Path;

use client_codegen::{ContractSource, Fidelity, Options, generate};
use openapi_contract::Level;
use openapi_contract::document::Document;
use openapi_contract::lint::RULES;

#[test]
fn levels_are_what_the_client_does() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi-contract/tests/lint/cases");
    let mut wrong = Vec::new();
    for entry in RULES.rules {
        let id = entry.rule.id;
        let text = fs::read_to_string(cases.join(id).join("fires.yaml"));
        let text = text.unwrap_or_else(|error| panic!("{id}: {error}"));
        let Ok(document) = Document::parse("fires.yaml", text) else {
            continue;
        };
        let contract = ContractSource {
            path: "fires.yaml",
            document: &document,
        };
        // What keeps a document from being a contract cannot be set, whatever is made of it.
        let is_allowed = match generate(&contract, &Options::new("client"), None) {
            _ if !entry.can_be_set() => true,
            Err(_) => entry.level == Level::Breaking,
            Ok(made) => match made.rewrites.iter().map(|one| one.fidelity).max() {
                Some(Fidelity::Omitted) => entry.level == Level::Breaking,
                Some(Fidelity::Weakened) => entry.level == Level::Risky,
                Some(Fidelity::Exact) | None => entry.level < Level::Breaking,
            },
        };
        if !is_allowed {
            wrong.push(format!("{id} is {}", entry.level));
        }
    }
    assert_eq!(wrong, [""; 0]);
}
