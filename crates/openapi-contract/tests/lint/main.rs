//! Tests of the linter: what each rule finds and what it does not, and what contracts say about it.

mod cases;
mod files;
mod settings;

use openapi_contract::Finding;
use openapi_contract::document::Document;
use openapi_contract::lint::{lint, read_contract};

/// Everything that is found in a document, contract or not.
fn findings(name: &str, text: &str) -> Vec<Finding> {
    let document = Document::parse(name, text).expect("it is YAML");
    match read_contract(document) {
        Ok(contract) => lint(&contract),
        Err(no_contract) => no_contract.findings,
    }
}

/// A finding in a line: where, how bad, which rule.
fn line(finding: &Finding) -> String {
    let place = finding.old.as_ref().expect("a lint finding has a place");
    format!(
        "{} {} [{}] {}",
        place.position, finding.level, finding.rule.id, finding.fact
    )
}
