//! HTTP messages as JSON values, and the JSON Schemas of the messages that a contract allows.
//!
//! A request is `{path, query, header, cookie, credentials, body}`, a response is `{status,
//! headers, body}`; parts that are not sent are omitted. Path parameters are named by their
//! position, header names are in lower case. Because one schema describes the whole message, one
//! validator rejects missing parameters, undeclared statuses and numbers out of range.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::finding::Direction;
use crate::json_schema::{Translation, UnsupportedPattern};
use crate::model::media_type::affixes;
use crate::model::{Body, Contract, MediaType, Operation, ParameterIn, Response, StatusPattern};

/// The JSON Schema of the requests of an operation.
pub fn request_schema(contract: &Contract, operation: &Operation) -> Value {
    request(Translation::new(contract), operation)
}

/// The JSON Schema of the messages of an operation in one direction.
pub(crate) fn message_schema(
    contract: &Contract,
    operation: &Operation,
    direction: Direction,
    unsupported_pattern: Option<UnsupportedPattern>,
) -> Value {
    let translation = Translation::with(contract, unsupported_pattern);
    message(translation, operation, direction)
}

/// The JSON Schema of the messages of an operation as they are sent: requests may lack `readOnly` properties, and
/// responses `writeOnly` ones, even if these are required (OpenAPI 3.0.4, "Schema Object").
pub(crate) fn sent_message_schema(
    contract: &Contract,
    operation: &Operation,
    direction: Direction,
    unsupported_pattern: Option<UnsupportedPattern>,
) -> Value {
    let translation = Translation::with(contract, unsupported_pattern).for_direction(direction);
    message(translation, operation, direction)
}

fn message(translation: Translation<'_>, operation: &Operation, direction: Direction) -> Value {
    match direction {
        Direction::Request => request(translation, operation),
        Direction::Response => response(translation, operation),
    }
}

fn request(mut translation: Translation<'_>, operation: &Operation) -> Value {
    let mut groups: Map<String, Value> = Map::new();
    let mut required_groups = Vec::new();
    for location in [
        ParameterIn::Path,
        ParameterIn::Query,
        ParameterIn::Header,
        ParameterIn::Cookie,
    ] {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (key, parameter) in &operation.parameters {
            if key.location != location {
                continue;
            }
            let schema = parameter
                .schema_node
                .map_or(true.into(), |node| translation.schema(node));
            properties.insert(key.name.clone(), schema);
            if parameter.required {
                required.push(key.name.clone());
            }
        }
        if !required.is_empty() {
            required_groups.push(location.to_string());
        }
        if !properties.is_empty() {
            let group = json!({"type": "object", "properties": properties, "required": required});
            groups.insert(location.to_string(), group);
        }
    }
    let mut all = Vec::new();
    if let Some(body) = &operation.request_body {
        if body.required {
            required_groups.push("body".to_owned());
        }
        all.extend(bodies(&mut translation, &body.content));
    }
    if !operation.security.is_empty() {
        let requirements = operation.security.iter().map(|credentials| {
            let needed = credentials
                .iter()
                .flat_map(|(scheme, scopes)| scheme.credentials(scopes));
            let needed = needed.map(|credential| json!({"contains": {"const": credential}}));
            json!({"properties": {"credentials": {"allOf": all_or_true(needed.collect())}},
                   "required": if credentials.is_empty() { json!([]) } else { json!(["credentials"]) }})
        });
        all.push(json!({"anyOf": requirements.collect::<Vec<_>>()}));
    }
    let schema = json!({
        "type": "object",
        "properties": groups,
        "required": required_groups,
        "allOf": all_or_true(all),
    });
    translation.finish(schema)
}

/// The JSON Schema of the responses of an operation.
pub fn response_schema(contract: &Contract, operation: &Operation) -> Value {
    response(Translation::new(contract), operation)
}

fn response(mut translation: Translation<'_>, operation: &Operation) -> Value {
    let mut codes = Vec::new();
    let mut all = Vec::new();
    for (status, response) in &operation.responses {
        let codes_of_status = status_schema(*status, operation);
        let response = one_response(&mut translation, response);
        all.push(json!({
            "if": {"properties": {"status": codes_of_status}},
            "then": response,
        }));
        codes.push(codes_of_status);
    }
    // An operation without `responses` allows every response.
    if codes.is_empty() {
        codes.push(true.into());
    }
    let schema = json!({
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"type": "integer", "anyOf": codes}},
        "allOf": all_or_true(all),
    });
    translation.finish(schema)
}

/// `allOf` must not be empty.
fn all_or_true(all: Vec<Value>) -> Vec<Value> {
    if all.is_empty() {
        vec![true.into()]
    } else {
        all
    }
}

fn status_schema(status: StatusPattern, operation: &Operation) -> Value {
    match status {
        StatusPattern::Code(code) => json!({"const": code}),
        StatusPattern::Range(hundred) => {
            let own = operation
                .responses
                .keys()
                .filter_map(|status| match status {
                    StatusPattern::Code(code) if code / 100 == hundred => Some(*code),
                    _ => None,
                });
            let own: Vec<u16> = own.collect();
            json!({"minimum": hundred * 100, "maximum": hundred * 100 + 99, "not": {"enum": own}})
        }
        StatusPattern::Default => {
            let others = operation
                .responses
                .keys()
                .filter(|&&status| status != StatusPattern::Default);
            let others: Vec<Value> = others
                .map(|&status| status_schema(status, operation))
                .collect();
            if others.is_empty() {
                true.into()
            } else {
                json!({"not": {"anyOf": others}})
            }
        }
    }
}

fn one_response(translation: &mut Translation<'_>, response: &Response) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, header) in &response.headers {
        let schema = header
            .schema_node
            .map_or(true.into(), |node| translation.schema(node));
        properties.insert(name.clone(), schema);
        if header.required {
            required.push(name.clone());
        }
    }
    let mut needed = Vec::new();
    if !required.is_empty() {
        needed.push("headers");
    }
    if !response.content.is_empty() {
        needed.push("body");
    }
    let bodies = bodies(translation, &response.content);
    json!({
        "required": needed,
        "properties": {
            "headers": {"type": "object", "properties": properties, "required": required},
        },
        "allOf": all_or_true(bodies.into_iter().collect()),
    })
}

/// The schema of a body with one of several media types: `{content_type, value}`.
fn bodies(translation: &mut Translation<'_>, content: &BTreeMap<MediaType, Body>) -> Option<Value> {
    let mut types = Vec::new();
    let mut all = Vec::new();
    for (media_type, body) in content {
        let of_type = media_type_schema(media_type, content.keys());
        if let Some(node) = body.schema_node {
            let schema = translation.schema(node);
            all.push(json!({
                "if": {"properties": {"content_type": of_type}},
                "then": {"properties": {"value": schema}},
            }));
        }
        types.push(of_type);
    }
    if types.is_empty() {
        return None;
    }
    Some(json!({"properties": {"body": {
        "type": "object",
        "required": ["content_type", "value"],
        "properties": {"content_type": {"anyOf": types}},
        "allOf": all_or_true(all),
    }}}))
}

/// The schema of the content types that a media type or range (`image/*`) applies to: those that no
/// more specific range contains.
fn media_type_schema<'m>(
    media_type: &MediaType,
    all: impl Iterator<Item = &'m MediaType>,
) -> Value {
    let Some((before, after)) = affixes(media_type.as_str()) else {
        return json!({"const": media_type.as_str()});
    };
    let closer = all.filter(|other| media_type.covers(other));
    let closer: Vec<Value> = closer.map(pattern_or_const).collect();
    let mut schema = range_schema(before, after);
    if !closer.is_empty() {
        schema["not"] = json!({"anyOf": closer});
    }
    schema
}

fn pattern_or_const(media_type: &MediaType) -> Value {
    match affixes(media_type.as_str()) {
        None => json!({"const": media_type.as_str()}),
        Some((before, after)) => range_schema(before, after),
    }
}

fn range_schema(before: &str, after: &str) -> Value {
    let (before, after) = (escape_pattern(before), escape_pattern(after));
    json!({"type": "string", "pattern": format!("^{before}.*{after}$")})
}

fn escape_pattern(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
