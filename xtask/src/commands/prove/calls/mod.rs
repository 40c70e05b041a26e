//! Calls every operation of a contract, with conformant requests and responses.

mod comparison;
mod credentials;
mod gaps;
mod message_text;
mod path_segments;
mod reports;
mod requests;
#[cfg(test)]
mod test_contract;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use client_codegen::ClientOperation;
use openapi_contract::conformance::Conformance;
use openapi_contract::document::NodeId;
use openapi_contract::model::{Contract, Operation, OperationKey};
use openapi_contract::witness::{responses, uncovered_responses};
use openapi_contract::{Fidelity, Finding, Location};
use serde_json::{Value, json};

use self::credentials::optional_keys;
use self::gaps::{Uncovered, uncovered};
use self::message_text::{empty_response, is_stream, read_value, serialized_response};
use self::path_segments::{sent_unroutable, unroutable};
use self::reports::{is_reported, steps_below};
use super::base_url::BaseUrl;
use super::build::GeneratedClient;
use super::faults::{Fault, faults};
use super::judge;
use super::mock_server::{CannedResponse, MockServer, ReceivedRequest};
use super::program::{CallOutcome, Program};
use super::roundtrip::Defaults;
use super::table::Row;

/// The number of failures to show per operation.
const MAX_SHOWN: usize = 2;

/// Calls every operation, and adds the results to the row.
pub(super) fn make(generated: &GeneratedClient, program: Program, row: &mut Row) -> Result<()> {
    let contract = &generated.contract;
    let document = &contract.document;
    let mut prover = Prover {
        contract,
        findings: &generated.findings,
        serialized: BTreeMap::new(),
        keys: BTreeSet::new(),
        optional_keys: optional_keys(contract),
        undeclared: BTreeSet::new(),
        conformance: Conformance::on_demand(contract),
        server: MockServer::start()?,
        program,
        defaults: Defaults::of(&document.to_json(document.root())),
        row,
    };
    let mut called: BTreeSet<&OperationKey> = BTreeSet::new();
    for client in &generated.operations {
        called.extend(prover.operation(client)?);
    }
    for (key, operation) in &contract.operations {
        let is_missing = !operation.is_callback_or_webhook && !called.contains(key);
        if is_missing && !prover.is_omitted(operation) {
            let failure =
                format!("{key}: the client has no such operation, and no finding reports it");
            prover.row.failures.push(failure);
        }
    }
    Ok(())
}

struct Prover<'a> {
    contract: &'a Contract,
    findings: &'a [Finding],
    /// The values of parameters that callers serialize themselves, by location, name and text.
    serialized: BTreeMap<(String, String, String), Value>,
    /// Location and name of the parameters that are API keys of the operation.
    keys: BTreeSet<(String, String)>,
    /// Location and name of the API keys of a contract that requires none anywhere.
    optional_keys: BTreeSet<(String, String)>,
    /// The positions in the path that the operation does not declare.
    undeclared: BTreeSet<String>,
    conformance: Conformance<'a>,
    server: MockServer,
    program: Program,
    defaults: Defaults,
    row: &'a mut Row,
}

impl<'a> Prover<'a> {
    /// Proves an operation of the client. Returns the operation of the contract.
    fn operation(&mut self, client: &ClientOperation) -> Result<Option<&'a OperationKey>> {
        self.row.operations += 1;
        let Some((key, operation)) = declared(self.contract, client) else {
            self.row.failures.push(format!(
                "the contract has no operation `{} {}`",
                client.http_method, client.path
            ));
            return Ok(None);
        };
        let mut failures = Vec::new();
        let base = operation.path.strip_suffix(&*operation.template);
        let base = BaseUrl::new(&self.server.url, base.unwrap_or_default());
        let called = Called {
            client,
            key,
            operation,
            base: &base,
        };
        if let Some(requests) = self.all_requests(&called, &mut failures) {
            self.calls(&called, &requests, &mut failures)?;
        }
        let more = failures.len().saturating_sub(MAX_SHOWN);
        let shown = failures.into_iter().take(MAX_SHOWN);
        let shown = shown.map(|failure| format!("{key}: {failure}"));
        self.row.failures.extend(shown);
        if more > 0 {
            self.row.failures.push(format!("{key}: and {more} more"));
        }
        Ok(Some(key))
    }

    /// Calls an operation with all requests, responses and faults.
    fn calls(
        &mut self,
        called: &Called<'_>,
        requests: &[Value],
        failures: &mut Vec<String>,
    ) -> Result<()> {
        let Called { key, operation, .. } = called;
        let messages = responses(self.contract, operation);
        let mut sent: Vec<(CannedResponse, Option<Value>)> = messages
            .iter()
            .map(|message| (serialized_response(message), read_value(message)))
            .collect();
        for gap in uncovered_responses(self.contract, operation, &messages) {
            let what = match &gap.content_type {
                Some(content_type) => format!("response {} {content_type}", gap.status),
                None => format!("response {}", gap.status),
            };
            match uncovered(self.contract, operation, &gap) {
                Uncovered::Sent(response, value) => sent.push((response, value)),
                Uncovered::Untested(reason) => {
                    self.row.untested.push(format!("{key}: {what}: {reason}"));
                }
                Uncovered::Impossible => self.row.impossible.push(format!("{key}: {what}")),
                Uncovered::NotFound(place) => {
                    failures.push(format!("no value was found for the {what} at {place}"));
                }
            }
        }
        let has_streaming = called.client.has_stream_method;
        for turn in 0..requests.len().max(sent.len()) {
            let request = &requests[turn % requests.len()];
            let response = sent.get(turn % sent.len().max(1)).cloned();
            let (response, value) = response.unwrap_or_else(|| (empty_response(), None));
            let (received, mut outcome) = self.send(called, request, response.clone(), false)?;
            let failure = self.request_failure(request, &received, &outcome, key);
            self.row.requests.count(failure.is_none());
            failures.extend(failure);
            if received.is_empty() || sent.is_empty() {
                continue;
            }
            if has_streaming && is_stream(&response) {
                let (received, streamed) = self.send(called, request, response.clone(), true)?;
                let failure = self.request_failure(request, &received, &streamed, key);
                self.row.requests.count(failure.is_none());
                failures.extend(failure);
                // The method for JSON does not expect a stream.
                self.fault(
                    &Fault::undeclared("a stream", response.clone()),
                    &outcome,
                    failures,
                );
                outcome = streamed;
            }
            let failure = self.response_failure(operation, &response, value.as_ref(), &outcome);
            self.row.values.count(failure.is_none());
            failures.extend(failure);
        }
        let Some(least) = requests.last() else {
            return Ok(());
        };
        for (request, at, text) in unroutable(key, operation, least) {
            let (received, outcome) = self.send(called, &request, empty_response(), false)?;
            let what = sent_unroutable(&received, &outcome);
            self.row.paths.count(what.is_none());
            failures.extend(what.map(|what| format!("path parameter {at} is `{text}`: {what}")));
        }
        let faults = faults(self.contract, operation, key.method == "HEAD");
        for is_streaming in [false, true] {
            if is_streaming && !has_streaming {
                continue;
            }
            for fault in &faults {
                let sent = fault.response.clone();
                let (_, outcome) = self.send(called, least, sent, is_streaming)?;
                self.fault(fault, &outcome, failures);
            }
        }
        // Declared errors are the same for both methods.
        let errors = sent
            .iter()
            .filter(|(sent, _)| has_streaming && sent.status >= 400);
        for (response, value) in errors {
            let (_, outcome) = self.send(called, least, response.clone(), true)?;
            let failure = self.response_failure(operation, response, value.as_ref(), &outcome);
            self.row.values.count(failure.is_none());
            failures.extend(failure);
        }
        Ok(())
    }

    /// Counts the outcome of a response that the contract does not declare.
    fn fault(&mut self, fault: &Fault, outcome: &CallOutcome, failures: &mut Vec<String>) {
        let what = judge::fault(&fault.response, outcome, fault.may_be_none);
        self.row.faults.count(what.is_none());
        let status = fault.response.status;
        failures.extend(what.map(|what| format!("{} with status {status} {what}", fault.name)));
    }

    /// Whether a finding says that the client lacks an operation.
    fn is_omitted(&self, operation: &Operation) -> bool {
        self.findings.iter().any(|finding| {
            let at = |node: NodeId| {
                let place = Location::new(&self.contract.document, node, None);
                finding
                    .old
                    .as_ref()
                    .is_some_and(|old| steps_below(&place, old).is_some())
            };
            finding.fidelity == Some(Fidelity::Omitted)
                && (at(operation.node)
                    || finding.old.as_ref().is_some_and(|old| {
                        let place =
                            Location::new(&self.contract.document, operation.path_node, None);
                        steps_below(&place, old) == Some(0)
                    }))
        })
    }

    /// Whether a finding reports a loss at a value, or at most `depth` steps below it.
    fn is_reported_at(&self, node: NodeId, depth: usize) -> bool {
        let place = Location::new(&self.contract.document, node, None);
        is_reported(self.findings, &place, depth)
    }

    /// Makes a call. Returns the requests that arrived, and the outcome.
    fn send(
        &mut self,
        called: &Called<'_>,
        request: &Value,
        response: CannedResponse,
        is_streaming: bool,
    ) -> Result<(Vec<ReceivedRequest>, CallOutcome)> {
        self.server.set(response);
        let mut sent = request.clone();
        if let Value::Object(members) = &mut sent {
            members.remove("credentials");
        }
        let base = called.base.fill(&mut sent);
        let call = json!({"operation": called.client.id, "base": base, "request": sent,
            "is_streaming": is_streaming});
        let outcome = self.program.call(&call)?;
        Ok((self.server.take(), outcome))
    }
}

/// An operation to call.
struct Called<'c> {
    client: &'c ClientOperation,
    key: &'c OperationKey,
    operation: &'c Operation,
    base: &'c BaseUrl,
}

/// The operation of the contract that an operation of the client calls.
fn declared<'c>(
    contract: &'c Contract,
    client: &ClientOperation,
) -> Option<(&'c OperationKey, &'c Operation)> {
    let mut operations = contract.operations.iter();
    operations.find(|(key, operation)| {
        // The client adds a slash that is missing at the start of a path.
        let is_path = [client.path.strip_prefix('/'), Some(&*client.path)]
            .contains(&Some(&*operation.template));
        !operation.is_callback_or_webhook && key.method == client.http_method && is_path
    })
}

#[cfg(test)]
mod tests {
    use client_codegen::ClientOperation;
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;

    use super::declared;
    use super::test_contract::client;

    #[test]
    fn operations_are_found_by_method_and_path() {
        let text = "
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
servers: [{url: 'https://things.example/base'}]
paths:
  /a/{b}:
    get: {responses: {'204': {description: Done.}}}
    post: {servers: [{url: 'https://other.example/other'}], responses: {'204': {description: Done.}}}
  /a/{c}:
    get: {responses: {'204': {description: Done.}}}
  relative:
    get: {responses: {'204': {description: Done.}}}
";
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        for (method, path, expected) in [
            ("GET", "/a/{b}", Some("/a/{b}")),
            ("GET", "/a/{c}", Some("/a/{c}")),
            ("POST", "/a/{b}", Some("/a/{b}")),
            ("POST", "/a/{c}", None),
            ("GET", "/relative", Some("relative")),
            ("PUT", "/a/{b}", None),
        ] {
            let client = ClientOperation {
                http_method: method.to_owned(),
                path: path.to_owned(),
                ..client()
            };
            let found = declared(&contract, &client);
            let found = found.map(|(_, operation)| &*operation.template);
            assert_eq!(found, expected, "{method} {path}");
        }
    }
}
