//! Comparisons of small contracts: findings, levels and proofs.

mod finding_texts;
mod formats;
mod invalid_parts;
mod locations;
mod moves;
mod patterns;
mod ranges;
mod tolerated_errors;
mod unions;

use openapi_contract::compare::{Relation, compare_on};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use openapi_contract::{Finding, Level};

/// A contract of OpenAPI 3.1 with these paths; components may follow them.
fn contract(paths: &str) -> Contract {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: 1.0.0}}\npaths:\n{paths}");
    contract_of_document(text)
}

fn contract_of_document(text: String) -> Contract {
    let document = Document::parse("test.yaml", text).expect("it parses");
    Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings))
}

/// The findings between two versions above the level editorial.
fn findings(old: &str, new: &str) -> Vec<Finding> {
    let (old, new) = (contract(old), contract(new));
    let mut findings = compare_on(&old, &new, Relation::Evolution, Some("2027-01-01"));
    findings.retain(|finding| finding.wire > Level::Editorial);
    findings
}

/// The level and rule of each finding, with `!` if it has a witness.
fn found(old: &str, new: &str) -> Vec<String> {
    let findings = findings(old, new);
    let shown = findings.iter().map(|finding| {
        let proof = if finding.witness.is_some() { "!" } else { "" };
        format!("{} {}{proof}", finding.wire, finding.rule.id)
    });
    shown.collect()
}

/// An operation that takes a query parameter with this schema.
fn taking(schema: &str) -> String {
    format!(
        "  /a:\n    get:\n      operationId: a\n      parameters:\n        - {{name: p, in: query, \
         schema: {schema}}}\n      responses: {{'200': {{description: Fine.}}}}\n"
    )
}

/// An operation that takes a JSON body with this schema.
fn sent(schema: &str) -> String {
    format!(
        "  /a:\n    post:\n      operationId: a\n      requestBody: {{required: true, content: \
         {{application/json: {{schema: {schema}}}}}}}\n      responses: {{'200': {{description: \
         Fine.}}}}\n"
    )
}

/// An operation that returns JSON of this schema.
fn responding(schema: &str) -> String {
    format!(
        "  /a:\n    get:\n      operationId: a\n      responses: {{'200': {{description: Fine., \
         content: {{application/json: {{schema: {schema}}}}}}}}}\n"
    )
}
