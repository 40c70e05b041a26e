//! Tests of the linter: what each rule finds and what it does not, and what contracts say about it.

mod cases;
mod files;
mod settings;

use openapi_contract::Finding;
use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

/// Everything that is found in a document, contract or not.
fn findings(name: &str, text: &str) -> Vec<Finding> {
    let document = Document::parse(name, text).expect("it is YAML");
    match Contract::read(document) {
        Ok(contract) => lint(&contract),
        Err(invalid) => invalid.findings,
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
