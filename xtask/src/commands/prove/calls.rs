//! Calls every operation of a contract, with conformant requests and responses.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};

use openapi_contract::conformance::{Conformance, Request};
use openapi_contract::document::Document;
use openapi_contract::model::{
    Contract, Operation, OperationKey, ParameterEncoding, ParameterIn, ParameterKey,
    ParameterStyle, SecurityRequirement, SecurityScheme, is_framing_header,
};
use openapi_contract::witness::{RequestParts, responses};
use openapi_contract::{Fidelity, Finding};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::base_url::{BaseUrl, templates};
use super::build::GeneratedClient;
use super::mock_server::{CannedResponse, MockServer, ReceivedRequest};
use super::program::{CallOutcome, Program};
use super::roundtrip::{Defaults, changed, difference};
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
            // An invalid contract is not a failure of the client.
            row.no_message
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
    for (key, operation) in &lowered.operations {
        if !operation.is_callback_or_webhook {
            prover.operation(key, operation)?;
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

impl Prover<'_> {
    fn operation(&mut self, key: &OperationKey, lowered: &Operation) -> Result<()> {
        self.row.operations += 1;
        let Some(id) = lowered.id.clone() else {
            return Ok(());
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
            return Ok(());
        };
        let mut requests = self.requests(operation, lowered).messages();
        requests.retain(|request| self.routes_to(key, request));
        let possible_responses = responses(self.original, operation);
        if requests.is_empty() {
            self.row.no_message.push(format!("{key}: no request"));
            return Ok(());
        }
        let mut alternatives = operation.security.iter();
        if !operation.security.is_empty() && !alternatives.any(is_sendable) {
            let message = format!("{key}: requires two credentials in `Authorization`");
            self.row.no_message.push(message);
            return Ok(());
        }
        if let Err(error) = self.conformance.validates_requests(key) {
            let message = error.to_string();
            self.row.no_message.push(message);
            return Ok(());
        }
        for status in operation.responses.keys() {
            let has_reply = possible_responses.iter().any(|response| {
                let code = response["status"].as_u64().unwrap_or_default() as u16;
                operation.declared_status(code) == Some(*status)
            });
            if !has_reply {
                self.row
                    .no_message
                    .push(format!("{key} {status}: no response"));
            }
        }
        let base = operation.path.strip_suffix(&*template);
        let base = base
            .or_else(|| lowered.path.strip_suffix(&*template))
            .unwrap_or_default();
        let base = BaseUrl::new(&self.server.url, base);
        let mut count = 0;
        for turn in 0..requests.len().max(possible_responses.len()) {
            let request = &requests[turn % requests.len()];
            let response = possible_responses.get(turn % possible_responses.len().max(1));
            let failures = self.call((&id, operation), &base, request, response)?;
            count += failures.len();
            let room = MAX_SHOWN.saturating_sub(count - failures.len());
            let failures = failures.into_iter().take(room);
            let failures = failures.map(|failure| format!("{key}: {failure}"));
            self.row.failures.extend(failures);
        }
        if count > MAX_SHOWN {
            let more = count - MAX_SHOWN;
            self.row.failures.push(format!("{key}: and {more} more"));
        }
        Ok(())
    }

    /// The parts of requests: from the contract where the client sends the same parameter or body,
    /// otherwise from the lowered contract.
    fn requests(&mut self, operation: &Operation, lowered: &Operation) -> RequestParts {
        self.serialized.clear();
        self.keys = keys(operation);
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
        let mut declared = RequestParts::of(self.original, operation);
        declared.omit_nulls(self.original, operation);
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
        for (media_type, values) in &mut parts.bodies {
            if let Some(of_contract) = declared.bodies.get(media_type) {
                values.clone_from(of_contract);
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

    /// Makes a call, and returns its failures.
    fn call(
        &mut self,
        (id, operation): (&str, &Operation),
        base: &BaseUrl,
        request: &Value,
        response: Option<&Value>,
    ) -> Result<Vec<String>> {
        self.server
            .set(response.map_or_else(empty_response, serialized_response));
        let mut sent = request.clone();
        if let Value::Object(members) = &mut sent {
            members.remove("credentials");
        }
        let base = base.fill(&mut sent);
        let call = json!({"operation": id, "base": base, "request": sent});
        let outcome = self.program.call(&call)?;
        let received = self.server.take();
        let mut failures = Vec::new();

        let failure = self.request_failure(request, &received, &outcome);
        self.row.requests.count(failure.is_none());
        failures.extend(failure);
        if let Some(response) = response
            && received.iter().any(|received| accepts(received, response))
        {
            let failure = self.response_failure(operation, response, &outcome);
            self.row.values.count(failure.is_none());
            failures.extend(failure);
        }
        Ok(failures)
    }

    /// The failure of the request, if any.
    fn request_failure(
        &mut self,
        request: &Value,
        received: &[ReceivedRequest],
        outcome: &CallOutcome,
    ) -> Option<String> {
        let [received] = received else {
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
            method: &received.method,
            path: &received.path,
            query: received.query.as_deref(),
            headers: &received.headers,
            body: &received.body,
        };
        if let Some(first) = self.conformance.check_request(&got).first() {
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
            if let Some(at) = changed(part, sent, got, &self.defaults) {
                let (sent, got) = (shown(sent), shown(got));
                return Some(format!("{part}{at}: sent {sent}, received {got}"));
            }
        }
        None
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
        response: &Value,
        outcome: &CallOutcome,
    ) -> Option<String> {
        let status = response["status"].as_u64().unwrap_or_default() as u16;
        let body = response.pointer("/body/value");
        let failure = |what: &str| {
            let body = shown(body);
            Some(format!("response {status} {body} {what}"))
        };
        match outcome {
            CallOutcome::Value { status: got, .. }
            | CallOutcome::Bytes { status: got, .. }
            | CallOutcome::Untyped { status: got }
                if *got != status =>
            {
                failure(&format!("was decoded as status {got}"))
            }
            CallOutcome::Value { value, .. } => {
                let sent = body.unwrap_or(&Value::Null);
                let at = difference(sent, value, &self.defaults)?;
                failure(&format!(
                    "was decoded as {}: different at `{at}`",
                    shown(Some(value))
                ))
            }
            CallOutcome::Bytes { text, .. } => match body {
                Some(Value::String(sent)) if sent == text => None,
                Some(sent) if serde_json::from_str(text).is_ok_and(|got: Value| got == *sent) => {
                    None
                }
                None if text.is_empty() => None,
                _ => failure(&format!("was decoded as the string {text:?}")),
            },
            // There is no body that needs a type.
            CallOutcome::Untyped { .. } if body.is_none() => None,
            CallOutcome::Untyped { .. } => {
                if self.is_reported(operation, status) {
                    self.row.untyped += 1;
                    return None;
                }
                failure("has no type")
            }
            CallOutcome::Unreadable { message } => {
                failure(&format!("cannot be decoded: {message}"))
            }
            CallOutcome::Rejected { message } => failure(&format!("was not requested: {message}")),
            CallOutcome::Failed { message } => failure(&format!("was lost: {message}")),
        }
    }

    /// Whether a finding reports that the client loses type information of the response.
    fn is_reported(&self, operation: &Operation, code: u16) -> bool {
        let response = operation
            .declared_status(code)
            .and_then(|status| operation.responses.get(&status));
        let location = response.map(|response| self.original.document.pointer(response.node));
        let mut operations = self.original.operations.iter();
        let key = operations.find(|(_, other)| std::ptr::eq(*other, operation));
        let name = key.map(|(key, _)| format!("{} {}", key.method, operation.path));
        let mut rewrites = self.rewrites.iter();
        rewrites.any(|rewrite| {
            // Components shared by operations are reported once, at the component.
            let mut sites = rewrite.sites.iter();
            let pointer = rewrite.old.as_ref().map(|old| &old.pointer);
            let is_here = sites.any(|site| Some(&site.operation) == name.as_ref())
                || location.is_some() && location.as_ref() == pointer;
            rewrite.fidelity != Some(Fidelity::Exact) && is_here
        })
    }
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

/// Whether the `Accept` header of a request matches the response.
fn accepts(received: &ReceivedRequest, response: &Value) -> bool {
    let Some(media_type) = response
        .pointer("/body/content_type")
        .and_then(Value::as_str)
    else {
        return true;
    };
    let essence = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    };
    let media_type = essence(media_type);
    let headers = received.headers.iter();
    let mut accepted = headers
        .filter(|(name, _)| name == "accept")
        .flat_map(|(_, text)| text.split(',').map(essence))
        .peekable();
    let covers = |range: String| match range.strip_suffix('*') {
        Some("*/") => true,
        Some(start) => media_type.starts_with(start),
        None => range == media_type,
    };
    accepted.peek().is_none() || accepted.any(covers)
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
        headers.push((name.clone(), single(value)));
    }
    let media_type = message
        .pointer("/body/content_type")
        .and_then(Value::as_str);
    let body = match (media_type, message.pointer("/body/value")) {
        (Some(media_type), Some(value)) => {
            headers.push(("content-type".to_owned(), media_type.to_owned()));
            let essence = media_type.split(';').next().unwrap_or_default().trim();
            match value {
                Value::String(text) if !essence.ends_with("json") => text.clone().into_bytes(),
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

/// A value, truncated.
fn shown(value: Option<&Value>) -> String {
    const MAX_LENGTH: usize = 160;
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use openapi_contract::model::ApiKeyLocation;

    use super::{SecurityRequirement, SecurityScheme, is_sendable};

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
