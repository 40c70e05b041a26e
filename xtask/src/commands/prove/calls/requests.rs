//! The requests that an operation is called with.

use client_codegen::ClientBody;
use openapi_contract::model::{
    Contract, MediaType, OperationKey, Parameter, ParameterEncoding, ParameterIn, ParameterKey,
};
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
        let parts = self.requests(called, failures);
        let gaps = gaps(self.contract, operation, &parts);
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
        for name in single_files(self.contract, operation, &parts) {
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

    /// The parts of requests: those of the contract that the client sends. What the client cannot send must be a
    /// finding.
    pub(super) fn requests(
        &mut self,
        called: &Called<'_>,
        failures: &mut Vec<String>,
    ) -> RequestParts {
        let Called {
            client, operation, ..
        } = called;
        self.serialized.clear();
        self.keys = keys(operation);
        self.keys.extend(authorization(operation));
        if operation.security.is_empty() {
            self.keys.extend(self.optional_keys.iter().cloned());
        }
        let mut parts = RequestParts::of(self.contract, operation);
        parts
            .parameters
            .retain(|key, _| !self.contract.ignores(key));
        let undeclared = undeclared(called);
        self.undeclared = undeclared.iter().map(|key| key.name.clone()).collect();
        for (key, (_, values)) in &mut parts.parameters {
            let Some(parameter) = operation.parameters.get(key) else {
                continue;
            };
            let is_string = client.takes_string(key.location, &parameter.name);
            if !is_string || is_own_text(self.contract, parameter) {
                continue;
            }
            for value in values {
                let text = text(&parameter.encoding, value);
                let of = (key.location.to_string(), key.name.clone(), text.clone());
                self.serialized
                    .insert(of, std::mem::replace(value, text.into()));
            }
        }
        let strings = undeclared.into_iter();
        parts
            .parameters
            .extend(strings.map(|key| (key, (true, vec!["text".into()]))));
        parts
            .bodies
            .retain(|media_type, _| client.bodies.iter().any(|body| sends(body, media_type)));
        let content = operation.request_body.as_ref().map(|body| &body.content);
        for (media_type, values) in &mut parts.bodies {
            let body = content.and_then(|content| content.get(media_type.as_str()));
            if !has_undefined_bytes(media_type) {
                continue;
            }
            if let Some(body) = body
                && values.is_empty()
                && !is_string(self.contract, body.schema)
                && !allows_nothing(self.contract, body.schema)
            {
                values.push(UNDEFINED_BYTES.into());
            }
            // The client takes the text, whatever the contract allows.
            for value in values {
                if let Some(text) = scalar_text(value) {
                    let of = ("body".to_owned(), "value".to_owned(), text.clone());
                    self.serialized
                        .insert(of, std::mem::replace(value, text.into()));
                }
            }
        }
        if let Some(body) = &operation.request_body {
            for media_type in body.content.keys() {
                let mut bodies = client.bodies.iter();
                let is_sent = bodies.any(|body| has_media_type(body, media_type.as_str()));
                if !is_sent && !self.is_reported_at(body.node, 2) {
                    failures.push(format!(
                        "the client has no body `{media_type}`, and no finding reports it"
                    ));
                }
            }
        }
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
        let routed = self.contract.route(key.method, &path);
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
}

/// The positions in the path that the operation does not declare: each is any string.
fn undeclared(called: &Called<'_>) -> Vec<ParameterKey> {
    let Called {
        key,
        operation,
        base,
        ..
    } = called;
    // The variables of the server are part of the base URL.
    let positions = base.variables()..key.path.matches("{}").count();
    let keys = positions.map(|at| ParameterKey {
        location: ParameterIn::Path,
        name: at.to_string(),
    });
    keys.filter(|key| !operation.parameters.contains_key(key))
        .collect()
}

/// Whether the values of a parameter are strings, so that the caller does not serialize them.
fn is_own_text(contract: &Contract, parameter: &Parameter) -> bool {
    match &parameter.encoding {
        ParameterEncoding::Content(media_type) => media_type.is_json(),
        ParameterEncoding::Styled(_) => {
            let types = contract.schemas.get(parameter.schema).types();
            let mut types = types.iter().filter(|name| **name != "null");
            types.all(|name| *name == "string")
        }
    }
}

/// Whether the client sends a body in this media type, instead of another with the same schema.
fn sends(body: &ClientBody, media_type: &str) -> bool {
    let is_it = |one: &str| MediaType::parse(one).as_str() == media_type;
    match body.is_any_media_type {
        true => has_media_type(body, media_type),
        false => is_it(&body.media_type),
    }
}

/// Whether a body of the client is for this media type.
fn has_media_type(body: &ClientBody, media_type: &str) -> bool {
    let mut all = [&body.media_type].into_iter().chain(&body.also);
    all.any(|one| MediaType::parse(one).as_str() == media_type)
}

/// The text of a number or a boolean, which is a string to the client.
fn scalar_text(value: &Value) -> Option<String> {
    matches!(value, Value::Number(_) | Value::Bool(_)).then(|| single(value))
}

#[cfg(test)]
mod tests {
    use client_codegen::ClientBody;
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use serde_json::json;

    use super::{has_media_type, is_own_text, scalar_text, sends, undeclared};
    use crate::commands::prove::base_url::BaseUrl;
    use crate::commands::prove::calls::Called;
    use crate::commands::prove::calls::test_contract::client;

    fn contract(parameters: &str) -> Contract {
        let text = format!(
            "
openapi: 3.1.0
info: {{title: Things, version: 1.0.0}}
servers: [{{url: 'https://{{host}}.example/{{version}}'}}]
paths:
  /things/{{a}}/{{b}}:
    get:
      parameters: [{parameters}]
      responses: {{'204': {{description: Done.}}}}
"
        );
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        Contract::read(document).expect("it is a contract")
    }

    #[test]
    fn parts_of_the_path_that_are_not_declared_are_strings() {
        let contract = contract("{name: a, in: path, required: true, schema: {type: string}}");
        let (key, operation) = contract.operations.first_key_value().expect("there is one");
        let base = operation.path.strip_suffix(&*operation.template);
        let base = BaseUrl::new("http://localhost", base.expect("it has the template"));
        assert_eq!(base.variables(), 1, "{}", operation.path);
        let called = Called {
            client: &client(),
            key,
            operation,
            base: &base,
        };
        let found: Vec<String> = undeclared(&called)
            .into_iter()
            .map(|key| key.name)
            .collect();
        assert_eq!(found, ["2"]);
    }

    #[test]
    fn only_strings_are_their_own_text() {
        for (of, expected) in [
            ("schema: {type: string}", true),
            ("schema: {type: [string, 'null']}", true),
            ("schema: {type: [string, array]}", false),
            ("schema: {type: integer}", false),
            ("schema: {}", false),
            (
                "content: {application/json: {schema: {type: object}}}",
                true,
            ),
            ("content: {text/plain: {schema: {type: string}}}", false),
        ] {
            let contract = contract(&format!("{{name: q, in: query, {of}}}"));
            let operation = contract.operations.values().next().expect("there is one");
            let mut parameters = operation.parameters.values();
            let parameter = parameters.find(|one| one.name == "q").expect("it is there");
            assert_eq!(is_own_text(&contract, parameter), expected, "{of}");
        }
    }

    #[test]
    fn a_body_is_sent_in_its_own_media_type() {
        let mut body = ClientBody {
            media_type: "text/CSV".to_owned(),
            also: vec!["text/plain".to_owned()],
            is_any_media_type: false,
        };
        for (is_any, media_type, is_sent, is_known) in [
            (false, "text/csv", true, true),
            (false, "text/plain", false, true),
            (false, "text/html", false, false),
            (true, "text/csv", true, true),
            (true, "text/plain", true, true),
            (true, "text/html", false, false),
        ] {
            body.is_any_media_type = is_any;
            assert_eq!(sends(&body, media_type), is_sent, "{is_any} {media_type}");
            assert_eq!(has_media_type(&body, media_type), is_known, "{media_type}");
        }
    }

    #[test]
    fn text_of_scalars_is_sent_as_a_string() {
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
