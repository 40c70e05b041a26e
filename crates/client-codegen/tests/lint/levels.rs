//! The levels of lint rules agree with the client: `breaking` if it omits something, `risky` if it supports
//! something only in part.

use std::fs;
use std::path::Path;

use client_codegen::{ContractSource, Options, generate};
use openapi_contract::Fidelity;
use openapi_contract::Level;
use openapi_contract::document::Document;
use openapi_contract::lint::RuleSet;
use openapi_contract::model::Contract;

use crate::cases::directory;

#[test]
fn levels_agree_with_the_client() {
    let crate_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = crate_directory.join("../openapi-contract/tests/lint/cases");
    assert_eq!(wrong(&openapi_contract::lint::RULES, &cases), [""; 0]);
    assert_eq!(wrong(&client_codegen::lint::RULES, &directory()), [""; 0]);
}

/// The rules with a wrong level.
fn wrong(rules: &RuleSet, cases: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for entry in rules.rules {
        let id = entry.rule.id;
        let text = fs::read_to_string(cases.join(id).join("fires.yaml"));
        let text = text.unwrap_or_else(|error| panic!("{id}: {error}"));
        let Ok(document) = Document::parse("fires.yaml", text) else {
            continue;
        };
        let Ok(contract) = Contract::read(document) else {
            continue;
        };
        let contract = ContractSource {
            path: "fires.yaml",
            contract: &contract,
        };
        // The level of these rules is fixed, whatever the generator does.
        let is_allowed = match generate(&contract, &Options::new("client"), None) {
            _ if !entry.can_be_set() => true,
            Err(_) => entry.level == Level::Breaking,
            Ok(made) => match made.findings.iter().filter_map(|one| one.fidelity).max() {
                Some(Fidelity::Omitted) => entry.level == Level::Breaking,
                Some(Fidelity::Weakened) => entry.level == Level::Risky,
                Some(Fidelity::Exact) | None => entry.level < Level::Breaking,
            },
        };
        if !is_allowed {
            wrong.push(format!("{id} is {}", entry.level));
        }
    }
    wrong
}
