//! Comparisons find nothing between equal contracts, and prove what they report as breaking.

use std::collections::BTreeSet;

use openapi_contract::compare::{Relation, compare};
use openapi_contract::json_schema::Validator;
use openapi_contract::message_schema::{request_schema, response_schema};
use openapi_contract::model::Contract;
use openapi_contract::{Direction, Finding, Level};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::schemas::{contract, schema};

pub(crate) const RELATIONS: [Relation; 3] =
    [Relation::Evolution, Relation::Drift, Relation::Client];

/// Whether each side allows the message of a finding's witness.
fn verdicts(finding: &Finding, contracts: [&Contract; 2]) -> [bool; 2] {
    let witness = finding.witness.as_ref().expect("it has a witness");
    contracts.map(|contract| {
        let operation = contract
            .operations
            .values()
            .next()
            .expect("there is one operation");
        let schema = match witness.direction {
            Direction::Request => request_schema(contract, operation),
            Direction::Response => response_schema(contract, operation),
        };
        let shown = &witness.message;
        let mut message =
            json!({"body": {"content_type": shown["content_type"], "value": shown["body"]}});
        if let Some(status) = shown.get("status") {
            message["status"] = status.clone();
        }
        Validator::new(&schema)
            .expect("it is valid")
            .allows(&message)
    })
}

/// The rule that reports the same difference in the other direction.
pub(crate) fn opposite(id: &str) -> String {
    const PAIRS: [(&str, &str); 6] = [
        ("-deprecated", "-undeprecated"),
        ("-added", "-removed"),
        ("-raised", "-lowered"),
        ("-widened", "-narrowed"),
        ("-allowed", "-forbidden"),
        ("-became-required", "-became-optional"),
    ];
    for (one, other) in PAIRS {
        for (from, to) in [(one, other), (other, one)] {
            if let Some(stem) = id.strip_suffix(from) {
                return format!("{stem}{to}");
            }
        }
    }
    id.to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_contract_equals_itself(schema in schema()) {
        let contract = contract(&schema);
        for relation in RELATIONS {
            prop_assert_eq!(compare(&contract, &contract, relation), vec![], "{}", schema);
        }
    }

    #[test]
    fn a_component_equals_its_inline_schema(schema in schema()) {
        let inline = contract(&schema);
        let wrapped = contract(&json!({"allOf": [schema]}));
        prop_assert_eq!(compare(&inline, &wrapped, Relation::Drift), vec![], "{}", schema);
    }

    #[test]
    fn breaking_findings_have_valid_witnesses(old in schema(), new in schema()) {
        let (old, new) = (contract(&old), contract(&new));
        for finding in compare(&old, &new, Relation::Evolution) {
            if finding.wire == Level::Breaking {
                let verdicts = verdicts(&finding, [&old, &new]);
                let expected = match finding.direction {
                    // The sender is the side whose message must still be accepted.
                    Some(Direction::Request) => [true, false],
                    _ => [false, true],
                };
                prop_assert_eq!(verdicts, expected, "{:#?}", finding);
            }
        }
    }

    #[test]
    fn swapping_contracts_swaps_narrowing_and_widening(old in schema(), new in schema()) {
        let (old, new) = (contract(&old), contract(&new));
        let rules = |old: &Contract, new: &Contract| -> BTreeSet<String> {
            let findings = compare(old, new, Relation::Drift);
            findings.iter().map(|finding| finding.rule.id.to_owned()).collect()
        };
        let there: BTreeSet<String> = rules(&old, &new).iter().map(|id| opposite(id)).collect();
        let back = rules(&new, &old);
        prop_assert_eq!(there, back);
    }

    #[test]
    fn findings_are_deterministic(old in schema(), new in schema()) {
        let once = compare(&contract(&old), &contract(&new), Relation::Drift);
        let again = compare(&contract(&old), &contract(&new), Relation::Drift);
        prop_assert_eq!(once, again);
    }

    #[test]
    fn a_required_property_is_found_in_both_directions(schema in schema()) {
        let optional = json!({"type": "object", "properties": {"p": schema}});
        let mut required = optional.clone();
        required["required"] = json!(["p"]);
        let rules = |old: &Value, new: &Value| -> Vec<&'static str> {
            let findings = compare(&contract(old), &contract(new), Relation::Drift);
            findings.iter().map(|finding| finding.rule.id).collect()
        };
        prop_assert_eq!(rules(&optional, &required), ["property-became-required"; 2]);
        prop_assert_eq!(rules(&required, &optional), ["property-became-optional"; 2]);
    }
}
