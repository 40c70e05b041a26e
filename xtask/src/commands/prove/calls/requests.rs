//! The requests that an operation is called with.

use openapi_contract::model::{Contract, Operation, OperationKey, ParameterIn, ParameterKey};
use openapi_contract::witness::{RequestParts, allows_nothing};
use serde_json::Value;

use super::credentials::{authorization, is_sendable, keys};
use super::gaps::{UNDEFINED_BYTES, gaps, has_undefined_bytes, is_string, single_files};
use super::message_text::{encoded, single, text};
use super::{Called, Prover};

impl Prover<'_> {
    /// The requests of an operation. `None` if there is none, with the reason in the failures or in the row.
    pub(super) fn all_requests(
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

    /// The parts of requests: from the contract where the client sends the same parameter or body,
    /// otherwise from the lowered contract.
    /// What the client cannot send must be a finding.
    pub(super) fn requests(
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
            if sends_text(self.lowered, lowered, media_type) {
                for value in values {
                    if let Some(text) = scalar_text(value) {
                        let of = ("body".to_owned(), "value".to_owned(), text.clone());
                        self.serialized
                            .insert(of, std::mem::replace(value, text.into()));
                    }
                }
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
    pub(super) fn routes_to(&self, key: &OperationKey, request: &Value) -> bool {
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
    pub(super) fn is_text(&self, lowered: &Operation, key: &ParameterKey) -> bool {
        lowered.parameters.get(key).is_some_and(|parameter| {
            let schema = self.lowered.schemas.get(parameter.schema);
            schema.types() == ["string"]
        })
    }
}

/// Whether the client takes the text of a body as a string, whatever the contract allows.
fn sends_text(contract: &Contract, lowered: &Operation, media_type: &str) -> bool {
    let body = lowered.request_body.as_ref();
    let body = body.and_then(|body| body.content.get(media_type));
    has_undefined_bytes(media_type) && body.is_some_and(|body| is_string(contract, body.schema))
}

/// The text of a number or a boolean, which is a string to the client.
fn scalar_text(value: &Value) -> Option<String> {
    matches!(value, Value::Number(_) | Value::Bool(_)).then(|| single(value))
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use serde_json::json;

    use super::{scalar_text, sends_text};

    #[test]
    fn text_of_scalars_is_sent_as_a_string() {
        let text = "
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      requestBody:
        content:
          text/plain: {schema: {type: string}}
          text/csv: {schema: {type: boolean}}
          application/json: {schema: {type: string}}
      responses: {'204': {description: Done.}}
";
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        for (media_type, expected) in [
            ("text/plain", true),
            ("text/csv", false),
            ("application/json", false),
            ("text/html", false),
        ] {
            let found = sends_text(&contract, operation, media_type);
            assert_eq!(found, expected, "{media_type}");
        }
        for (value, expected) in [
            (json!(true), Some("true")),
            (json!(1.5), Some("1.5")),
            (json!("a"), None),
            (json!([1]), None),
        ] {
            assert_eq!(scalar_text(&value).as_deref(), expected, "{value}");
        }
    }
}
