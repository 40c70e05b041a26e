//! Requests, decoded and validated against a contract.

mod any_bytes;
mod bodies;
mod credentials;
mod rejections;
mod styles;

use openapi_contract::conformance::{Conformance, Request};
use openapi_contract::document::Document;
use openapi_contract::model::Contract;
use serde_json::Value;

/// A contract with these paths and components.
fn contract(rest: &str) -> Contract {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: 1.0.0}}\n{rest}");
    let document = Document::parse("contract.yaml", text).expect("it parses");
    Contract::read(document).unwrap_or_else(|error| panic!("{:#?}", error.findings))
}

/// A decoded request, and its violations.
fn received(contract: &Contract, request: &Request<'_>) -> (Result<Value, String>, Vec<String>) {
    let mut conformance = Conformance::new(contract).expect("its schemas are valid");
    let message = conformance
        .receive(request)
        .map(|received| received.message)
        .map_err(|problem| problem.to_string());
    let problems = conformance.check_request(request);
    (message, problems.iter().map(ToString::to_string).collect())
}

fn headers(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
