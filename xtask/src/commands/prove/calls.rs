//! Calls every operation of a contract, with conformant requests and responses.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};

use openapi_contract::conformance::{Conformance, Request};
use openapi_contract::document::Document;
use openapi_contract::document::NodeId;
use openapi_contract::model::{
    Contract, MediaType, Operation, OperationKey, ParameterEncoding, ParameterIn, ParameterKey,
    ParameterStyle, SchemaId, SecurityRequirement, SecurityScheme, is_framing_header, is_json,
};
use openapi_contract::witness::{
    RequestParts, UncoveredReason, UncoveredResponse, allows_nothing, responses, schema_values,
    uncovered_responses,
};
use openapi_contract::{Fidelity, Finding, Location};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::base_url::{BaseUrl, templates};
use super::build::GeneratedClient;
use super::faults::{Fault, faults};
use super::judge::{self, SentResponse, Verdict, shown};
use super::mock_server::{CannedResponse, MockServer, ReceivedRequest};
use super::program::{CallOutcome, Program};
use super::roundtrip::{Change, DEFAULTS_SENT, Defaults, change};
use super::table::Row;
use super::untouched::addition;

/// A body that is sent if the contract does not define the bytes of its values.
const UNDEFINED_BYTES: &str = "<some>text</some>";

/// The media types of streams of items.
const STREAMS: &[&str] = &[
    "text/event-stream",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/json-seq",
];

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

    /// The requests of an operation. `None` if there is none, with the reason in the failures or in the row.
    fn all_requests(
        &mut self,
        called: &Called<'_>,
        lowered: &Operation,
        failures: &mut Vec<String>,
    ) -> Option<Vec<Value>> {
        let Called { key, operation, .. } = called;
        let mut alternatives = operation.security.iter();
        if !operation.security.is_empty() && !alternatives.any(is_sendable) {
            let message = format!("{key}: requires two credentials in `Authorization`");
            self.row.impossible.push(message);
            return None;
        }
        if let Err(error) = self.conformance.validates_requests(key) {
            failures.push(format!("its requests cannot be validated: {error}"));
            return None;
        }
        let parts = self.requests(operation, lowered, failures);
        let gaps = gaps(self.original, operation, &parts);
        let is_impossible = gaps.iter().any(|gap| gap.is_impossible && gap.is_required);
        for gap in gaps {
            match gap.is_impossible {
                true => self.row.impossible.push(format!("{key}: {}", gap.part)),
                // Whatever has a reason, it was not tested.
                false => failures.push(format!(
                    "no value was found for the {} at {}",
                    gap.part, gap.place
                )),
            }
        }
        for name in single_files(self.original, operation, &parts) {
            failures.push(format!("no request has several files `{name}`"));
        }
        let mut requests = parts.messages();
        let all = requests.len();
        requests.retain(|request| self.routes_to(key, request));
        if requests.is_empty() {
            if !is_impossible {
                failures.push(match all {
                    0 => "no request was found".to_owned(),
                    _ => "all requests that were found are routed to another operation".to_owned(),
                });
            }
            return None;
        }
        Some(requests)
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

    /// The parts of requests: from the contract where the client sends the same parameter or body,
    /// otherwise from the lowered contract.
    /// What the client cannot send must be a finding.
    fn requests(
        &mut self,
        operation: &Operation,
        lowered: &Operation,
        failures: &mut Vec<String>,
    ) -> RequestParts {
        self.serialized.clear();
        self.keys = keys(operation);
        self.keys.extend(authorization(operation));
        if operation.security.is_empty() {
            self.keys.extend(self.optional_keys.iter().cloned());
        }
        let in_path = lowered.parameters.keys();
        let in_path = in_path.filter(|key| key.location == ParameterIn::Path);
        self.undeclared = in_path
            .filter(|key| !operation.parameters.contains_key(*key))
            .map(|key| key.name.clone())
            .collect();
        let mut parts = RequestParts::of(self.lowered, lowered);
        let declared = RequestParts::of(self.original, operation);
        for (key, (is_required, values)) in &mut parts.parameters {
            let Some((is_needed, of_contract)) = declared.parameters.get(key) else {
                continue;
            };
            *is_required = *is_needed;
            *values = of_contract.clone();
            if let (true, Some(parameter)) =
                (self.is_text(lowered, key), operation.parameters.get(key))
            {
                for value in values {
                    let text = text(&parameter.encoding, value);
                    let of = (key.location.to_string(), key.name.clone(), text.clone());
                    self.serialized.insert(of, value.clone());
                    *value = text.into();
                }
            }
        }
        let content = operation.request_body.as_ref().map(|body| &body.content);
        for (media_type, values) in &mut parts.bodies {
            if let Some(of_contract) = declared.bodies.get(media_type) {
                values.clone_from(of_contract);
            }
            let body = content.and_then(|content| content.get(media_type.as_str()));
            if let Some(body) = body
                && values.is_empty()
                && has_undefined_bytes(media_type)
                && !is_string(self.original, body.schema)
                && !allows_nothing(self.original, body.schema)
            {
                values.push(UNDEFINED_BYTES.into());
            }
        }
        for (key, parameter) in &operation.parameters {
            let is_sent = parts.parameters.contains_key(key) || self.original.ignores(key);
            if !is_sent && !self.is_reported_at(parameter.node, 1) {
                let (location, name) = (key.location, &parameter.name);
                failures.push(format!(
                    "the client has no {location} parameter `{name}`, and no finding reports it"
                ));
            }
        }
        if let Some(body) = &operation.request_body {
            for (media_type, unsent) in &body.content {
                // The same values can be sent with another media type.
                let is_sent = body.content.iter().any(|(other, sent)| {
                    let is_same = media_type == other || unsent.schema == sent.schema;
                    is_same && parts.bodies.contains_key(other.as_str())
                });
                if !is_sent && !self.is_reported_at(body.node, 2) {
                    failures.push(format!(
                        "the client has no body `{media_type}`, and no finding reports it"
                    ));
                }
            }
        }
        parts.needs_body = declared.needs_body;
        parts
    }

    /// Whether the path of a request routes to this operation and no other, with the same values.
    fn routes_to(&self, key: &OperationKey, request: &Value) -> bool {
        let mut values = Vec::new();
        let mut path = String::new();
        let (template, _) = key.path.split_once(['?', '#']).unwrap_or((&key.path, ""));
        for (at, fixed) in template.split("{}").enumerate() {
            if let Some(before) = at.checked_sub(1) {
                let value = &request["path"][before.to_string()];
                // The client knows how to serialize arrays and objects.
                if !matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
                    return true;
                }
                let value = encoded(&single(value));
                path += &value;
                values.push(value);
            }
            path += fixed;
        }
        let routed = self.original.route(key.method, &path);
        routed.is_none_or(|(other, _, read)| {
            let (same, _) = other
                .path
                .split_once(['?', '#'])
                .unwrap_or((&other.path, ""));
            // Fragments are not sent: they distinguish operations only if they repeat a query.
            let fragment = key
                .path
                .split_once('#')
                .map_or("", |(_, fragment)| fragment);
            let is_same = other.path == key.path || fragment.is_empty() || fragment.contains('=');
            same == template && is_same && read == values
        })
    }

    /// Whether the client takes the parameter as a string that the caller has serialized.
    fn is_text(&self, lowered: &Operation, key: &ParameterKey) -> bool {
        lowered.parameters.get(key).is_some_and(|parameter| {
            let schema = self.lowered.schemas.get(parameter.schema);
            schema.types() == ["string"]
        })
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

    /// The failure of the request, if any.
    fn request_failure(
        &mut self,
        request: &Value,
        received: &[ReceivedRequest],
        outcome: &CallOutcome,
        key: &OperationKey,
    ) -> Option<String> {
        let [arrived] = received else {
            let message = match outcome {
                CallOutcome::Rejected { message } | CallOutcome::Failed { message } => {
                    message.as_str()
                }
                _ => "",
            };
            let times = received.len();
            return Some(format!(
                "the server received {times} requests instead of one: {message}"
            ));
        };
        let got = Request {
            method: &arrived.method,
            path: &arrived.path,
            query: arrived.query.as_deref(),
            headers: &arrived.headers,
            body: &arrived.body,
        };
        // The contract does not define the bytes of such a body, but describes it as JSON.
        let is_undefined = request.pointer("/body/value") == Some(&UNDEFINED_BYTES.into());
        if let (Some(first), false) = (self.conformance.check_request(&got).first(), is_undefined) {
            return Some(format!("the request violates the contract: {first}"));
        }
        let received = match self.conformance.receive(&got) {
            Ok(received) => received.message,
            Err(error) => return Some(error.to_string()),
        };
        for part in ["path", "query", "header", "cookie", "body"] {
            let sent = request
                .get(part)
                .map(|sent| self.expected(part, sent, received.get(part)));
            let sent = sent.as_ref();
            let got = received.get(part).map(|got| match part {
                "query" => spread(got, sent),
                "header" => without_framing(got, sent),
                _ => got.clone(),
            });
            let got = got.as_ref();
            let change = change(part, sent, got, &self.defaults);
            if let Change::DefaultsSent(at) = &change {
                self.row.defaults.insert(format!("{key}: {part}{at}"));
            }
            if let Some(at) = change.failure(DEFAULTS_SENT) {
                let (sent, got) = (shown(sent), shown(got));
                return Some(format!("{part}{at}: sent {sent}, received {got}"));
            }
        }
        let addition = addition(request, arrived, &self.keys, &key.path)?;
        Some(format!("the request has a {addition} that was not set"))
    }

    /// The part as it must be received: strings that the caller serialized are decoded, and
    /// parameters that are API keys have the value of the key.
    fn expected(&self, part: &str, sent: &Value, got: Option<&Value>) -> Value {
        let mut expected = sent.clone();
        if let Some(members) = expected.as_object_mut().filter(|_| part == "path") {
            members.retain(|at, _| !self.undeclared.contains(at));
        }
        for (name, value) in expected.as_object_mut().into_iter().flatten() {
            let got = got.and_then(|got| got.get(name));
            if let Some(got) = got
                && self.keys.contains(&(part.to_owned(), name.clone()))
            {
                *value = got.clone();
                continue;
            }
            let Value::String(text) = &*value else {
                continue;
            };
            let is_received = |value: &Value| {
                got == Some(value) || matches!(got, Some(Value::Object(_) | Value::Array(_)))
            };
            let of = (part.to_owned(), name.clone(), text.clone());
            if let Some(decoded) = self.serialized.get(&of).filter(|value| is_received(value)) {
                *value = decoded.clone();
            }
        }
        expected
    }

    /// The failure of the response, if any.
    fn response_failure(
        &mut self,
        operation: &Operation,
        response: &CannedResponse,
        value: Option<&Value>,
        outcome: &CallOutcome,
    ) -> Option<String> {
        let status = response.status;
        let declared = operation.declared_status(status);
        let declared = declared.and_then(|status| operation.responses.get(&status));
        // A finding about the response, its `content`, or one of the media types.
        let is_reported = declared.is_some_and(|declared| self.is_reported_at(declared.node, 2));
        let sent = SentResponse { response, value };
        match judge::declared(&sent, outcome, &self.defaults, is_reported) {
            Verdict::Equal => None,
            Verdict::Reported => {
                self.row.reported += 1;
                None
            }
            Verdict::Lost(what) => {
                let body = String::from_utf8_lossy(&response.body);
                let body = shown(Some(value.unwrap_or(&Value::String(body.into()))));
                Some(format!("response {status} {body} {what}"))
            }
        }
    }
}

/// Values of path segments that would lead to another path.
const UNROUTABLE: &[&str] = &["", ".", "..", "%2e", "%2E%2e"];

/// Requests with such a value, with the position and the value of the parameter.
fn unroutable<'u>(
    key: &OperationKey,
    operation: &Operation,
    request: &Value,
) -> Vec<(Value, usize, &'u str)> {
    let (path, _) = key.path.split_once(['?', '#']).unwrap_or((&key.path, ""));
    let mut positions = 0..;
    let mut requests = Vec::new();
    for segment in path.split('/') {
        let count = segment.matches("{}").count();
        let at: Vec<usize> = positions.by_ref().take(count).collect();
        let ([at], "{}") = (&at[..], segment) else {
            continue;
        };
        let parameter = operation.parameters.get(&ParameterKey {
            location: ParameterIn::Path,
            name: at.to_string(),
        });
        let is_simple = parameter.is_some_and(|parameter| {
            let styled = parameter.encoding.styled();
            styled.is_some_and(|styled| styled.style == ParameterStyle::Simple)
        });
        let name = at.to_string();
        if is_simple && request["path"][&name].is_string() {
            requests.extend(UNROUTABLE.iter().map(|text| {
                let mut request = request.clone();
                request["path"][&name] = (*text).into();
                (request, *at, *text)
            }));
        }
    }
    requests
}

/// What is wrong with the outcome of such a request: it must be rejected before anything is sent.
fn sent_unroutable(received: &[ReceivedRequest], outcome: &CallOutcome) -> Option<String> {
    match (received, outcome) {
        ([], CallOutcome::Rejected { .. }) => None,
        ([], other) => Some(format!("the client did not reject it: {other:?}")),
        ([first, ..], _) => Some(format!("the client sent it to `{}`", first.path)),
    }
}

/// The arrays of files in multipart forms of which no value has several files.
fn single_files(contract: &Contract, operation: &Operation, parts: &RequestParts) -> Vec<String> {
    let is_file = |id: SchemaId| {
        let string = contract.schemas.get(id).string.as_ref();
        string.is_some_and(|string| string.formats.contains("binary"))
    };
    let is_list = |id: SchemaId| {
        let array = contract.schemas.get(id).array.as_ref();
        array.is_some_and(|array| {
            is_file(array.items) && array.max_items.is_none_or(|most| most > 1)
        })
    };
    let bodies = operation.request_body.iter().flat_map(|body| &body.content);
    let mut single = Vec::new();
    for (media_type, body) in
        bodies.filter(|(media_type, _)| media_type.essence() == "multipart/form-data")
    {
        let Some(values) = parts.bodies.get(media_type.as_str()) else {
            continue;
        };
        let object = contract.schemas.get(body.schema).object.as_ref();
        let properties = object.into_iter().flat_map(|object| &object.properties);
        let files = properties.filter(|(_, id)| is_list(**id));
        single.extend(
            files
                .filter(|(name, _)| {
                    let count = |value: &Value| value[name.as_str()].as_array().map_or(0, Vec::len);
                    values.iter().all(|value| count(value) < 2)
                })
                .map(|(name, _)| name.clone()),
        );
    }
    single
}

/// What to do about a declared response that no message covers.
#[derive(Debug)]
enum Uncovered {
    /// Its bytes are not defined by its schema; this response has some.
    Sent(CannedResponse, Option<Value>),
    /// A test cannot send it, with the reason.
    Untested(&'static str),
    /// Its schemas allow nothing.
    Impossible,
    /// No value was found for the part at this location.
    NotFound(Location),
}

fn uncovered(contract: &Contract, operation: &Operation, gap: &UncoveredResponse) -> Uncovered {
    let declared = operation.responses.get(&gap.status);
    let content_type = gap.content_type.clone().unwrap_or_default();
    let body = declared.and_then(|declared| declared.content.get(content_type.as_str()));
    let not_found = || {
        let node = declared.map_or(operation.node, |declared| declared.node);
        Uncovered::NotFound(Location::new(&contract.document, node, Some("content")))
    };
    let canned = |body: Vec<u8>| CannedResponse {
        status: gap.code,
        headers: vec![("content-type".to_owned(), content_type.clone())],
        body,
    };
    match gap.reason {
        UncoveredReason::Interim => Uncovered::Untested("it is no final response"),
        UncoveredReason::Impossible => Uncovered::Impossible,
        UncoveredReason::NotFound => not_found(),
        UncoveredReason::UndefinedBytes => match body {
            Some(body) if STREAMS.contains(&content_type.as_str()) => {
                let items = schema_values(contract, body);
                match items.is_empty() {
                    true => not_found(),
                    false => {
                        Uncovered::Sent(canned(streamed(&content_type, &items)), Some(items.into()))
                    }
                }
            }
            // The bytes of a string are its own.
            Some(body) if is_string(contract, body.schema) => not_found(),
            _ => Uncovered::Sent(canned(UNDEFINED_BYTES.into()), None),
        },
    }
}

/// Whether a schema allows strings only.
fn is_string(contract: &Contract, schema: SchemaId) -> bool {
    contract.schemas.get(schema).types() == ["string"]
}

/// The body of a stream of items.
fn streamed(content_type: &str, items: &[Value]) -> Vec<u8> {
    let items = items.iter().map(|item| match content_type {
        "text/event-stream" => format!("data: {item}\n\n"),
        "application/json-seq" => format!("\u{1e}{item}\n"),
        _ => format!("{item}\n"),
    });
    items.collect::<String>().into_bytes()
}

/// Whether a response is a stream of items.
fn is_stream(response: &CannedResponse) -> bool {
    let mut headers = response.headers.iter();
    headers.any(|(name, value)| name == "content-type" && STREAMS.contains(&value.as_str()))
}

/// An operation to call.
struct Called<'c> {
    /// The id in the client.
    id: &'c str,
    key: &'c OperationKey,
    operation: &'c Operation,
    base: &'c BaseUrl,
}

/// A part of a request without a value.
#[derive(Debug, PartialEq, Eq)]
struct Gap {
    part: String,
    /// The location of the parameter or the body.
    place: Location,
    is_required: bool,
    /// Whether its schema allows no value.
    is_impossible: bool,
}

/// The declared parts of a request for which no value was found.
fn gaps(contract: &Contract, operation: &Operation, parts: &RequestParts) -> Vec<Gap> {
    let place = |node: NodeId| Location::new(&contract.document, node, None);
    let mut gaps = Vec::new();
    for (key, (is_required, values)) in &parts.parameters {
        let parameter = operation.parameters.get(key);
        if let (true, Some(parameter)) = (values.is_empty(), parameter) {
            gaps.push(Gap {
                part: format!("{} parameter `{}`", key.location, parameter.name),
                place: place(parameter.node),
                is_required: *is_required,
                is_impossible: allows_nothing(contract, parameter.schema),
            });
        }
    }
    let declared = operation.request_body.iter();
    let bodies =
        declared.flat_map(|declared| declared.content.iter().map(move |of| (declared, of)));
    for (declared, (media_type, body)) in bodies {
        let values = parts.bodies.get(media_type.as_str());
        if values.is_some_and(Vec::is_empty) {
            gaps.push(Gap {
                part: format!("body `{media_type}`"),
                place: place(declared.node),
                is_required: parts.needs_body && parts.bodies.values().all(Vec::is_empty),
                is_impossible: allows_nothing(contract, body.schema),
            });
        }
    }
    gaps
}

/// Whether values of a media type other than strings have no defined bytes.
fn has_undefined_bytes(media_type: &str) -> bool {
    let media_type = MediaType::parse(media_type);
    let essence = media_type.essence();
    let is_form =
        essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/");
    !is_form && !media_type.is_json()
}

/// Whether a finding reports a loss at a place, or at most `depth` steps below it.
fn is_reported(rewrites: &[Finding], place: &Location, depth: usize) -> bool {
    rewrites.iter().any(|rewrite| {
        let is_loss = matches!(
            rewrite.fidelity,
            Some(Fidelity::Weakened | Fidelity::Omitted)
        );
        let old = rewrite.old.as_ref();
        let steps = old.and_then(|old| steps_below(place, old));
        is_loss && steps.is_some_and(|steps| steps <= depth)
    })
}

/// How many steps a location is below another one.
fn steps_below(place: &Location, below: &Location) -> Option<usize> {
    let rest = below.pointer.strip_prefix(&place.pointer)?;
    let is_below = place.file == below.file && (rest.is_empty() || rest.starts_with('/'));
    is_below.then(|| rest.matches('/').count())
}

/// Location and name of the API keys of an operation.
fn keys(operation: &Operation) -> BTreeSet<(String, String)> {
    let schemes = operation.security.iter().flat_map(BTreeMap::keys);
    let keys = schemes.filter_map(|scheme| match scheme {
        SecurityScheme::ApiKey { location, name } => Some(key(&location.to_string(), name)),
        _ => None,
    });
    keys.collect()
}

/// The header for the credentials of an operation that are no API keys.
fn authorization(operation: &Operation) -> Option<(String, String)> {
    let mut schemes = operation.security.iter().flat_map(BTreeMap::keys);
    schemes
        .any(|scheme| scheme.authorization_scheme().is_some())
        .then(|| key("header", "authorization"))
}

/// The API keys of a contract that declares some but requires none: the client sends those it has.
fn optional_keys(contract: &Value) -> BTreeSet<(String, String)> {
    let paths = contract["paths"].as_object().into_iter().flatten();
    let mut items = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let requires = |of: &Value| of.get("security").is_some();
    if requires(contract) || items.any(|(_, operation)| requires(operation)) {
        return BTreeSet::new();
    }
    let schemes = contract.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    schemes
        .filter(|(_, scheme)| scheme["type"] == "apiKey")
        .filter_map(|(_, scheme)| Some(key(scheme["in"].as_str()?, scheme["name"].as_str()?)))
        .collect()
}

/// Location and name of a key; names of headers are case-insensitive.
fn key(location: &str, name: &str) -> (String, String) {
    let name = match location {
        "header" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    };
    (location.to_owned(), name)
}

/// Whether one request can have all credentials of an alternative: `Authorization` holds only one.
fn is_sendable(alternative: &SecurityRequirement) -> bool {
    let in_authorization = alternative
        .keys()
        .filter_map(SecurityScheme::authorization_scheme);
    in_authorization.collect::<BTreeSet<_>>().len() < 2
}

/// The received headers without message framing, which every request has.
fn without_framing(got: &Value, sent: Option<&Value>) -> Value {
    let mut got = got.clone();
    if let Some(headers) = got.as_object_mut() {
        headers.retain(|name, _| {
            let is_sent = sent.is_some_and(|sent| sent.get(name).is_some());
            is_sent || !is_framing_header(name)
        });
    }
    got
}

/// A response for operations that declare none.
fn empty_response() -> CannedResponse {
    CannedResponse {
        status: 200,
        ..CannedResponse::default()
    }
}

/// Serializes a response.
fn serialized_response(message: &Value) -> CannedResponse {
    let mut headers: Vec<(String, String)> = Vec::new();
    let named = message.get("headers").and_then(Value::as_object);
    for (name, value) in named.into_iter().flatten() {
        // Message framing is not part of the contract.
        if ["content-length", "transfer-encoding", "connection"].contains(&name.as_str()) {
            continue;
        }
        headers.push((name.clone(), simple(value)));
    }
    let media_type = message
        .pointer("/body/content_type")
        .and_then(Value::as_str);
    let body = match (media_type, message.pointer("/body/value")) {
        (Some(media_type), Some(value)) => {
            headers.push(("content-type".to_owned(), media_type.to_owned()));
            match value {
                Value::String(text) if !is_json(media_type) => text.clone().into_bytes(),
                value => value.to_string().into_bytes(),
            }
        }
        _ => Vec::new(),
    };
    CannedResponse {
        status: message["status"].as_u64().unwrap_or_default() as u16,
        headers,
        body,
    }
}

/// The body of a response as a client reads it: what is not JSON is a string.
fn read_value(message: &Value) -> Option<Value> {
    let value = message.pointer("/body/value")?;
    let content_type = message.pointer("/body/content_type")?.as_str()?;
    Some(match value {
        Value::Number(_) | Value::Bool(_) if !is_json(content_type) => single(value).into(),
        value => value.clone(),
    })
}

/// Serializes the value of a header (style `simple`, not exploded).
fn simple(value: &Value) -> String {
    let parts: Vec<String> = match value {
        Value::Array(elements) => elements.iter().map(single).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| [name.clone(), single(value)])
            .collect(),
        scalar => return single(scalar),
    };
    parts.join(",")
}

/// Serializes a parameter in its style.
fn text(encoding: &ParameterEncoding, value: &Value) -> String {
    let joined = |separator: &str, between: &str| match value {
        Value::Array(elements) => {
            let elements = elements.iter().map(single);
            elements.collect::<Vec<_>>().join(separator)
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{name}{between}{}", single(value)));
            members.collect::<Vec<_>>().join(separator)
        }
        other => single(other),
    };
    let Some(styled) = encoding.styled() else {
        return value.to_string();
    };
    match (&styled.style, styled.explode) {
        (ParameterStyle::Simple, true) => joined(",", "="),
        (ParameterStyle::Label, true) => format!(".{}", joined(".", "=")),
        (ParameterStyle::Label, false) => format!(".{}", joined(",", ",")),
        _ => joined(",", ","),
    }
}

/// A query in which objects are replaced by their properties, under the names on the wire.
fn spread(got: &Value, sent: Option<&Value>) -> Value {
    let is_sent = |name: &str| sent.is_some_and(|sent| sent.get(name).is_some());
    let mut spread = Map::new();
    for (name, value) in got.as_object().into_iter().flatten() {
        match value {
            Value::Object(members) if !is_sent(name) => {
                for (member, value) in members {
                    let bracketed = format!("{name}[{member}]");
                    let name = if is_sent(&bracketed) {
                        bracketed
                    } else {
                        member.clone()
                    };
                    spread.insert(name, value.clone());
                }
            }
            value => {
                spread.insert(name.clone(), value.clone());
            }
        }
    }
    spread.into()
}

/// The characters to percent-encode in a path: all but those that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn single(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::model::ApiKeyLocation;

    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use openapi_contract::witness::{RequestParts, responses, uncovered_responses};
    use openapi_contract::{Fidelity, Finding, Location, rules};

    use serde_json::json;

    use super::{
        CallOutcome, ReceivedRequest, SecurityRequirement, SecurityScheme, UNROUTABLE, Uncovered,
        gaps, is_reported, is_sendable, sent_unroutable, single_files, uncovered, unroutable,
    };

    const CONTRACT: &str = "
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      parameters:
        - {name: never, in: query, schema: false}
        - {name: unknown, in: query, required: true, schema: {type: string, pattern: '^(?=b)a$'}}
        - {name: plain, in: query, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: false}}}
      responses:
        '200': {description: One., content: {application/json: {schema: {type: string}}}}
        '201': {description: Another.}
";

    fn contract() -> Contract {
        let document = Document::parse("things.yaml", CONTRACT).expect("it is YAML");
        Contract::read(document).expect("it is a contract")
    }

    #[test]
    fn segments_that_lead_elsewhere_must_be_rejected() {
        let received = || ReceivedRequest {
            method: "GET".to_owned(),
            path: "/things/".to_owned(),
            query: None,
            headers: Vec::new(),
            body: Vec::new(),
        };
        let message = String::new;
        let rejected = || CallOutcome::Rejected { message: message() };
        assert_eq!(sent_unroutable(&[], &rejected()), None);
        let failed = CallOutcome::Failed { message: message() };
        assert!(sent_unroutable(&[], &failed).is_some());
        assert!(sent_unroutable(&[received()], &rejected()).is_some());
    }

    #[test]
    fn segments_of_string_parameters_are_tested() {
        let text = "
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /a/{one}/{two}.{three}/{four}/{five}:
    get:
      parameters:
        - {name: one, in: path, required: true, schema: {type: string}}
        - {name: two, in: path, required: true, schema: {type: string}}
        - {name: three, in: path, required: true, schema: {type: string}}
        - {name: four, in: path, required: true, schema: {type: integer}}
        - {name: five, in: path, required: true, style: label, schema: {type: string}}
      responses: {'204': {description: Done.}}
";
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let (key, operation) = contract.operations.first_key_value().expect("there is one");
        let request = json!({"path": {"0": "a", "1": "b", "2": "c", "3": 4, "4": "e"}});
        let found = unroutable(key, operation, &request);
        assert_eq!(found.len(), UNROUTABLE.len());
        for (request, at, text) in found {
            assert_eq!(at, 0);
            let expected = json!({"path": {"0": text, "1": "b", "2": "c", "3": 4, "4": "e"}});
            assert_eq!(request, expected);
        }
    }

    #[test]
    fn a_form_with_files_needs_several() {
        let text = "
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                one: {type: string, format: binary}
                many: {type: array, items: {type: string, format: binary}}
                most: {type: array, maxItems: 1, items: {type: string, format: binary}}
      responses: {'204': {description: Done.}}
";
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        let mut parts = RequestParts::of(&contract, operation);
        assert!(single_files(&contract, operation, &parts).is_empty());
        let values = vec![json!({"one": "a", "many": ["b"], "most": ["c"]})];
        parts
            .bodies
            .insert("multipart/form-data".to_owned(), values);
        assert_eq!(single_files(&contract, operation, &parts), ["many"]);
    }

    #[test]
    fn parts_without_values_are_gaps() {
        let contract = contract();
        let operation = contract.operations.values().next().expect("there is one");
        let parts = RequestParts::of(&contract, operation);
        let found = gaps(&contract, operation, &parts);
        let found: Vec<(&str, String, bool, bool)> = found
            .iter()
            .map(|gap| {
                let place = gap.place.to_string();
                (&*gap.part, place, gap.is_required, gap.is_impossible)
            })
            .collect();
        let gap = |part, place: &str, is_required, is_impossible| {
            (part, place.to_owned(), is_required, is_impossible)
        };
        assert_eq!(
            found,
            [
                gap("query parameter `never`", "things.yaml:8:11", false, true),
                gap("query parameter `unknown`", "things.yaml:9:11", true, false),
                gap("body `application/json`", "things.yaml:11:7", true, true),
            ]
        );
    }

    #[test]
    fn responses_without_values_are_not_sent() {
        let text = "
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      responses:
        '200':
          description: No value is found for any of these.
          content:
            application/json: {schema: {type: string, pattern: '^(?=b)a$'}}
            text/plain: {schema: {type: string, pattern: '^(?=b)a$'}}
            text/event-stream: {schema: {type: object, required: [a], properties: {a: {type: string, pattern: '^(?=b)a$'}}}}
            text/never: {schema: false}
            text/xml: {schema: {type: object}}
            application/x-ndjson: {schema: {type: integer}}
        '201': {description: One., content: {application/json: {schema: false}}}
";
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        let messages = responses(&contract, operation);
        assert_eq!(messages, Vec::<serde_json::Value>::new());
        let gaps = uncovered_responses(&contract, operation, &messages);
        let found: Vec<(String, String)> = gaps
            .iter()
            .map(|gap| {
                let content_type = gap.content_type.clone().unwrap_or_default();
                let what = match uncovered(&contract, operation, gap) {
                    Uncovered::Sent(response, value) => {
                        format!("{} {value:?}", String::from_utf8_lossy(&response.body))
                    }
                    Uncovered::NotFound(place) => place.to_string(),
                    other => format!("{other:?}"),
                };
                (content_type, what)
            })
            .collect();
        let expected = [
            ("application/json", "things.yaml:10:11"),
            (
                "application/x-ndjson",
                "1\n0\n-1\n Some(Array [Number(1), Number(0), Number(-1)])",
            ),
            ("text/event-stream", "things.yaml:10:11"),
            ("text/never", "Impossible"),
            ("text/plain", "things.yaml:10:11"),
            ("text/xml", "<some>text</some> None"),
            ("application/json", "Impossible"),
        ];
        let expected =
            expected.map(|(content_type, what)| (content_type.to_owned(), what.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn findings_count_at_their_own_place_alone() {
        let contract = contract();
        let place = |pointer: &str| {
            let node = contract.document.at_pointer(pointer).expect("it exists");
            Location::new(&contract.document, node, None)
        };
        let response = "/paths/~1things/post/responses/200";
        let content = format!("{response}/content");
        for (at, fidelity, expected) in [
            (response, Fidelity::Weakened, true),
            (&content, Fidelity::Omitted, true),
            (&content, Fidelity::Exact, false),
            (
                &format!("{content}/application~1json/schema"),
                Fidelity::Weakened,
                false,
            ),
            (
                "/paths/~1things/post/responses/201",
                Fidelity::Weakened,
                false,
            ),
            ("/paths/~1things/post", Fidelity::Weakened, false),
        ] {
            let finding = Finding {
                old: Some(place(at)),
                ..Finding::rewrite(rules::ALL[0], fidelity, "it is lost")
            };
            let found = is_reported(&[finding], &place(response), 2);
            assert_eq!(found, expected, "{at} {fidelity:?}");
        }
    }

    #[test]
    fn authorization_holds_one_credential() {
        let http = |scheme: &str| SecurityScheme::Http {
            scheme: scheme.to_owned(),
        };
        let header = |name: &str| SecurityScheme::ApiKey {
            location: ApiKeyLocation::Header,
            name: name.to_owned(),
        };
        for (schemes, expected) in [
            (vec![http("basic")], true),
            (
                vec![http("basic"), header("X-Key"), SecurityScheme::MutualTls],
                true,
            ),
            (vec![http("basic"), header("authorization")], false),
            (vec![http("bearer"), SecurityScheme::OAuth2], true),
            (vec![http("basic"), SecurityScheme::OAuth2], false),
        ] {
            let alternative: SecurityRequirement = schemes
                .iter()
                .map(|scheme| (scheme.clone(), Default::default()))
                .collect();
            assert_eq!(is_sendable(&alternative), expected, "{schemes:?}");
        }
    }
}
