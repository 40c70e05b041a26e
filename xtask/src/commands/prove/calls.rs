//! The calls of a contract: every operation, with what it allows, and with every answer it allows.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use client_codegen::{Fidelity, Rewrite};
use openapi_contract::conformance::{Conformance, Request};
use openapi_contract::document::Document;
use openapi_contract::model::{
    Contract, Credentials, Operation, OperationKey, ParameterIn, ParameterKey, StatusPattern,
    is_framing_header,
};
use openapi_contract::witness::{RequestParts, responses};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::base_url::{BaseUrl, templates};
use super::build::Generated;
use super::mock_server::{CannedResponse, MockServer, ReceivedRequest};
use super::program::{CallOutcome, Program};
use super::roundtrip::{Defaults, changed, difference};
use super::table::Row;

/// The most failures that are reported of one operation.
const MAX_SHOWN: usize = 2;

/// Calls every operation, and tells the row what came of it.
pub(super) fn make(generated: Generated, program: Program, row: &mut Row) -> Result<()> {
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
            // What the contract says wrong is not the client's failure.
            row.no_message
                .push(format!("it says no one thing: {error}"));
            return Ok(());
        }
    };
    let lowered = Document::parse("lowered.json", generated.lowered.to_string())
        .context("the lowered contract cannot be read")?;
    let lowered = read(lowered).context("the lowered contract cannot be read")?;
    let conformance = Conformance::on_demand(&original);
    let mut proof = Prover {
        original: &original,
        lowered: &lowered,
        templates: templates(&generated.lowered),
        rewrites: &generated.rewrites,
        texts: BTreeMap::new(),
        keys: BTreeSet::new(),
        offered: offered(&generated.lowered),
        undeclared: BTreeSet::new(),
        conformance,
        server: MockServer::start()?,
        program,
        defaults,
        row,
    };
    for (key, operation) in &lowered.operations {
        if !operation.is_callback_or_webhook {
            proof.operation(key, operation)?;
        }
    }
    Ok(())
}

struct Prover<'a> {
    original: &'a Contract,
    /// What the client does.
    lowered: &'a Contract,
    templates: BTreeMap<String, String>,
    rewrites: &'a [Rewrite],
    /// What the texts say that the client's caller writes, by the parameters of the operation.
    texts: BTreeMap<(String, String, String), Value>,
    /// The parameters that API keys are sent as, whatever else is said for them.
    keys: BTreeSet<(String, String)>,
    /// The parameters that API keys are sent as where the contract asks for them nowhere.
    offered: BTreeSet<(String, String)>,
    /// The places in the path of which the contract's operation says nothing.
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
        // What has servers of its own is elsewhere; a client finds it when it is given their address.
        let elsewhere = || {
            operations.iter().find(|(found_key, found)| {
                let is_it = match &found.id {
                    Some(found) => *found == id,
                    None => found_key.method == key.method && found.path.ends_with(&template),
                };
                found.servers.is_some() && is_it
            })
        };
        let found = operations.get_key_value(key).or_else(elsewhere);
        let Some((key, operation)) = found else {
            self.row
                .failures
                .push(format!("the contract has no operation `{key}`"));
            return Ok(());
        };
        let mut requests = self.requests(operation, lowered).messages();
        requests.retain(|request| self.is_of(key, request));
        let replies = responses(self.original, operation);
        if requests.is_empty() {
            self.row.no_message.push(format!("{key}: no request"));
            return Ok(());
        }
        let mut ways = operation.security.iter();
        if !operation.security.is_empty() && !ways.any(is_sendable) {
            let message = format!("{key}: no request has two things in `Authorization`");
            self.row.no_message.push(message);
            return Ok(());
        }
        if let Err(error) = self.conformance.validates_requests(key) {
            let message = format!("{key}: the schema of its requests is not valid: {error}");
            self.row.no_message.push(message);
            return Ok(());
        }
        for status in operation.responses.keys() {
            let has_reply = replies.iter().any(|reply| {
                let code = reply["status"].as_u64().unwrap_or_default() as u16;
                declared(operation, code) == Some(*status)
            });
            if !has_reply {
                self.row
                    .no_message
                    .push(format!("{key} {status}: no answer"));
            }
        }
        let base = operation.path.strip_suffix(&*template);
        let base = base
            .or_else(|| lowered.path.strip_suffix(&*template))
            .unwrap_or_default();
        let base = BaseUrl::new(&self.server.address, base);
        let mut reported = 0;
        for turn in 0..requests.len().max(replies.len()) {
            let request = &requests[turn % requests.len()];
            let reply = replies.get(turn % replies.len().max(1));
            let failures = self.call((&id, operation), &base, request, reply)?;
            reported += failures.len();
            let room = MAX_SHOWN.saturating_sub(reported - failures.len());
            let failures = failures.into_iter().take(room);
            let failures = failures.map(|failure| format!("{key}: {failure}"));
            self.row.failures.extend(failures);
        }
        if reported > MAX_SHOWN {
            let more = reported - MAX_SHOWN;
            self.row.failures.push(format!("{key}: and {more} more"));
        }
        Ok(())
    }

    /// What requests are made of: what the contract says where the client sends it in the same
    /// place, and else what the client says.
    fn requests(&mut self, operation: &Operation, lowered: &Operation) -> RequestParts {
        self.texts.clear();
        self.keys = keys(operation);
        if operation.security.is_empty() {
            self.keys.extend(self.offered.iter().cloned());
        }
        let in_path = lowered.parameters.keys();
        let in_path = in_path.filter(|key| key.location == ParameterIn::Path);
        self.undeclared = in_path
            .filter(|key| !operation.parameters.contains_key(*key))
            .map(|key| key.name.clone())
            .collect();
        let mut parts = RequestParts::of(self.lowered, lowered);
        let mut written = RequestParts::of(self.original, operation);
        written.leave_out_nulls(self.original, operation);
        for (key, (is_required, values)) in &mut parts.parameters {
            let Some((is_needed, of_contract)) = written.parameters.get(key) else {
                continue;
            };
            *is_required = *is_needed;
            *values = of_contract.clone();
            if let (true, Some(parameter)) =
                (self.is_text(lowered, key), operation.parameters.get(key))
            {
                for value in values {
                    let text = text(&parameter.style, value);
                    let of = (key.location.to_string(), key.name.clone(), text.clone());
                    self.texts.insert(of, value.clone());
                    *value = text.into();
                }
            }
        }
        for (media_type, values) in &mut parts.bodies {
            if let Some(of_contract) = written.bodies.get(media_type) {
                values.clone_from(of_contract);
            }
        }
        parts.needs_body = written.needs_body;
        parts
    }

    /// Whether the path of a request can be no other's: parameters that share a segment are reported apart
    /// by what stands between them, and a fixed path comes before one with parameters.
    fn is_of(&self, key: &OperationKey, request: &Value) -> bool {
        let mut values = Vec::new();
        let mut path = String::new();
        let (template, _) = key.path.split_once(['?', '#']).unwrap_or((&key.path, ""));
        for (at, fixed) in template.split("{}").enumerate() {
            if let Some(before) = at.checked_sub(1) {
                let value = &request["path"][before.to_string()];
                // How lists and objects are written is for the client to know.
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
            // Nobody sends a fragment: it tells operations apart only where it repeats what is sent.
            let fragment = key
                .path
                .split_once('#')
                .map_or("", |(_, fragment)| fragment);
            let is_same = other.path == key.path || fragment.is_empty() || fragment.contains('=');
            same == template && is_same && read == values
        })
    }

    /// Whether the client sends a parameter as a text that its caller writes.
    fn is_text(&self, lowered: &Operation, key: &ParameterKey) -> bool {
        lowered.parameters.get(key).is_some_and(|parameter| {
            let schema = self.lowered.schemas.get(parameter.schema);
            schema.types() == ["string"]
        })
    }

    /// Makes a call; says what was wrong about it.
    fn call(
        &mut self,
        (id, operation): (&str, &Operation),
        base: &BaseUrl,
        request: &Value,
        reply: Option<&Value>,
    ) -> Result<Vec<String>> {
        self.server.set(reply.map_or_else(empty_response, written));
        let mut sent = request.clone();
        if let Value::Object(members) = &mut sent {
            members.remove("credentials");
        }
        let base = base.fill(&mut sent);
        let call = json!({"operation": id, "base": base, "request": sent});
        let answer = self.program.call(&call)?;
        let arrived = self.server.take();
        let mut failures = Vec::new();

        let wrong = self.arrived(request, &arrived, &answer);
        self.row.requests.count(wrong.is_none());
        failures.extend(wrong);
        if let Some(reply) = reply
            && arrived.iter().any(|arrived| accepts(arrived, reply))
        {
            let wrong = self.answered((id, operation), reply, &answer);
            self.row.values.count(wrong.is_none());
            failures.extend(wrong);
        }
        Ok(failures)
    }

    /// What is wrong about a request that arrived, or did not.
    fn arrived(
        &mut self,
        request: &Value,
        arrived: &[ReceivedRequest],
        answer: &CallOutcome,
    ) -> Option<String> {
        let [arrived] = arrived else {
            let message = match answer {
                CallOutcome::Refused { message } | CallOutcome::Failed { message } => {
                    message.as_str()
                }
                _ => "",
            };
            let times = arrived.len();
            return Some(format!("the request arrived {times} times: {message}"));
        };
        let got = Request {
            method: &arrived.method,
            path: &arrived.path,
            query: arrived.query.as_deref(),
            headers: &arrived.headers,
            body: &arrived.body,
        };
        if let Some(first) = self.conformance.check_request(&got).first() {
            return Some(format!("the request is none of the contract: {first}"));
        }
        let received = match self.conformance.receive(&got) {
            Ok(received) => received.message,
            Err(error) => return Some(error.to_string()),
        };
        for part in ["path", "query", "header", "cookie", "body"] {
            let sent = request
                .get(part)
                .map(|sent| self.meant(part, sent, received.get(part)));
            let sent = sent.as_ref();
            let got = received.get(part).map(|got| match part {
                "query" => spread(got, sent),
                "header" => without_framing(got, sent),
                _ => got.clone(),
            });
            let got = got.as_ref();
            if let Some(at) = changed(part, sent, got, &self.defaults) {
                let (sent, got) = (shown(sent), shown(got));
                return Some(format!(
                    "at {part}{at} the request arrived as {got}, not as {sent}"
                ));
            }
        }
        None
    }

    /// What was sent, with what the texts say that its caller wrote, where that is what arrived. A
    /// parameter that is an API key as well is the key.
    fn meant(&self, part: &str, sent: &Value, got: Option<&Value>) -> Value {
        let mut meant = sent.clone();
        if let Some(members) = meant.as_object_mut().filter(|_| part == "path") {
            members.retain(|at, _| !self.undeclared.contains(at));
        }
        for (name, value) in meant.as_object_mut().into_iter().flatten() {
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
            let is_said = |said: &Value| {
                got == Some(said) || matches!(got, Some(Value::Object(_) | Value::Array(_)))
            };
            let of = (part.to_owned(), name.clone(), text.clone());
            if let Some(said) = self.texts.get(&of).filter(|said| is_said(said)) {
                *value = said.clone();
            }
        }
        meant
    }

    /// What is wrong about what the client made of an answer.
    fn answered(
        &mut self,
        (id, operation): (&str, &Operation),
        reply: &Value,
        answer: &CallOutcome,
    ) -> Option<String> {
        let status = reply["status"].as_u64().unwrap_or_default() as u16;
        let body = reply.pointer("/body/value");
        let said = |what: &str| {
            let body = shown(body);
            Some(format!("the answer {status} {body} {what}"))
        };
        match answer {
            CallOutcome::Value { status: got, .. }
            | CallOutcome::Bytes { status: got, .. }
            | CallOutcome::Untyped { status: got }
                if *got != status =>
            {
                said(&format!("became {got}"))
            }
            CallOutcome::Value { value, .. } => {
                let sent = body.unwrap_or(&Value::Null);
                let at = difference(sent, value, &self.defaults)?;
                said(&format!("became {} at `{at}`", shown(Some(value))))
            }
            CallOutcome::Bytes { text, .. } => match body {
                Some(Value::String(sent)) if sent == text => None,
                Some(sent) if serde_json::from_str(text).is_ok_and(|got: Value| got == *sent) => {
                    None
                }
                None if text.is_empty() => None,
                _ => said(&format!("became the text {text:?}")),
            },
            // There was nothing to have a type.
            CallOutcome::Untyped { .. } if body.is_none() => None,
            CallOutcome::Untyped { .. } => {
                if self.is_declared(id, operation, status) {
                    self.row.untyped += 1;
                    return None;
                }
                said("has no type")
            }
            CallOutcome::Unreadable { message } => said(&format!("cannot be read: {message}")),
            CallOutcome::Refused { message } => said(&format!("was never asked for: {message}")),
            CallOutcome::Failed { message } => said(&format!("was lost: {message}")),
        }
    }

    /// Whether it is said that the client knows less of this operation's answers.
    fn is_declared(&self, id: &str, operation: &Operation, code: u16) -> bool {
        let response =
            declared(operation, code).and_then(|status| operation.responses.get(&status));
        let place = response.map(|response| self.original.document.pointer(response.node));
        let mut rewrites = self.rewrites.iter();
        rewrites.any(|rewrite| {
            // What operations share is said once, in its own place.
            let is_here = rewrite.operation.as_deref() == Some(id)
                || place.as_ref() == Some(&rewrite.location.pointer);
            rewrite.fidelity != Fidelity::Exact && is_here
        })
    }
}

/// The parameters that the API keys of an operation are sent as: where, and by which name.
fn keys(operation: &Operation) -> BTreeSet<(String, String)> {
    let schemes = operation.security.iter().flat_map(Credentials::keys);
    let keys = schemes.filter_map(|scheme| scheme.strip_prefix("apiKey ")?.split_once(' '));
    keys.map(|(place, name)| key(place, name)).collect()
}

/// The API keys of a contract that declares some and asks for none: the client sends those it has.
fn offered(contract: &Value) -> BTreeSet<(String, String)> {
    let paths = contract["paths"].as_object().into_iter().flatten();
    let mut items = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let asks = |of: &Value| of.get("security").is_some();
    if asks(contract) || items.any(|(_, operation)| asks(operation)) {
        return BTreeSet::new();
    }
    let schemes = contract.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    schemes
        .filter(|(_, scheme)| scheme["type"] == "apiKey")
        .filter_map(|(_, scheme)| Some(key(scheme["in"].as_str()?, scheme["name"].as_str()?)))
        .collect()
}

/// Where a key is sent, and by which name: those of headers are reported apart by no case.
fn key(place: &str, name: &str) -> (String, String) {
    let name = match place {
        "header" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    };
    (place.to_owned(), name)
}

/// Whether a request can have all credentials of a way: `Authorization` has room for one.
fn is_sendable(way: &Credentials) -> bool {
    let in_authorization = way.keys().filter_map(|scheme| {
        let (kind, rest) = scheme.split_once(' ').unwrap_or((scheme, ""));
        match kind {
            "http" => Some(rest),
            "oauth2" | "openIdConnect" => Some("bearer"),
            "apiKey" if rest.eq_ignore_ascii_case("header authorization") => Some("a key"),
            _ => None,
        }
    });
    in_authorization.collect::<BTreeSet<_>>().len() < 2
}

/// The headers that were sent on purpose: those that frame the message are there anyway.
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

/// The status by which a code is declared.
fn declared(operation: &Operation, code: u16) -> Option<StatusPattern> {
    let statuses = [
        StatusPattern::Code(code),
        StatusPattern::Range(code / 100),
        StatusPattern::Default,
    ];
    let mut statuses = statuses.into_iter();
    statuses.find(|status| operation.responses.contains_key(status))
}

/// Whether a request asks for answers like this one, among others.
fn accepts(arrived: &ReceivedRequest, reply: &Value) -> bool {
    let Some(media_type) = reply.pointer("/body/content_type").and_then(Value::as_str) else {
        return true;
    };
    let essence = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    };
    let media_type = essence(media_type);
    let headers = arrived.headers.iter();
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

/// An answer for operations that declare none.
fn empty_response() -> CannedResponse {
    CannedResponse {
        status: 200,
        ..CannedResponse::default()
    }
}

/// A response as it is sent.
fn written(message: &Value) -> CannedResponse {
    let mut headers: Vec<(String, String)> = Vec::new();
    let named = message.get("headers").and_then(Value::as_object);
    for (name, value) in named.into_iter().flatten() {
        // How the answer is sent is not the contract's to say.
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

/// A value in one text, as a style of OpenAPI writes it.
fn text(style: &str, value: &Value) -> String {
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
    let explodes = style.contains("exploded");
    match style {
        style if style.contains('/') => value.to_string(),
        style if style.starts_with("simple") && explodes => joined(",", "="),
        style if style.starts_with("label") && explodes => format!(".{}", joined(".", "=")),
        style if style.starts_with("label") => format!(".{}", joined(",", ",")),
        _ => joined(",", ","),
    }
}

/// Objects in a query as the client sends them: by their members, under the names that they have on
/// the wire.
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

/// What is percent-encoded in a path: all that RFC 3986 does not call unreserved.
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

/// A value, as short as it can be reported.
fn shown(value: Option<&Value>) -> String {
    const LONGEST: usize = 160;
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, is_sendable};

    #[test]
    fn authorization_has_room_for_one() {
        let way = |schemes: &[&str]| {
            let schemes = schemes.iter().map(|&scheme| scheme.to_owned());
            schemes.map(|scheme| (scheme, Default::default())).collect()
        };
        for (schemes, expected) in [
            (&["http basic"][..], true),
            (&["http basic", "apiKey header X-Key", "mutualTLS"], true),
            (&["http basic", "apiKey header authorization"], false),
            (&["http bearer", "oauth2"], true),
            (&["http basic", "oauth2"], false),
        ] {
            let way: Credentials = way(schemes);
            assert_eq!(is_sendable(&way), expected, "{schemes:?}");
        }
    }
}
