//! Tests of the search for rejected parts. progenitor is replaced by a function that rejects what a test names, and
//! the work of its runs is counted: a quarter for a run that ends in an error.

use std::cell::{Cell, RefCell};

use openapi_contract::document::Document;
use openapi_contract::{Fidelity, Finding};
use proc_macro2::TokenStream;
use serde_json::{Map, Value, json};

use super::{ProgenitorError, budget, generate};
use crate::error::GenerateError;
use crate::lower;
use crate::rules;

type Reject = Box<dyn Fn(&Value) -> bool>;

thread_local! {
    static REJECT: RefCell<Option<Reject>> = const { RefCell::new(None) };
    static WORK: Cell<usize> = const { Cell::new(0) };
}

/// The outcome of a run of the replaced progenitor; `None` if it is not replaced.
pub(super) fn run(draft: &Value) -> Option<Result<TokenStream, ProgenitorError>> {
    REJECT.with_borrow(|reject| {
        let is_rejected = reject.as_ref()?(draft);
        let work = budget::work(draft);
        WORK.set(WORK.get() + if is_rejected { work / 4 } else { work });
        Some(if is_rejected {
            Err(ProgenitorError::Panicked("rejected by the test".to_owned()))
        } else {
            Ok(TokenStream::new())
        })
    })
}

/// What the search made of a contract.
struct Searched {
    /// The outcome, and the findings.
    result: Result<(), GenerateError>,
    findings: Vec<Finding>,
    /// The document of the last run.
    draft: Value,
}

impl Searched {
    /// The ids of the operations that were omitted.
    fn omitted(&self) -> Vec<String> {
        let omitted = self.with_fidelity(Fidelity::Omitted);
        let sites = omitted.map(|finding| finding.sites[0].operation.clone());
        sites.collect()
    }

    /// The JSON pointers of the schemas that became any JSON value.
    fn untyped(&self) -> Vec<&str> {
        let untyped = self.with_fidelity(Fidelity::Weakened);
        let locations = untyped.filter_map(|finding| finding.old.as_ref());
        locations
            .map(|location| location.pointer.as_str())
            .collect()
    }

    fn with_fidelity(&self, fidelity: Fidelity) -> impl Iterator<Item = &Finding> {
        let findings = self.findings.iter();
        findings.filter(move |finding| {
            finding.rule == rules::UNSUPPORTED && finding.fidelity == Some(fidelity)
        })
    }
}

/// Generates from a contract with a progenitor that rejects some documents, and verifies the bound on its work:
/// three runs over the whole document next to the first one, which is rejected, and the last one.
fn search(contract: &Value, reject: impl Fn(&Value) -> bool + 'static) -> Searched {
    let document = Document::parse("contract.json", contract.to_string()).unwrap();
    let mut lowered = lower::lower(&document).unwrap();
    let one_run = budget::work(&lowered.draft);
    WORK.set(0);
    REJECT.set(Some(Box::new(reject)));
    let result = generate(&mut lowered, None).map(|_| ());
    REJECT.set(None);
    let small_runs = 3200;
    assert!(
        WORK.get() <= 3 * one_run + one_run / 4 + one_run + small_runs,
        "{} of {one_run}",
        WORK.get()
    );
    let draft = lowered.draft;
    Searched {
        result,
        findings: lowered.log.finish(),
        draft,
    }
}

/// A contract with this many operations and schemas. Each operation has a schema of its own, which refers to the
/// schema of the next operation if they are connected.
fn contract(operations: usize, are_connected: bool) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for number in 0..operations {
        let reference = |number: usize| json!({ "$ref": format!("#/components/schemas/Thing{}", number % operations) });
        let mut properties = Map::new();
        for name in ["one", "two", "three", "four", "five", "six", "seven"] {
            let property = json!({ "type": "string", "maxLength": 100, "description": "A text." });
            properties.insert(format!("{name}_{number}"), property);
        }
        if are_connected {
            let next = json!({ "type": "array", "items": reference(number + 1) });
            properties.insert("next".to_owned(), next);
        }
        schemas.insert(
            format!("Thing{number}"),
            json!({ "type": "object", "properties": properties }),
        );
        let body = json!({ "application/json": { "schema": reference(number) } });
        paths.insert(
            format!("/things/{number}"),
            json!({ "get": {
                "operationId": format!("get_{number}"),
                "parameters": [
                    { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1 } },
                    { "name": "page", "in": "query", "schema": { "type": "string", "minLength": 1 } },
                ],
                "responses": { "200": { "description": "", "content": body } },
            } }),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1.0.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// The numbers of the operations of a document.
fn operations(draft: &Value) -> impl Iterator<Item = usize> {
    let paths = draft["paths"].as_object().unwrap().iter();
    let kept = paths.filter(|(_, item)| item.get("get").is_some());
    kept.map(|(path, _)| number(path))
}

/// The numbers of the schemas of a document that have their properties.
fn schemas(draft: &Value) -> impl Iterator<Item = usize> {
    let schemas = draft["components"]["schemas"].as_object().unwrap().iter();
    let whole = schemas.filter(|(name, schema)| {
        let property = format!("two_{}", number(name));
        let property = schema["properties"].get(&property);
        property.is_some_and(|schema| *schema != json!({}))
    });
    whole.map(|(name, _)| number(name))
}

fn number(name: &str) -> usize {
    let digits = name.trim_start_matches(|character: char| !character.is_ascii_digit());
    digits.parse().unwrap()
}

fn paths(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    let numbers = numbers.into_iter();
    numbers
        .map(|number| format!("GET /things/{number}"))
        .collect()
}

#[test]
fn rejected_operations_are_omitted_and_no_others() {
    for are_connected in [false, true] {
        let contract = contract(200, are_connected);
        for step in [200, 40, 7, 1] {
            let searched = search(&contract, move |draft| {
                operations(draft).any(|number| number % step == step - 1)
            });
            searched.result.as_ref().unwrap();
            let expected = paths((0..200).filter(|number| number % step == step - 1));
            assert_eq!(searched.omitted(), expected, "{are_connected} {step}");
            assert_eq!(searched.untyped(), [""; 0], "{are_connected} {step}");
        }
    }
}

#[test]
fn only_the_rejected_part_of_a_schema_is_untyped() {
    for are_connected in [false, true] {
        let contract = contract(200, are_connected);
        for step in [200, 40] {
            let searched = search(&contract, move |draft| {
                schemas(draft).any(|number| number % step == step - 1)
            });
            searched.result.as_ref().unwrap();
            let expected: Vec<String> = (0..200)
                .filter(|number| number % step == step - 1)
                .map(|number| format!("/components/schemas/Thing{number}/properties/two_{number}"))
                .collect();
            assert_eq!(searched.untyped(), expected, "{are_connected} {step}");
            assert_eq!(searched.omitted(), [""; 0], "{are_connected} {step}");
        }
    }
}

#[test]
fn operation_that_is_rejected_with_its_dependencies_is_omitted() {
    let searched = search(&contract(200, false), |draft| {
        let is_it = |number| number == 123;
        operations(draft).any(is_it) && schemas(draft).any(is_it)
    });
    searched.result.as_ref().unwrap();
    assert_eq!(searched.omitted(), paths([123]));
    assert_eq!(searched.untyped(), [""; 0]);
}

#[test]
fn schema_that_is_acceptable_with_its_dependencies_stays() {
    let searched = search(&contract(50, false), |draft| {
        let all: Vec<usize> = schemas(draft).collect();
        let is_alone = operations(draft).any(|number| number == 7) && !all.contains(&7);
        is_alone || operations(draft).any(|number| number == 9)
    });
    searched.result.as_ref().unwrap();
    assert_eq!(searched.omitted(), paths([9]));
}

#[test]
fn group_with_a_rejected_operation_is_omitted_when_the_budget_is_spent() {
    // Every operation needs all schemas, so each attempt is a run over most of the document.
    let searched = search(&contract(200, true), |draft| {
        schemas(draft).count() == 200 && operations(draft).any(|number| number == 123)
    });
    searched.result.as_ref().unwrap();
    let omitted = searched.omitted();
    assert!(omitted.contains(&paths([123])[0]), "{omitted:?}");
    assert!((2..=100).contains(&omitted.len()), "{}", omitted.len());
    assert_eq!(
        operations(&searched.draft).count() + omitted.len(),
        200,
        "every operation is generated or reported"
    );
    let finding = searched.with_fidelity(Fidelity::Omitted).next().unwrap();
    let others = omitted.len() - 1;
    assert!(
        finding.fact.contains(&format!("one of {others} others")),
        "{}",
        finding.fact
    );
}

#[test]
fn contract_of_which_no_part_is_rejected_has_no_client() {
    let searched = search(&contract(200, false), |draft| {
        operations(draft).count() > 150
    });
    let Err(GenerateError::Rejected { rejections }) = searched.result else {
        panic!("{:?}", searched.result);
    };
    assert_eq!(rejections.len(), 1);
    assert_eq!(rejections[0].operation, None);
    assert_eq!(rejections[0].message, "rejected by the test");
}

/// The facts of the findings about what the real progenitor rejects in a contract.
fn facts(contract: &Value) -> Vec<String> {
    let document = Document::parse("contract.json", contract.to_string()).unwrap();
    let mut lowered = lower::lower(&document).unwrap();
    generate(&mut lowered, None).unwrap();
    let findings = lowered.log.finish().into_iter();
    let unsupported = findings.filter(|finding| finding.rule == rules::UNSUPPORTED);
    unsupported.map(|finding| finding.fact).collect()
}

#[test]
fn progenitor_rejects_operations() {
    let mut contract = contract(6, true);
    for path in ["/things/2", "/things/5"] {
        contract["paths"][path]["get"]["x-dropshot-websocket"] = json!(true);
    }
    let fact = |id: &str| {
        format!(
            "progenitor cannot generate the operation: invalid dropshot extension use: websocket endpoint \"{id}\" \
             must include an explicit 101 response code"
        )
    };
    assert_eq!(facts(&contract), [fact("get_2"), fact("get_5")]);
}

#[test]
fn progenitor_rejects_schemas() {
    let mut contract = contract(6, true);
    let rejected = json!({ "type": "string", "not": { "enum": ["a", 1] } });
    contract["components"]["schemas"]["Thing2"] = rejected.clone();
    contract["components"]["schemas"]["Thing5"]["properties"]["one_5"] = rejected;
    let facts = facts(&contract);
    let [whole, part] = &facts[..] else {
        panic!("{facts:?}");
    };
    let start = "progenitor cannot generate a type for `Thing2`; any JSON value is accepted: ";
    assert!(whole.starts_with(start), "{whole}");
    let start = "progenitor cannot generate a type for this schema; any JSON value is accepted: ";
    assert!(part.starts_with(start), "{part}");
}
