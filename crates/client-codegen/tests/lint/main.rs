//! Tests of the lint rules: their cases, their pages, and their settings in a contract.

mod cases;
mod levels;
mod pages;
mod repetitions;

use client_codegen::lint::RULES;
use openapi_contract::Finding;
use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

/// The findings of all rules in a document, whether it is a contract or not.
fn findings(name: &str, text: &str) -> Vec<Finding> {
    let document = Document::parse(name, text).expect("the document is valid YAML");
    match Contract::read(document) {
        Ok(contract) => lint(&contract, &[&RULES]),
        Err(invalid) => invalid.findings,
    }
}

/// A finding in one line: location, level, rule and fact.
fn line(finding: &Finding) -> String {
    let location = finding
        .old
        .as_ref()
        .expect("every lint finding has a location");
    format!(
        "{} {} [{}] {}",
        location.position, finding.level, finding.rule.id, finding.fact
    )
}
