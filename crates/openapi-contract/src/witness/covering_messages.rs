//! Messages that together cover an operation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::covering_values::ValueCover;
use super::emptiness::allows_nothing;
use super::search::{code_of, credential_list};
use super::transport::content_type;
use crate::document::NodeId;
use crate::finding::Direction;
use crate::json_schema::{Translation, UnsupportedPattern, Validator};
use crate::message_schema::sent_message_schema;
use crate::model::{
    Body, Contract, MediaType, Operation, Parameter, ParameterIn, ParameterKey, ParameterStyle,
    Response, Schema, SchemaId, Schemas, StatusPattern, StyledEncoding, is_json,
};

/// The most messages per operation, direction and media type.
const MOST: usize = 64;

/// The building blocks of an operation's requests.
#[derive(Clone, Debug, Default)]
pub struct RequestParts {
    /// Whether each parameter is required, and its values.
    pub parameters: BTreeMap<ParameterKey, (bool, Vec<Value>)>,
    /// Values of the body by media type.
    pub bodies: BTreeMap<String, Vec<Value>>,
    /// Whether a body is required.
    pub needs_body: bool,
    /// The credentials of each security requirement.
    pub credentials: Vec<Value>,
}

impl RequestParts {
    /// The building blocks of an operation's requests, without `readOnly` properties. A JSON Schema validator
    /// allows each value.
    pub fn of(contract: &Contract, operation: &Operation) -> Self {
        let direction = Some(Direction::Request);
        let mut cover = ValueCover::in_direction(contract, direction);
        let parameters = operation.parameters.iter().map(|(key, parameter)| {
            let mut values = cover.of(parameter.schema).to_vec();
            if parameter.encoding.styled().is_some() {
                for value in &mut values {
                    *value = alone(contract, parameter.schema, value.take());
                }
            }
            values.retain(|value| is_sendable(key.location, parameter, value));
            let values = allowed(contract, parameter.schema_node, direction, values);
            (key.clone(), (parameter.required, values))
        });
        let parameters = parameters.collect();
        let body = operation.request_body.as_ref();
        let content = body.into_iter().flat_map(|body| &body.content);
        let bodies = content.map(|(media_type, body)| {
            let mut values = body_values(&mut cover, media_type, body);
            if is_form(media_type) {
                for value in &mut values {
                    in_fields(contract, body.schema, value);
                }
            }
            let values = allowed(contract, body.schema_node, direction, values);
            (media_type.to_string(), values)
        });
        Self {
            parameters,
            bodies: bodies.collect(),
            needs_body: body.is_some_and(|body| body.required),
            credentials: operation.security.iter().map(credential_list).collect(),
        }
    }

    /// Requests made of these blocks: with everything, with the required parts only, and with every
    /// value at least once. None if a required part has no value.
    pub fn messages(&self) -> Vec<Value> {
        let needed = self.parameters.values();
        if needed
            .clone()
            .any(|(is_required, values)| *is_required && values.is_empty())
        {
            return Vec::new();
        }
        let longest = needed.map(|(_, values)| values.len()).max().unwrap_or(0);
        let mut bodies: Vec<Option<Value>> = Vec::new();
        for (media_type, values) in &self.bodies {
            let values = values.iter().take(MOST);
            bodies.extend(values.map(|value| {
                Some(json!({"content_type": content_type(media_type.as_str()), "value": value}))
            }));
        }
        if bodies.is_empty() && self.needs_body {
            return Vec::new();
        }
        let turns = longest.clamp(1, MOST).max(bodies.len());
        let mut messages: Vec<Value> = (0..turns)
            .map(|turn| {
                let body = bodies.get(turn % bodies.len().max(1)).cloned().flatten();
                self.message(turn, false, body)
            })
            .collect();
        let bodies = bodies.iter().flatten();
        let body = bodies.min_by_key(|body| size(body)).cloned();
        messages.push(self.message(0, true, body.filter(|_| self.needs_body)));
        messages.dedup();
        messages
    }

    fn message(&self, turn: usize, is_least: bool, body: Option<Value>) -> Value {
        let mut message = Map::new();
        for (key, (is_required, values)) in &self.parameters {
            if values.is_empty() || (is_least && !is_required) {
                continue;
            }
            let group = message
                .entry(key.location.to_string())
                .or_insert_with(|| json!({}));
            group[&key.name] = values[turn % values.len()].clone();
        }
        if let Some(credentials) = self.credentials.get(turn % self.credentials.len().max(1)) {
            message.insert("credentials".to_owned(), credentials.clone());
        }
        if let Some(body) = body {
            message.insert("body".to_owned(), body);
        }
        message.into()
    }
}

/// The number of properties and elements in a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(elements) => elements.len() + elements.iter().map(size).sum::<usize>(),
        Value::Object(members) => members.len() + members.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

/// Responses of an operation: each status with each of its media types and values, without `writeOnly`
/// properties. A JSON Schema validator that does not use the canonical model allows all of them.
///
/// Informational statuses (below 200) are omitted, because they do not end an exchange.
pub fn responses(contract: &Contract, operation: &Operation) -> Vec<Value> {
    let direction = Some(Direction::Response);
    let mut cover = ValueCover::in_direction(contract, direction);
    let mut messages = Vec::new();
    // Those whose declared body is not sent.
    let mut without_body = Vec::new();
    let mut operations = contract.operations.iter();
    let is_head = operations.any(|(key, own)| key.method == "HEAD" && std::ptr::eq(own, operation));
    for (&status, response) in &operation.responses {
        let mut codes = vec![code_of(status, operation)];
        if status == StatusPattern::Default && operation.responses.len() == 1 {
            codes.insert(0, 200);
        }
        let headers: Vec<(&String, bool, Vec<Value>)> = response
            .headers
            .iter()
            .map(|(name, header)| {
                let values = cover.of(header.schema).to_vec().into_iter();
                let values = values.filter(is_header_value).collect();
                let values = allowed(contract, header.schema_node, direction, values);
                (name, header.required, values)
            })
            .collect();
        let headers = |turn: usize| -> Map<String, Value> {
            let named = headers.iter().filter(|(_, is_required, values)| {
                // Every other response omits the optional headers.
                !values.is_empty() && (*is_required || turn.is_multiple_of(2))
            });
            named
                .map(|(name, _, values)| ((*name).clone(), values[turn % values.len()].clone()))
                .collect()
        };
        for code in codes.into_iter().filter(|&code| code >= 200) {
            // HTTP forbids a body for these statuses.
            let is_bodiless = matches!(code, 204 | 205 | 304) || is_head;
            if is_bodiless || response.content.is_empty() {
                let to = match response.content.is_empty() {
                    true => &mut messages,
                    false => &mut without_body,
                };
                for turn in 0..2 {
                    to.push(json!({"status": code, "headers": headers(turn)}));
                }
            }
            let content = response.content.iter().filter(|_| !is_bodiless);
            for (media_type, body) in content {
                let content_type = response_type(response, media_type);
                let values = match is_json(&content_type) {
                    true => cover.of(body.schema).to_vec(),
                    false => body_values(&mut cover, media_type, body),
                };
                for (turn, value) in values.into_iter().take(MOST).enumerate() {
                    messages.push(json!({
                        "status": code,
                        "headers": headers(turn),
                        "body": {"content_type": content_type, "value": value},
                    }));
                }
            }
        }
    }
    messages.dedup();
    without_body.dedup();
    let mut messages = confirmed(contract, operation, Direction::Response, messages);
    // The declared body makes the schema reject them, so only their headers are confirmed.
    let has_headers = |message: &Value| {
        let code = message["status"].as_u64().unwrap_or_default() as u16;
        let response = operation.response(code);
        response.is_some_and(|response| {
            let mut required = response
                .headers
                .iter()
                .filter(|(_, header)| header.required);
            required.all(|(name, _)| message["headers"].get(name).is_some())
        })
    };
    messages.extend(without_body.into_iter().filter(has_headers));
    messages
}

/// Values of the schema of a body, whatever its media type is: those of the items of a stream, for example. A
/// JSON Schema validator allows each value.
pub fn schema_values(contract: &Contract, body: &Body) -> Vec<Value> {
    schema_values_in(contract, body, None)
}

/// Values of the schema of a body of a response, without `writeOnly` properties.
pub fn response_schema_values(contract: &Contract, body: &Body) -> Vec<Value> {
    schema_values_in(contract, body, Some(Direction::Response))
}

fn schema_values_in(contract: &Contract, body: &Body, direction: Option<Direction>) -> Vec<Value> {
    let mut cover = ValueCover::in_direction(contract, direction);
    let values = cover.of(body.schema).to_vec();
    allowed(contract, body.schema_node, direction, values)
}

/// A declared response that no message covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncoveredResponse {
    /// The declared status.
    pub status: StatusPattern,
    /// A status code that it applies to.
    pub code: u16,
    /// A content type of the declared body, if there is one.
    pub content_type: Option<String>,
    /// Why there is no message.
    pub reason: UncoveredReason,
}

/// Why no message covers a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UncoveredReason {
    /// The status does not end an exchange (below 200).
    Interim,
    /// The schema of the body, or of a required header, allows no value.
    Impossible,
    /// The body is neither JSON nor a string, so that the contract does not define its bytes.
    UndefinedBytes,
    /// No value was found.
    NotFound,
}

/// The declared responses, by status and media type, that none of the messages covers.
pub fn uncovered_responses(
    contract: &Contract,
    operation: &Operation,
    messages: &[Value],
) -> Vec<UncoveredResponse> {
    let mut operations = contract.operations.iter();
    let is_head = operations.any(|(key, own)| key.method == "HEAD" && std::ptr::eq(own, operation));
    let is_covered = |status: StatusPattern, content_type: Option<&str>| {
        messages.iter().any(|message| {
            let code = message["status"].as_u64().unwrap_or_default() as u16;
            let own = message
                .pointer("/body/content_type")
                .and_then(Value::as_str);
            operation.declared_status(code) == Some(status) && own == content_type
        })
    };
    let mut uncovered = Vec::new();
    for (&status, response) in &operation.responses {
        let code = code_of(status, operation);
        let mut headers = response.headers.values();
        let lacks_header =
            headers.any(|header| header.required && allows_nothing(contract, header.schema));
        let mut add = |content_type: Option<String>, reason: UncoveredReason| {
            if !is_covered(status, content_type.as_deref()) {
                let reason = match lacks_header {
                    _ if code < 200 => UncoveredReason::Interim,
                    true => UncoveredReason::Impossible,
                    false => reason,
                };
                uncovered.push(UncoveredResponse {
                    status,
                    code,
                    content_type,
                    reason,
                });
            }
        };
        if is_head || matches!(code, 204 | 205 | 304) || response.content.is_empty() {
            add(None, UncoveredReason::NotFound);
            continue;
        }
        for (media_type, body) in &response.content {
            let content_type = response_type(response, media_type);
            let reason = if allows_nothing(contract, body.schema) {
                UncoveredReason::Impossible
            } else if is_json(&content_type) {
                UncoveredReason::NotFound
            } else {
                UncoveredReason::UndefinedBytes
            };
            add(Some(content_type), reason);
        }
    }
    uncovered
}

/// A content type that a media type or range of a response applies to: JSON if the range contains it.
fn response_type(response: &Response, media_type: &MediaType) -> String {
    let json = MediaType::parse("application/json");
    let mut others = response.content.keys().filter(|other| *other != media_type);
    match media_type.covers(&json) && !others.any(|other| *other == json || other.covers(&json)) {
        true => json.as_str().to_owned(),
        false => content_type(media_type.as_str()),
    }
}

/// The values that the validator allows; none if it does not support the schema.
fn allowed(
    contract: &Contract,
    node: Option<NodeId>,
    direction: Option<Direction>,
    mut values: Vec<Value>,
) -> Vec<Value> {
    let Some(node) = node else {
        return values;
    };
    let mut replacements = [None, Some(UnsupportedPattern::MatchAll)].into_iter();
    let validator = replacements.find_map(|replacement| {
        let mut translation = Translation::with(contract, replacement);
        if let Some(direction) = direction {
            translation = translation.for_direction(direction);
        }
        let schema = translation.schema(node);
        Validator::new(&translation.finish(schema)).ok()
    });
    match validator {
        Some(validator) => values.retain(|value| validator.allows(value)),
        None => values.clear(),
    }
    values
}

/// The messages that the validator allows; none if it does not support the schema.
fn confirmed(
    contract: &Contract,
    operation: &Operation,
    direction: Direction,
    mut messages: Vec<Value>,
) -> Vec<Value> {
    let replacements = [None, Some(UnsupportedPattern::MatchAll)].into_iter();
    let validator = replacements
        .map(|replacement| sent_message_schema(contract, operation, direction, replacement))
        .find_map(|schema| Validator::new(&schema).ok());
    match validator {
        Some(validator) => messages.retain(|message| validator.allows(message)),
        None => messages.clear(),
    }
    messages
}

fn body_values(cover: &mut ValueCover<'_>, media_type: &MediaType, body: &Body) -> Vec<Value> {
    let is_form = is_form(media_type);
    let is_json = media_type.is_json();
    if body.schema == Schemas::ANY && !is_form && !is_json {
        return vec!["some text".into()];
    }
    let mut values = cover.of(body.schema).to_vec();
    if is_form {
        values.retain(is_form_data);
    } else if !is_json {
        // A text can be a number.
        let is_text = media_type.essence().starts_with("text/");
        values.retain(|value| {
            value.is_string() || is_text && (value.is_number() || value.is_boolean())
        });
    }
    values
}

fn is_form(media_type: &MediaType) -> bool {
    let essence = media_type.essence();
    essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
}

/// Replaces the members of a form by strings where JSON would be ambiguous: if a schema also allows
/// strings, JSON cannot be distinguished from a string.
fn in_fields(contract: &Contract, id: SchemaId, value: &mut Value) {
    for (name, member) in value.as_object_mut().into_iter().flatten() {
        for place in members(contract, id, name) {
            *member = in_field(contract, place, member.take());
        }
    }
}

fn in_field(contract: &Contract, id: SchemaId, value: Value) -> Value {
    let is_text = |schema: &Schema| schema.string.is_some();
    match value {
        Value::Array(elements) => {
            let items = contract.schemas.get(id).array.as_ref();
            let items = items.map_or(Schemas::ANY, |rules| rules.items);
            let elements = elements.into_iter();
            let elements = elements.map(|element| match element {
                Value::Array(_) | Value::Object(_) => in_field(contract, items, element),
                other => other,
            });
            alone(contract, id, elements.collect())
        }
        Value::Object(_) if takes(contract, id, is_text) => value.to_string().into(),
        other => other,
    }
}

/// Replaces an array of one element by the element if the schema allows it, because both are the
/// same string.
fn alone(contract: &Contract, id: SchemaId, value: Value) -> Value {
    let is_single = |schema: &Schema| {
        schema.string.is_some() || schema.number.is_some() || schema.boolean.is_any()
    };
    match value {
        Value::Array(mut elements) if elements.len() == 1 && takes(contract, id, is_single) => {
            elements.remove(0)
        }
        other => other,
    }
}

/// Whether `is_it` holds for a schema or one of its alternatives.
fn takes(contract: &Contract, id: SchemaId, is_it: impl Fn(&Schema) -> bool) -> bool {
    let mut within = alternatives(contract, id).into_iter();
    within.any(|id| {
        let schema = contract.schemas.get(id);
        schema.unions.is_empty() && !schema.has_container_keywords() && is_it(schema)
    })
}

/// The schemas of a property in the alternatives that declare it.
fn members(contract: &Contract, id: SchemaId, name: &str) -> Vec<SchemaId> {
    let within = alternatives(contract, id).into_iter();
    let rules = within.filter_map(|id| contract.schemas.get(id).object.as_ref());
    let named = rules.filter_map(|rules| contract.schemas.property(rules, name));
    let mut ids: Vec<SchemaId> = named.collect();
    if ids.is_empty() {
        ids.push(Schemas::ANY);
    }
    // Declared properties come before undeclared ones.
    if ids.iter().any(|&id| id != Schemas::ANY) {
        ids.retain(|&id| id != Schemas::ANY);
    }
    ids
}

/// A schema and all its alternatives.
fn alternatives(contract: &Contract, id: SchemaId) -> Vec<SchemaId> {
    let mut ids = vec![id];
    let mut at = 0;
    while let Some(&id) = ids.get(at) {
        for union in &contract.schemas.get(id).unions {
            for &member in &union.members {
                if !ids.contains(&member) {
                    ids.push(member);
                }
            }
        }
        at += 1;
    }
    ids
}

/// Whether a value can be sent as form fields. An empty array or object has no fields and would be
/// missing.
fn is_form_data(value: &Value) -> bool {
    let is_empty = |member: &Value| match member {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    value
        .as_object()
        .is_some_and(|members| !members.values().any(is_empty))
}

/// Whether a parameter can have the value at its location, so that it is decoded to the same value.
fn is_sendable(location: ParameterIn, parameter: &Parameter, value: &Value) -> bool {
    let styled = parameter.encoding.styled();
    let separator = styled.and_then(StyledEncoding::separator);
    // Only `deepObject` encodes nested values. In a query it encodes arrays by their names.
    let nests = styled.is_none_or(|styled| styled.style == ParameterStyle::DeepObject);
    let repeats = location == ParameterIn::Query && parameter.encoding.repeats();
    let is_single = |value: &Value| nests || !value.is_array() && !value.is_object();
    let is_whole = |inner: &Value| match inner {
        Value::String(text) => !separator.is_some_and(|separator| text.contains(separator)),
        other => is_single(other),
    };
    let is_sendable = |inner: &Value| is_sendable(location, parameter, inner);
    match value {
        Value::Null => false,
        Value::Array(elements) => {
            let mut elements = elements.iter();
            elements.len() > 0 && elements.all(|element| is_whole(element) && is_sendable(element))
        }
        Value::Object(members) => {
            let mut inner = members.values();
            let is_member = |member: &Value| is_whole(member) || repeats && member.is_array();
            inner.len() > 0 && inner.all(|member| is_member(member) && is_sendable(member))
        }
        Value::String(text) => match location {
            ParameterIn::Query => true,
            ParameterIn::Path => !matches!(text.as_str(), "" | "." | ".."),
            ParameterIn::Header | ParameterIn::Cookie => is_header_text(value),
        },
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether a value is a scalar that needs no encoding in headers and cookies.
fn is_header_text(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let is_plain = |byte: u8| byte.is_ascii_graphic() && !br#"",;\"#.contains(&byte);
            !text.is_empty() && text.bytes().all(is_plain)
        }
        Value::Bool(_) | Value::Number(_) => true,
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether a value can be sent in a header of a response: a scalar, or an array or object of scalars.
fn is_header_value(value: &Value) -> bool {
    match value {
        Value::Array(elements) => !elements.is_empty() && elements.iter().all(is_header_text),
        Value::Object(members) => {
            let mut members = members.iter();
            members.len() > 0
                && members.all(|(name, value)| {
                    is_header_text(&name.as_str().into()) && is_header_text(value)
                })
        }
        scalar => is_header_text(scalar),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::{RequestParts, UncoveredReason, UncoveredResponse, responses, uncovered_responses};
    use crate::document::Document;
    use crate::model::Contract;

    fn contract() -> Contract {
        let text = r#"
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: kind, in: query, schema: {type: string, enum: [a, b, c]}}
        - {name: X-Tag, in: header, schema: {type: string}}
      requestBody:
        content:
          application/json:
            schema: {type: object, minProperties: 1, properties: {size: {type: integer, maximum: 9}}}
      responses:
        '200':
          description: The thing.
          headers: {X-Sizes: {required: true, schema: {type: array, items: {type: integer}}}}
          content: {application/json: {schema: {type: object, required: [state], properties: {
            state: {type: string, enum: [new, old]}, next: {type: string, nullable: true}}}}}
        '404': {description: There is none.}
        '101': {description: Something else.}
"#;
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        Contract::read(document).expect("it is a contract")
    }

    #[test]
    fn requests_cover_every_value_that_can_be_sent() {
        let contract = contract();
        let operation = contract.operations.values().next().expect("there is one");
        let messages = RequestParts::of(&contract, operation).messages();
        let kinds: BTreeSet<&str> = messages
            .iter()
            .filter_map(|message| message["query"]["kind"].as_str())
            .collect();
        assert_eq!(kinds, BTreeSet::from(["a", "b", "c"]));
        for message in &messages {
            assert_ne!(message["path"]["0"], "", "{message}");
            if let Some(tag) = message["header"]["x-tag"].as_str() {
                assert!(tag.bytes().all(|byte| byte.is_ascii_graphic()), "{tag}");
            }
            if let Some(size) = message.pointer("/body/value/size").and_then(Value::as_i64) {
                assert!(size <= 9, "{message}");
            }
        }
        let least = messages.last().expect("there are some");
        assert!(
            least.get("query").is_none() && least.get("body").is_none(),
            "{least}"
        );
    }

    #[test]
    fn ambiguous_form_values_are_sent_as_strings() {
        let text = r#"
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      parameters:
        - {name: kind, in: query, schema: {oneOf: [
            {type: string}, {type: array, items: {type: string}}]}}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [note, notes, sizes], properties: {
              note: {description: Anything.},
              notes: {type: array, items: {}},
              sizes: {type: array, items: {type: object, required: [a], properties: {a: {type: integer}}}}}}
      responses: {'204': {description: Done.}}
"#;
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        let messages = RequestParts::of(&contract, operation).messages();
        assert!(!messages.is_empty());
        for message in &messages {
            let kind = message["query"]["kind"].as_array();
            assert!(kind.is_none_or(|kind| kind.len() > 1), "{message}");
            let Some(form) = message.pointer("/body/value") else {
                continue;
            };
            let note = &form["note"];
            assert!(!note.is_object(), "{message}");
            assert!(
                note.as_array().is_none_or(|note| note.len() > 1),
                "{message}"
            );
            let notes = form["notes"].as_array().expect("it is an array");
            assert!(notes.iter().all(Value::is_string), "{message}");
            let sizes = form["sizes"].as_array().expect("it is an array");
            assert!(sizes.iter().all(Value::is_object), "{message}");
        }
    }

    #[test]
    fn responses_cover_every_status_and_value() {
        let contract = contract();
        let operation = contract.operations.values().next().expect("there is one");
        let messages = responses(&contract, operation);
        let statuses: BTreeSet<u64> = messages
            .iter()
            .filter_map(|message| message["status"].as_u64())
            .collect();
        assert_eq!(statuses, BTreeSet::from([200, 404]));
        let mut successes = messages.iter().filter(|message| message["status"] == 200);
        let has_sizes = |message: &Value| {
            !message["headers"]["x-sizes"]
                .as_array()
                .is_none_or(Vec::is_empty)
        };
        assert!(successes.all(has_sizes), "{messages:?}");
        let bodies: Vec<&Value> = messages
            .iter()
            .filter_map(|message| message.pointer("/body/value"))
            .collect();
        for state in ["new", "old"] {
            assert!(
                bodies.iter().any(|body| body["state"] == state),
                "{bodies:?}"
            );
        }
        let has_null = |body: &&Value| body.get("next") == Some(&Value::Null);
        assert!(bodies.iter().any(has_null));
        assert!(bodies.iter().any(|body| body.get("next").is_none()));
    }

    #[test]
    fn messages_lack_the_properties_that_are_not_sent() {
        let text = r##"
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '200':
          description: The thing.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
components:
  schemas:
    Id: {type: string, readOnly: true}
    Base:
      type: object
      required: [id, name]
      properties:
        id: {$ref: '#/components/schemas/Id'}
        made: {type: string, readOnly: true}
        name: {type: string}
    Thing:
      allOf:
        - $ref: '#/components/schemas/Base'
        - required: [made, password, parts]
          properties:
            password: {type: string, writeOnly: true}
            parts: {type: array, minItems: 1, items: {$ref: '#/components/schemas/Base'}}
"##;
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        let names = |messages: &[Value], pointer: &str| -> BTreeSet<String> {
            assert!(!messages.is_empty());
            let objects = messages.iter().map(|message| {
                let object = message.pointer(pointer).and_then(Value::as_object);
                object.expect("it is an object")
            });
            objects.flat_map(|object| object.keys().cloned()).collect()
        };
        let requests = RequestParts::of(&contract, operation).messages();
        let responses = responses(&contract, operation);
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        for (messages, pointer, expected) in [
            (&requests, "/body/value", &["name", "parts", "password"][..]),
            (&requests, "/body/value/parts/0", &["name"]),
            (&responses, "/body/value", &["id", "made", "name", "parts"]),
            (&responses, "/body/value/parts/0", &["id", "made", "name"]),
        ] {
            let expected: BTreeSet<String> = set(expected);
            assert_eq!(names(messages, pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn responses_to_head_have_no_body() {
        let text = r#"
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    head:
      responses:
        '200':
          description: The thing.
          headers: {X-Size: {required: true, schema: {type: integer, minimum: 3}}}
          content: {application/json: {schema: {type: object}}}
"#;
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        let messages = responses(&contract, operation);
        assert!(!messages.is_empty());
        for message in &messages {
            assert!(message.get("body").is_none(), "{message}");
            assert!(
                message["headers"]["x-size"].as_u64() >= Some(3),
                "{message}"
            );
        }
        assert_eq!(uncovered_responses(&contract, operation, &messages), []);
    }

    #[test]
    fn responses_without_a_message_have_a_reason() {
        let text = r#"
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      responses:
        '101': {description: Another protocol.}
        '200':
          description: The thing.
          content:
            application/json: {schema: false}
            application/xml: {schema: {type: object}}
            text/plain: {schema: {type: integer}}
        '201':
          description: It cannot be named.
          content: {application/json: {schema: {type: string, pattern: '^(?=b)a$'}}}
        '4XX':
          description: Anything.
          content: {'*/*': {schema: {type: object}}}
        '204': {description: Nothing.}
"#;
        let document = Document::parse("things.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        let messages = responses(&contract, operation);
        let uncovered = uncovered_responses(&contract, operation, &messages);
        let uncovered: Vec<(u16, Option<&str>, UncoveredReason)> = uncovered
            .iter()
            .map(
                |UncoveredResponse {
                     code,
                     content_type,
                     reason,
                     ..
                 }| { (*code, content_type.as_deref(), *reason) },
            )
            .collect();
        let json = Some("application/json");
        assert_eq!(
            uncovered,
            [
                (101, None, UncoveredReason::Interim),
                (200, json, UncoveredReason::Impossible),
                (
                    200,
                    Some("application/xml"),
                    UncoveredReason::UndefinedBytes
                ),
                (201, json, UncoveredReason::NotFound),
            ]
        );
        // Without messages, nothing is covered.
        assert_eq!(uncovered_responses(&contract, operation, &[]).len(), 7);
    }

    #[test]
    fn discriminators_decide_between_alternatives_that_allow_the_same() {
        let text = r#"
openapi: 3.1.0
info: {title: Signals, version: 1.0.0}
paths:
  /signals:
    get:
      responses:
        '200':
          description: A signal.
          content:
            application/json:
              schema:
                oneOf: [{$ref: '#/components/schemas/Lamp'}, {$ref: '#/components/schemas/Arm'}]
                discriminator: {propertyName: kind, mapping: {lamp: '#/components/schemas/Lamp', arm: Arm}}
components:
  schemas:
    Lamp: {type: object, required: [kind], properties: {kind: {type: string}, colour: {type: string}}}
    Arm: {type: object, required: [kind], properties: {kind: {type: string}, angle: {type: number}}}
"#;
        let document = Document::parse("signals.yaml", text).expect("it is YAML");
        let contract = Contract::read(document).expect("it is a contract");
        let operation = contract.operations.values().next().expect("there is one");
        let messages = responses(&contract, operation);
        let kinds: Vec<&str> = messages
            .iter()
            .filter_map(|message| message.pointer("/body/value/kind")?.as_str())
            .collect();
        assert!(
            kinds.contains(&"lamp") && kinds.contains(&"arm"),
            "{messages:?}"
        );
    }
}
