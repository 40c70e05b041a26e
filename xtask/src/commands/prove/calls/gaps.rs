//! The declared parts of messages for which no value was found.

use openapi_contract::Location;
use openapi_contract::document::NodeId;
use openapi_contract::model::{Contract, MediaType, Operation, SchemaId};
use openapi_contract::witness::{
    RequestParts, UncoveredReason, UncoveredResponse, allows_nothing, response_schema_values,
};
use serde_json::Value;

use super::message_text::{STREAMS, streamed};
use crate::commands::prove::mock_server::CannedResponse;

/// A body that is sent if the contract does not define the bytes of its values.
pub(super) const UNDEFINED_BYTES: &str = "<some>text</some>";

/// The arrays of files in multipart forms of which no value has several files.
pub(super) fn single_files(
    contract: &Contract,
    operation: &Operation,
    parts: &RequestParts,
) -> Vec<String> {
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
pub(super) enum Uncovered {
    /// Its bytes are not defined by its schema; this response has some.
    Sent(CannedResponse, Option<Value>),
    /// A test cannot send it, with the reason.
    Untested(&'static str),
    /// Its schemas allow nothing.
    Impossible,
    /// No value was found for the part at this location.
    NotFound(Location),
}

pub(super) fn uncovered(
    contract: &Contract,
    operation: &Operation,
    gap: &UncoveredResponse,
) -> Uncovered {
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
                let items = response_schema_values(contract, body);
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
pub(super) fn is_string(contract: &Contract, schema: SchemaId) -> bool {
    contract.schemas.get(schema).types() == ["string"]
}

/// A part of a request without a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) part: String,
    /// The location of the parameter or the body.
    pub(super) place: Location,
    pub(super) is_required: bool,
    /// Whether its schema allows no value.
    pub(super) is_impossible: bool,
}

/// The declared parts of a request for which no value was found.
pub(super) fn gaps(contract: &Contract, operation: &Operation, parts: &RequestParts) -> Vec<Gap> {
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
pub(super) fn has_undefined_bytes(media_type: &str) -> bool {
    let media_type = MediaType::parse(media_type);
    let essence = media_type.essence();
    let is_form =
        essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/");
    !is_form && !media_type.is_json()
}

#[cfg(test)]
mod tests {
    use openapi_contract::document::Document;
    use openapi_contract::model::Contract;
    use openapi_contract::witness::{RequestParts, responses, uncovered_responses};
    use serde_json::json;

    use super::{Uncovered, gaps, single_files, uncovered};
    use crate::commands::prove::calls::test_contract::contract;

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
}
