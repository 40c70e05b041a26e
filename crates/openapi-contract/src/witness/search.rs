//! The search for a message that proves a difference.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::boundary_values::boundary_values;
use super::closed_world::declares_body;
use super::sample::Sampler;
use super::transport::{content_type, received};
use crate::finding::Direction;
use crate::json_schema::{UnsupportedPattern, ValidationError, Validator};
use crate::message_schema::message_schema;
use crate::model::media_type::declared;
use crate::model::{
    Contract, Operation, OperationKey, ParameterIn, ParameterKey, SchemaId, StatusPattern,
};

/// One of the two contracts that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    /// The old contract, or the contract that a view is compared with.
    Old,
    /// The new contract, or the view.
    New,
}

impl Side {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// The key of an operation in each contract. The keys differ if the operation moved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OperationKeys<'k> {
    pub(crate) old: &'k OperationKey,
    pub(crate) new: &'k OperationKey,
}

impl<'k> OperationKeys<'k> {
    /// The keys of an operation that has not moved.
    pub(crate) fn same(key: &'k OperationKey) -> Self {
        Self { old: key, new: key }
    }

    pub(crate) fn of(self, side: Side) -> &'k OperationKey {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// The operation in one of the two contracts. If it moved, each contract has one of the keys.
    pub(crate) fn operation(self, contract: &Contract) -> Option<&Operation> {
        let operations = &contract.operations;
        operations
            .get(self.old)
            .or_else(|| operations.get(self.new))
    }
}

/// A part of a message, by the keys of the canonical model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PartKey {
    Parameter(ParameterKey),
    RequestBody(String),
    Status(StatusPattern),
    Header(StatusPattern, String),
    ResponseBody(StatusPattern, String),
}

/// A step from a value to one inside of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ValueStep {
    Property(String),
    /// To a property whose name matches a pattern.
    PatternProperty(String),
    Item,
    Additional,
    /// To a member of a union. The value stays the same.
    Member {
        old: usize,
        new: usize,
    },
}

/// The deepest value that a witness is built for. Most JSON parsers, serde_json among them, reject
/// more than 128 levels.
const DEEPEST: usize = 120;

/// A confirmed message.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    pub(crate) message: Value,
    /// The value that the message was built for, if it is about one.
    pub(crate) value: Option<Value>,
    pub(crate) reason: String,
}

/// Searches for proofs between two contracts.
pub(crate) struct WitnessSearch<'a> {
    old: &'a Contract,
    new: &'a Contract,
    validators: HashMap<(OperationKey, Direction, Side, UnsupportedPattern), Option<Validator>>,
}

impl<'a> WitnessSearch<'a> {
    pub(crate) fn new(old: &'a Contract, new: &'a Contract) -> Self {
        Self {
            old,
            new,
            validators: HashMap::new(),
        }
    }

    pub(crate) fn contract(&self, side: Side) -> &'a Contract {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// A message with a value at `steps` inside of `part` that `sender` allows and the other side
    /// rejects. `schemas` are the old and the new schema of the value. The values of
    /// `distinguishing` are tried before theirs.
    pub(crate) fn value(
        &mut self,
        sender: Side,
        keys: OperationKeys<'_>,
        part: &PartKey,
        steps: &[ValueStep],
        schemas: (SchemaId, SchemaId),
        (distinguishing, is_about_null): (&[Value], bool),
    ) -> Option<Proof> {
        if steps.len() > DEEPEST {
            return None;
        }
        let operation = keys.operation(self.contract(sender))?;
        let mut values = distinguishing.to_vec();
        values.extend(boundary_values(self.old, schemas.0));
        values.extend(boundary_values(self.new, schemas.1));
        let pointer = pointer(part, steps);
        let is_in_union = steps
            .iter()
            .any(|step| matches!(step, ValueStep::Member { .. }));
        let direction = part.direction();
        let mut candidates = Vec::new();
        for value in values {
            // Null only proves a difference that is about null.
            if !candidates.contains(&value) && value.is_null() == is_about_null {
                candidates.push(value);
            }
        }
        // First with all optional properties around the value, then without, in case one of them is
        // rejected.
        for all in [true, false] {
            let mut is_sent = false;
            for value in &candidates {
                let message = self.with_value((sender, operation), part, (steps, all), value);
                let Some(message) = message else {
                    continue;
                };
                let validator =
                    self.validator(keys, direction, sender, UnsupportedPattern::MatchNone)?;
                if !validator.allows(&message) {
                    continue;
                }
                is_sent = true;
                let about = (&*pointer, is_in_union);
                if let Some(proof) = self.confirm(sender, keys, direction, message, about) {
                    let value = Some(value.clone());
                    return Some(Proof { value, ..proof });
                }
            }
            if is_sent || steps.is_empty() {
                break;
            }
        }
        None
    }

    /// Confirms that `sender` allows a message and that the other side rejects it because of
    /// something at or below `pointer`, or above it for a value in a union.
    pub(crate) fn confirm(
        &mut self,
        sender: Side,
        keys: OperationKeys<'_>,
        direction: Direction,
        message: Value,
        (pointer, is_in_union): (&str, bool),
    ) -> Option<Proof> {
        if !self
            .validator(keys, direction, sender, UnsupportedPattern::MatchNone)?
            .allows(&message)
        {
            return None;
        }
        let contract = self.contract(sender);
        let operation = keys.operation(contract)?;
        if !declares_body(contract, operation, &message) {
            return None;
        }
        let receiver = self.contract(sender.other());
        let Some(reader) = keys.operation(receiver) else {
            return Some(Proof {
                message,
                value: None,
                reason: "the operation does not exist".to_owned(),
            });
        };
        let received = received(receiver, reader, &message);
        let violations = self
            .validator(
                keys,
                direction,
                sender.other(),
                UnsupportedPattern::MatchAll,
            )?
            .violations(&received);
        // Something else around the value may be rejected for other reasons. Only a union is
        // rejected as a whole because of something inside of it.
        let is_about = |violation: &&ValidationError| {
            is_prefix(pointer, &violation.pointer)
                || (is_in_union && is_prefix(&violation.pointer, pointer))
        };
        let violation = violations.iter().find(is_about)?;
        let reason = match violation.pointer.as_str() {
            "/status" => format!("status {} is not declared", message["status"]),
            // The only alternatives of a whole message are its security requirements.
            "" if violation.keyword == "anyOf" => "the required credentials are missing".to_owned(),
            _ => shortened(&violation.message),
        };
        Some(Proof {
            message,
            value: None,
            reason,
        })
    }

    fn validator(
        &mut self,
        keys: OperationKeys<'_>,
        direction: Direction,
        side: Side,
        unsupported_pattern: UnsupportedPattern,
    ) -> Option<&Validator> {
        let contract = self.contract(side);
        let entry =
            self.validators
                .entry((keys.of(side).clone(), direction, side, unsupported_pattern));
        entry
            .or_insert_with(|| {
                let operation = keys.operation(contract)?;
                let schema =
                    |replacement| message_schema(contract, operation, direction, replacement);
                // Only an invalid schema has an unsupported pattern to work around.
                let plain = Validator::new(&schema(None));
                plain
                    .or_else(|_| Validator::new(&schema(Some(unsupported_pattern))))
                    .ok()
            })
            .as_ref()
    }

    /// A request with the required parts only.
    pub(crate) fn request(&self, side: Side, operation: &Operation) -> Value {
        let contract = self.contract(side);
        let mut message = Map::new();
        for (key, parameter) in &operation.parameters {
            if parameter.required {
                let value = super::sample(contract, parameter.schema).unwrap_or_default();
                set_parameter(&mut message, key, value);
            }
        }
        if let Some(credentials) = operation
            .security
            .first()
            .filter(|requirement| !requirement.is_empty())
        {
            message.insert("credentials".to_owned(), credential_list(credentials));
        }
        if let Some(body) = operation.request_body.as_ref().filter(|body| body.required)
            && let Some((media_type, body)) = body.content.first_key_value()
        {
            let value = super::sample(contract, body.schema).unwrap_or_default();
            let body = body_json(media_type.as_str(), value);
            message.insert("body".to_owned(), body);
        }
        message.into()
    }

    /// A response with a status and the required parts only.
    pub(crate) fn response(
        &self,
        side: Side,
        operation: &Operation,
        status: StatusPattern,
        media_type: Option<&str>,
    ) -> Option<Value> {
        let contract = self.contract(side);
        let response = operation.responses.get(&status)?;
        let mut message = json!({"status": code_of(status, operation)});
        let headers: Map<String, Value> = response
            .headers
            .iter()
            .filter(|(_, header)| header.required)
            .map(|(name, header)| {
                (
                    name.clone(),
                    super::sample(contract, header.schema).unwrap_or_default(),
                )
            })
            .collect();
        if !headers.is_empty() {
            message["headers"] = headers.into();
        }
        let body = match media_type {
            Some(name) => declared(&response.content, name).map(|body| (name, body)),
            None => {
                let first = response.content.first_key_value();
                first.map(|(name, body)| (name.as_str(), body))
            }
        };
        if let Some((media_type, body)) = body {
            let value = super::sample(contract, body.schema).unwrap_or_default();
            message["body"] = body_json(media_type, value);
        }
        Some(message)
    }

    fn with_value(
        &self,
        (side, operation): (Side, &Operation),
        part: &PartKey,
        (steps, all): (&[ValueStep], bool),
        value: &Value,
    ) -> Option<Value> {
        let mut build = MessageBuilder {
            side,
            all,
            sampler: Sampler {
                contract: self.contract(side),
                direction: None,
                around: Vec::new(),
            },
        };
        match part {
            PartKey::Parameter(key) => {
                let schema = operation.parameters.get(key)?.schema;
                let value = build.value(schema, steps, value)?;
                let mut message = self.request(side, operation);
                set_parameter(message.as_object_mut()?, key, value);
                Some(message)
            }
            PartKey::RequestBody(media_type) => {
                let content = &operation.request_body.as_ref()?.content;
                let schema = declared(content, media_type)?.schema;
                let value = build.value(schema, steps, value)?;
                let mut message = self.request(side, operation);
                message["body"] = body_json(media_type, value);
                Some(message)
            }
            PartKey::Status(_) => None,
            PartKey::Header(status, name) => {
                let schema = operation.responses.get(status)?.headers.get(name)?.schema;
                let value = build.value(schema, steps, value)?;
                let mut message = self.response(side, operation, *status, None)?;
                message["headers"][name] = value;
                Some(message)
            }
            PartKey::ResponseBody(status, media_type) => {
                let content = &operation.responses.get(status)?.content;
                let schema = declared(content, media_type)?.schema;
                let value = build.value(schema, steps, value)?;
                let mut message = self.response(side, operation, *status, Some(media_type))?;
                message["body"] = body_json(media_type, value);
                Some(message)
            }
        }
    }
}

impl PartKey {
    pub(crate) fn direction(&self) -> Direction {
        match self {
            Self::Parameter(_) | Self::RequestBody(_) => Direction::Request,
            Self::Status(_) | Self::Header(..) | Self::ResponseBody(..) => Direction::Response,
        }
    }
}

/// Builds a sample around a value.
struct MessageBuilder<'a> {
    side: Side,
    /// Whether to add optional properties.
    all: bool,
    sampler: Sampler<'a>,
}

impl MessageBuilder<'_> {
    fn value(&mut self, id: SchemaId, steps: &[ValueStep], leaf: &Value) -> Option<Value> {
        let Some((step, rest)) = steps.split_first() else {
            return Some(leaf.clone());
        };
        let schema = self.sampler.contract.schemas.get(id);
        match step {
            ValueStep::Property(name) => {
                let rules = schema.object.as_ref()?;
                let inner = self.sampler.contract.schemas.property(rules, name)?;
                let inner = self.value(inner, rest, leaf)?;
                let mut members = self.sampler.object(schema, self.all)?;
                members.insert(name.clone(), inner);
                Some(members.into())
            }
            ValueStep::PatternProperty(pattern) => {
                let rules = schema.object.as_ref()?;
                let inner = self.value(*rules.pattern_properties.get(pattern)?, rest, leaf)?;
                let mut members = self.sampler.object(schema, self.all)?;
                members.insert(super::pattern::matching(pattern)?, inner);
                Some(members.into())
            }
            ValueStep::Additional => {
                let rules = schema.object.as_ref()?;
                let inner = self.value(rules.additional, rest, leaf)?;
                let mut members = self.sampler.object(schema, false)?;
                members.insert("undeclared".to_owned(), inner);
                Some(members.into())
            }
            ValueStep::Item => {
                let rules = schema.array.as_ref()?;
                let inner = self.value(rules.items, rest, leaf)?;
                let prefix = rules.prefix.iter().map(|&id| self.sampler.value(id));
                let mut elements: Vec<Value> = prefix.collect::<Option<_>>()?;
                elements.push(inner.clone());
                while (elements.len() as u64) < rules.min_items.min(100) {
                    elements.push(inner.clone());
                }
                Some(elements.into())
            }
            ValueStep::Member { old, new } => {
                let index = match self.side {
                    Side::Old => *old,
                    Side::New => *new,
                };
                // A schema without a union on this side is its own only member.
                let member = match schema.unions.first() {
                    Some(union) => *union.members.get(index)?,
                    None => id,
                };
                let mut value = self.value(member, rest, leaf)?;
                let has_own = schema
                    .object
                    .as_ref()
                    .is_some_and(|rules| !rules.properties.is_empty());
                if let (Value::Object(members), true, true) = (&mut value, has_own, member != id) {
                    for (name, value) in self.sampler.object(schema, false)? {
                        members.entry(name).or_insert(value);
                    }
                }
                Some(value)
            }
        }
    }
}

/// A body in the form of a message.
pub(crate) fn body_json(media_type: &str, value: Value) -> Value {
    json!({"content_type": content_type(media_type), "value": value})
}

/// The credentials of a security requirement in the form of a message.
pub(crate) fn credential_list(credentials: &crate::model::SecurityRequirement) -> Value {
    let all = credentials
        .iter()
        .flat_map(|(scheme, scopes)| scheme.credentials(scopes));
    all.map(Value::from).collect()
}

fn set_parameter(message: &mut Map<String, Value>, key: &ParameterKey, value: Value) {
    let group = message
        .entry(key.location.to_string())
        .or_insert_with(|| json!({}));
    group[&key.name] = value;
}

/// A status code that matches a declared status.
pub(super) fn code_of(status: StatusPattern, operation: &Operation) -> u16 {
    let is_free = |code: &u16| {
        !operation
            .responses
            .contains_key(&StatusPattern::Code(*code))
            && (status != StatusPattern::Default
                || !operation
                    .responses
                    .contains_key(&StatusPattern::Range(*code / 100)))
    };
    match status {
        StatusPattern::Code(code) => code,
        StatusPattern::Range(hundred) => (hundred * 100..hundred * 100 + 100)
            .find(is_free)
            .unwrap_or(hundred * 100),
        StatusPattern::Default => (500..600)
            .chain(400..500)
            .chain(200..400)
            .find(is_free)
            .unwrap_or(500),
    }
}

/// The JSON pointer of the value in the message; `*` for unknown names.
fn pointer(part: &PartKey, steps: &[ValueStep]) -> String {
    let mut pointer = match part {
        PartKey::Parameter(key) => {
            format!(
                "/{}/{}",
                key.location,
                crate::document::escape_token(&key.name)
            )
        }
        PartKey::Status(_) => String::new(),
        PartKey::Header(_, name) => format!("/headers/{}", crate::document::escape_token(name)),
        PartKey::RequestBody(_) | PartKey::ResponseBody(..) => "/body/value".to_owned(),
    };
    for step in steps {
        match step {
            ValueStep::Property(name) => {
                pointer.push('/');
                pointer += &crate::document::escape_token(name);
            }
            ValueStep::Additional => pointer += "/undeclared",
            ValueStep::PatternProperty(_) => pointer += "/*",
            ValueStep::Item => pointer += "/*",
            ValueStep::Member { .. } => {}
        }
    }
    pointer
}

/// Whether `prefix` is the pointer itself or the pointer of an enclosing value.
fn is_prefix(prefix: &str, pointer: &str) -> bool {
    let mut steps = pointer.split('/');
    prefix.split('/').all(|step| {
        steps
            .next()
            .is_some_and(|other| step == other || other == "*" || step == "*")
    })
}

fn shortened(message: &str) -> String {
    const MOST: usize = 160;
    let mut chars = message.chars();
    let start: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() {
        start + "..."
    } else {
        start
    }
}

/// The message as shown in reports: with the path filled in, and names as the contract writes them.
pub(crate) fn presented(
    direction: Direction,
    operation: &Operation,
    key: &OperationKey,
    message: &Value,
) -> Value {
    let mut shown = Map::new();
    if direction == Direction::Request {
        shown.insert("method".to_owned(), key.method.into());
        if operation.security.is_empty() {
            shown.insert("credentials".to_owned(), json!([]));
        }
        shown.insert(
            "path".to_owned(),
            written_path(operation, &message["path"]).into(),
        );
    }
    for name in ["query", "header", "cookie", "credentials", "status"] {
        if let Some(value) = message.get(name) {
            let name = if name == "header" { "headers" } else { name };
            shown.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(Value::Object(headers)) = message.get("headers") {
        let named = headers
            .iter()
            .map(|(name, value)| (header_name(operation, name), value.clone()));
        shown.insert("headers".to_owned(), Value::Object(named.collect()));
    }
    if let Some(body) = message.get("body") {
        shown.insert("content_type".to_owned(), body["content_type"].clone());
        shown.insert("body".to_owned(), body["value"].clone());
    }
    shown.into()
}

/// A header's name as the contract writes it.
fn header_name(operation: &Operation, name: &str) -> String {
    let mut headers = operation
        .responses
        .values()
        .flat_map(|response| &response.headers);
    let written = headers.find(|(key, _)| *key == name);
    written.map_or_else(|| name.to_owned(), |(_, header)| header.name.clone())
}

fn written_path(operation: &Operation, values: &Value) -> String {
    let mut path = operation.path.clone();
    for (key, parameter) in &operation.parameters {
        if key.location == ParameterIn::Path {
            let value = match &values[&key.name] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            path = path.replace(&format!("{{{}}}", parameter.name), &value);
        }
    }
    path
}
