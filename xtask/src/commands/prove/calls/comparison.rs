//! Compares requests and responses with what was sent.

use openapi_contract::conformance::Request;
use openapi_contract::model::{
    Contract, MediaType, Operation, OperationKey, Response, canonical_schema_json,
};
use serde_json::Value;

use super::Prover;
use super::gaps::UNDEFINED_BYTES;
use super::message_text::{spread, without_framing};
use crate::commands::prove::judge::{self, SentResponse, Verdict, shown};
use crate::commands::prove::mock_server::{CannedResponse, ReceivedRequest};
use crate::commands::prove::program::CallOutcome;
use crate::commands::prove::roundtrip::{Change, DEFAULTS_SENT, change};
use crate::commands::prove::untouched::addition;

impl Prover<'_> {
    /// The failure of the request, if any.
    pub(super) fn request_failure(
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
        let body = request.pointer("/body/value").and_then(Value::as_str);
        let is_undefined = body.is_some_and(|body| {
            let of = ("body".to_owned(), "value".to_owned(), body.to_owned());
            body == UNDEFINED_BYTES || self.serialized.contains_key(&of)
        });
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
    pub(super) fn expected(&self, part: &str, sent: &Value, got: Option<&Value>) -> Value {
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
    pub(super) fn response_failure(
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
        let is_reported = declared.is_some_and(|declared| {
            self.is_reported_at(declared.node, 2)
                || is_other_form(
                    self.contract,
                    declared,
                    content_type(response).unwrap_or_default(),
                )
        });
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

/// Whether content is another form of what the response also has as JSON, such as XML. Clients request JSON.
fn is_other_form(contract: &Contract, declared: &Response, content_type: &str) -> bool {
    let own = declared.content.get(&MediaType::parse(content_type));
    let is_json = |media_type: &MediaType| media_type.is_json();
    own.is_some_and(|own| {
        let mut others = declared.content.iter();
        !is_json(&MediaType::parse(content_type))
            && others.any(|(media_type, other)| {
                is_json(media_type)
                    && canonical_schema_json(contract, other.schema)
                        == canonical_schema_json(contract, own.schema)
            })
    })
}

fn content_type(response: &CannedResponse) -> Option<&str> {
    let mut headers = response.headers.iter();
    let found = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    found.map(|(_, value)| value.as_str())
}
