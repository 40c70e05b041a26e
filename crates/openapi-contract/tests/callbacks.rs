//! Callbacks and webhooks: the server sends the request, and clients respond.

use openapi_contract::compare::{Relation, compare};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use openapi_contract::{Finding, Level};

const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: Uploads, version: 1.0.0}
paths:
  /uploads:
    post:
      operationId: create_upload
      responses: {'201': {description: Made.}}
      callbacks:
        done:
          '{$request.body#/url}':
            post:
              requestBody:
                required: true
                content:
                  application/json:
                    schema: {type: object, required: [size], properties: {size: {type: integer, maximum: 100}}}
              responses: {'204': {description: Seen.}}
webhooks:
  library_full:
    post:
      requestBody:
        content: {application/json: {schema: {type: object, required: [count], properties: {count: {type: integer}}}}}
      responses: {'204': {description: Seen.}}
";

fn contract(text: &str) -> Contract {
    let document = Document::parse("uploads.yaml", text).expect("it parses");
    Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings))
}

fn findings(old: &str, new: &str) -> Vec<(&'static str, Level)> {
    let findings = compare(&contract(old), &contract(new), Relation::Evolution);
    let shown = |finding: &Finding| (finding.rule.id, finding.wire);
    let mut shown: Vec<_> = findings.iter().map(shown).collect();
    shown.sort();
    shown
}

#[test]
fn callbacks_equal_themselves() {
    assert_eq!(findings(CONTRACT, CONTRACT), []);
}

#[test]
fn a_widened_callback_request_breaks_clients() {
    let larger = CONTRACT.replace("maximum: 100", "maximum: 200");
    assert_eq!(
        findings(CONTRACT, &larger),
        [("maximum-raised", Level::Breaking)]
    );
    assert_eq!(
        findings(&larger, CONTRACT),
        [("maximum-lowered", Level::Compatible)]
    );
}

#[test]
fn a_property_missing_from_a_callback_breaks_clients() {
    let without = CONTRACT.replace(
        "required: [count], properties: {count: {type: integer}}",
        "properties: {}",
    );
    assert_eq!(
        findings(CONTRACT, &without),
        [("property-removed", Level::Breaking)]
    );
}

#[test]
fn a_removed_callback_breaks_nothing() {
    let without = CONTRACT
        .split("webhooks:")
        .next()
        .expect("there is a first part");
    assert_eq!(
        findings(CONTRACT, without),
        [("operation-removed", Level::Risky)]
    );
    assert_eq!(
        findings(without, CONTRACT),
        [("operation-added", Level::Compatible)]
    );
}

#[test]
fn a_narrowed_callback_response_breaks_clients() {
    let narrowed = CONTRACT.replace(
        "responses: {'204': {description: Seen.}}\nwebhooks",
        "responses: {'202': {description: Seen.}}\nwebhooks",
    );
    let found = findings(CONTRACT, &narrowed);
    assert_eq!(
        found,
        [
            ("status-added", Level::Compatible),
            ("status-removed", Level::Breaking)
        ]
    );
}
