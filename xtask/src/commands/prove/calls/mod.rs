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

use anyhow::{Context, Result, anyhow};

use openapi_contract::conformance::Conformance;
use openapi_contract::document::Document;
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
use super::base_url::{BaseUrl, templates};
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
pub(super) fn make(generated: GeneratedClient, program: Program, row: &mut Row) -> Result<()> {
    let defaults = {
        let document = &generated.document;
        Defaults::of(&document.to_json(document.root()))
    };
    let read = |document: Document| {
        Contract::read(document).map_err(|invalid| {
            let first = invalid.findings.into_iter().next();
            anyhow!(first.map_or_else(String::new, |finding| finding.fact))
        })
    };
    let original = match read(generated.document) {
        Ok(contract) => contract,
        Err(error) => {
            row.failures
                .push(format!("the contract is invalid: {error}"));
            return Ok(());
        }
    };
    let lowered = Document::parse("lowered.json", generated.lowered.to_string())
        .context("cannot read the lowered contract")?;
    let lowered = read(lowered).context("cannot read the lowered contract")?;
    let conformance = Conformance::on_demand(&original);
    let mut prover = Prover {
        original: &original,
        lowered: &lowered,
        templates: templates(&generated.lowered),
        rewrites: &generated.rewrites,
        serialized: BTreeMap::new(),
        keys: BTreeSet::new(),
        optional_keys: optional_keys(&generated.lowered),
        undeclared: BTreeSet::new(),
        conformance,
        server: MockServer::start()?,
        program,
        defaults,
        row,
    };
    let mut called: BTreeSet<&OperationKey> = BTreeSet::new();
    for (key, operation) in &lowered.operations {
        if !operation.is_callback_or_webhook {
            called.extend(prover.operation(key, operation)?);
        }
    }
    for (key, operation) in &original.operations {
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
    original: &'a Contract,
    /// The lowered contract: what the client sends and accepts.
    lowered: &'a Contract,
    templates: BTreeMap<String, String>,
    rewrites: &'a [Finding],
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
    fn operation(
        &mut self,
        key: &OperationKey,
        lowered: &Operation,
    ) -> Result<Option<&'a OperationKey>> {
        self.row.operations += 1;
        let Some(id) = lowered.id.clone() else {
            let failure = format!("{key}: the operation of the client has no id");
            self.row.failures.push(failure);
            return Ok(None);
        };
        let operations = &self.original.operations;
        let template = self.templates.get(&id).cloned().unwrap_or_default();
        // Operations with their own servers have another path; the client gets their base URL.
        let with_own_servers = || {
            operations.iter().find(|(found_key, found)| {
                let is_same = match &found.id {
                    Some(found) => *found == id,
                    None => found_key.method == key.method && found.path.ends_with(&template),
                };
                found.servers.is_some() && is_same
            })
        };
        let found = operations.get_key_value(key).or_else(with_own_servers);
        let Some((key, operation)) = found else {
            self.row
                .failures
                .push(format!("the contract has no operation `{key}`"));
            return Ok(None);
        };
        let mut failures = Vec::new();
        let base = operation.path.strip_suffix(&*template);
        let base = base
            .or_else(|| lowered.path.strip_suffix(&*template))
            .unwrap_or_default();
        let base = BaseUrl::new(&self.server.url, base);
        let called = Called {
            id: &id,
            key,
            operation,
            base: &base,
        };
        if let Some(requests) = self.all_requests(&called, lowered, &mut failures) {
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
        let messages = responses(self.original, operation);
        let mut sent: Vec<(CannedResponse, Option<Value>)> = messages
            .iter()
            .map(|message| (serialized_response(message), read_value(message)))
            .collect();
        for gap in uncovered_responses(self.original, operation, &messages) {
            let what = match &gap.content_type {
                Some(content_type) => format!("response {} {content_type}", gap.status),
                None => format!("response {}", gap.status),
            };
            match uncovered(self.original, operation, &gap) {
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
        // Whether the operation has a method for its stream besides the one for JSON.
        let mut has_streaming = false;
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
            if is_stream(&response) {
                let (received, streamed) = self.send(called, request, response.clone(), true)?;
                if !matches!(streamed, CallOutcome::Rejected { .. }) {
                    has_streaming = true;
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
        let faults = faults(self.original, operation, key.method == "HEAD");
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
        self.rewrites.iter().any(|rewrite| {
            let at = |node: NodeId| {
                let place = Location::new(&self.original.document, node, None);
                rewrite
                    .old
                    .as_ref()
                    .is_some_and(|old| steps_below(&place, old).is_some())
            };
            rewrite.fidelity == Some(Fidelity::Omitted)
                && (at(operation.node)
                    || rewrite.old.as_ref().is_some_and(|old| {
                        let place =
                            Location::new(&self.original.document, operation.path_node, None);
                        steps_below(&place, old) == Some(0)
                    }))
        })
    }

    /// Whether a finding reports a loss at a value, or at most `depth` steps below it.
    fn is_reported_at(&self, node: NodeId, depth: usize) -> bool {
        let place = Location::new(&self.original.document, node, None);
        is_reported(self.rewrites, &place, depth)
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
        let call = json!({"operation": called.id, "base": base, "request": sent,
            "is_streaming": is_streaming});
        let outcome = self.program.call(&call)?;
        Ok((self.server.take(), outcome))
    }
}

/// An operation to call.
struct Called<'c> {
    /// The id in the client.
    id: &'c str,
    key: &'c OperationKey,
    operation: &'c Operation,
    base: &'c BaseUrl,
}
