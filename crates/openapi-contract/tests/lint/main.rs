//! Tests of lint: what each rule reports and what it does not, and the settings in contracts.

mod cases;
mod files;
mod settings;

use openapi_contract::Finding;
use openapi_contract::document::Document;
use openapi_contract::lint::lint;
use openapi_contract::model::Contract;

/// All findings in a document, valid or not.
fn findings(name: &str, text: &str) -> Vec<Finding> {
    let document = Document::parse(name, text).expect("the YAML is valid");
    match Contract::read(document) {
        Ok(contract) => lint(&contract, &[]),
        Err(invalid) => invalid.findings,
    }
}

/// A finding in one line: position, level, rule and fact.
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
