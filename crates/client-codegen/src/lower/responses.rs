//! Responses: one type for all successes of an operation, and one for all its errors.
//!
//! Different bodies become a union of their types. A response without a body next to others with one is
//! `None` if it is a success, and has no type if it is an error. The client reads all undeclared statuses
//! as `default`; progenitor gets `4XX` and `5XX` instead, and the overrides of the operation add the rest.
//! Media types such as `application/problem+json` are JSON.

mod by_status;
mod content;
mod union;

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use super::draft_markers::{BY_STATUS, empty_with_origin, is_marker, keys};
use super::overrides::{OperationOverrides, ResponseArm, StatusRange};
use super::plain_schema::plain_schema;
use super::request_bodies::essence;
use super::rewrite_log::RewriteLog;
use super::unused_names::{component_types, unused_name};
use super::walk::{self, ORIGINAL_RESPONSES, Object};
use super::{Change, Draft, PassKind};
use crate::rules;

pub(super) use content::schema_of;
pub(crate) use content::{ContentKind, content_kind, preferred_media_type};

use by_status::bodies_by_status;
use content::JSON;
use union::weight;

const EXACT: PassKind = PassKind::exact(rules::RESPONSES);
const WEAKENED: PassKind = PassKind::weakened(rules::RESPONSES);

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft {
        value,
        log,
        overrides,
        ..
    } = draft;
    let mut taken = component_types(value);
    let mut new: Vec<(String, Value)> = Vec::new();
    let shapes: BTreeMap<String, usize> = walk::components(value)
        .map(|(name, schema)| (name.to_owned(), weight(schema)))
        .collect();
    walk::operations(value, &mut |_, operation| {
        let id = walk::operation_id(operation);
        let Some(Value::Object(written)) = operation.get("responses").cloned() else {
            return;
        };
        let origin = empty_with_origin(operation);
        let mut lowering = ResponseLowering {
            id: &id,
            origin: &origin,
            responses: written.clone(),
            kept: written.clone(),
            operation_overrides: OperationOverrides::default(),
            log,
            taken: &mut taken,
            new: &mut new,
            shapes: &shapes,
        };
        lowering.streams();
        lowering.media_types();
        lowering.success();
        lowering.errors();
        lowering.others();
        let ResponseLowering {
            responses,
            kept,
            operation_overrides,
            ..
        } = lowering;
        if responses == written && kept == written {
            return;
        }
        operation.insert("responses".to_owned(), Value::Object(responses));
        operation.insert(ORIGINAL_RESPONSES.to_owned(), Value::Object(kept));
        let of_body = overrides.entry(id.clone()).or_default();
        of_body.arms = operation_overrides.arms;
        of_body.catches_all = operation_overrides.catches_all;
    });
    if !new.is_empty()
        && let Some(components) = walk::components_mut(value)
    {
        components.extend(new);
    }
}

/// Moves the responses of the contract from the draft to the overrides.
pub(super) fn finish(draft: &mut Draft<'_>) {
    let Draft {
        value, overrides, ..
    } = draft;
    let unions: HashSet<String> = walk::components(value)
        .filter(|(_, schema)| schema.get(BY_STATUS).is_some())
        .map(|(name, _)| name.to_owned())
        .collect();
    walk::operations(value, &mut |_, operation| {
        if let Some(Value::Object(kept)) = operation.shift_remove(ORIGINAL_RESPONSES) {
            let id = walk::string(operation, "operationId").unwrap_or_default();
            let operation_overrides = overrides.entry(id.to_owned()).or_default();
            let sent = operation.get("responses").and_then(Value::as_object);
            operation_overrides.bodies_by_status = sent.map_or_else(Vec::new, |sent| {
                bodies_by_status(sent, &kept, &unions, operation_overrides.catches_all)
            });
            operation_overrides.responses = Some(kept);
        }
    });
}

struct ResponseLowering<'a, 'd> {
    id: &'a str,
    /// An empty object with the origin of the operation.
    origin: &'a Object,
    responses: Object,
    /// The responses of the contract. The bodies that are alternatives of a union refer to components.
    kept: Object,
    operation_overrides: OperationOverrides,
    log: &'a mut RewriteLog<'d>,
    taken: &'a mut HashSet<String>,
    new: &'a mut Vec<(String, Value)>,
    shapes: &'a BTreeMap<String, usize>,
}

impl ResponseLowering<'_, '_> {
    /// Makes components of the items of streams, so that they have a type.
    fn streams(&mut self) {
        let mut items: Vec<(String, String, Value)> = Vec::new();
        for (status, response) in self
            .responses
            .iter()
            .filter(|(status, _)| is_success(status))
        {
            for (media_type, content) in walk::entries(response.get("content")) {
                let schema = content
                    .get("schema")
                    .filter(|schema| has_items(media_type, schema));
                let inline = schema.filter(|schema| schema.get("$ref").is_none());
                if let Some(schema) = inline {
                    items.push((status.clone(), media_type.to_owned(), schema.clone()));
                }
            }
        }
        for (status, media_type, schema) in items {
            let name = unused_name(self.taken, &format!("{}_item", self.id));
            let reference = self.component(&name, schema);
            for responses in [&mut self.responses, &mut self.kept] {
                let content = responses
                    .get_mut(&status)
                    .and_then(|one| one.get_mut("content"));
                let content = content.and_then(|content| content.get_mut(&media_type));
                if let Some(content) = walk::object_mut(content) {
                    content.insert("schema".to_owned(), reference.clone());
                }
            }
        }
    }

    /// Renames all JSON media types to `application/json`, and adds missing schemas.
    fn media_types(&mut self) {
        for (status, response) in &mut self.responses {
            let is_success = is_success(status) || status == "default";
            let origin = response
                .as_object()
                .map(empty_with_origin)
                .unwrap_or_default();
            let Some(content) = walk::object_mut(response.get_mut("content")) else {
                continue;
            };
            let Some(chosen) = preferred_media_type(content) else {
                continue;
            };
            let Some(mut media_type) = content.get(&chosen).and_then(Value::as_object).cloned()
            else {
                continue;
            };
            // Another media type with the same schema is another form of the same content.
            let schema = |key: &String| plain_schema(content.get(key));
            let others = content.keys().filter(|key| !is_marker(key));
            // The items of a stream have a method of their own.
            let is_offered = |key: &String| {
                let items = content.get(key).and_then(|one| one.get("schema"));
                is_success && items.is_some_and(|items| has_items(key, items))
            };
            let others = others.filter(|key| {
                **key != chosen && schema(key) != schema(&chosen) && !is_offered(key)
            });
            let others: Vec<String> = others.map(|key| format!("`{key}`")).collect();
            let has_others = content.keys().any(|key| *key != chosen && !is_marker(key));
            if others.is_empty() && has_others {
                let message = format!(
                    "the media types of the response have the same content; the client requests `{chosen}`"
                );
                self.log
                    .record_object(EXACT, &origin, Some("content"), Some(self.id), message);
            }
            if !others.is_empty() {
                let message = Change::new(
                    format!(
                        "the response has several media types; the client only reads `{chosen}`"
                    ),
                    format!("The client does not request or read {}.", others.join(", ")),
                    format!(
                        "Remove the other media types, or send requests for {} with another HTTP client.",
                        others.join(", ")
                    ),
                );
                self.log
                    .record_object(WEAKENED, &origin, Some("content"), Some(self.id), message);
            }
            media_type.shift_remove("encoding");
            if !media_type.contains_key("schema") {
                let any = empty_with_origin(&media_type);
                media_type.insert("schema".to_owned(), Value::Object(any));
            }
            if chosen.contains('*') {
                let message = Change::new(
                    format!(
                        "the media type of the response is `{chosen}`; the client expects JSON"
                    ),
                    "The client fails to read a body that is not JSON.",
                    "Write `application/json`, or the media type that the server sends.",
                );
                self.log
                    .record_object(WEAKENED, &media_type, None, Some(self.id), message);
            }
            let is_plain = chosen == JSON || chosen.starts_with("application/json;");
            if !is_plain || content.get(&chosen).and_then(Value::as_object) != Some(&media_type) {
                let name = if is_plain { chosen.as_str() } else { JSON };
                *content = Map::from_iter([(name.to_owned(), Value::Object(media_type))]);
            }
        }
    }

    fn of(&self, is_it: fn(&str) -> bool) -> Vec<(String, ContentKind)> {
        let responses = self.responses.iter();
        let responses = responses.filter(|(status, _)| is_it(status));
        responses
            .map(
                |(status, response)| match (status.as_str(), content_kind(response)) {
                    ("101", ContentKind::None | ContentKind::Raw) => {
                        (status.clone(), ContentKind::Upgrade)
                    }
                    (_, kind) => (status.clone(), kind),
                },
            )
            .collect()
    }

    fn default(&self) -> Option<ContentKind> {
        self.responses.get("default").map(content_kind)
    }

    fn success(&mut self) {
        let has_upgrade =
            |all: &[(String, ContentKind)]| all.iter().any(|one| one.1 == ContentKind::Upgrade);
        let mut successes = self.of(is_success);
        if successes.len() > 1 && has_upgrade(&successes) {
            let message = Change::new(
                "a response 101 is returned as `Error::UnexpectedResponse`, because other successes do not upgrade",
                "The client does not return the upgraded connection as a success.",
                "Use an operation of its own for the upgrade.",
            );
            self.leave_to_caller("101", WEAKENED, message);
            successes = self.of(is_success);
        }
        let mut kinds: Vec<&ContentKind> = successes.iter().map(|(_, kind)| kind).collect();
        let default = self.default();
        let covers_all = is_covered(&successes);
        if successes.is_empty() {
            // `default` alone is both the success and the error.
            let Some(default) = &default else { return };
            if self.of(is_error).iter().any(|(_, kind)| kind != default) {
                let response = self.responses.get("default").cloned();
                self.responses
                    .extend(response.map(|one| ("2XX".to_owned(), one)));
            }
            return;
        }
        if let Some(default) = &default
            && !covers_all
        {
            kinds.push(default);
        }
        if are_equal(&kinds) {
            return;
        }
        let kinds: Vec<&ContentKind> = successes.iter().map(|(_, kind)| kind).collect();
        if are_equal(&kinds) {
            return;
        }
        let bodies: Vec<String> = statuses(&successes, |kind| matches!(kind, ContentKind::Json(_)));
        let raw = statuses(&successes, |kind| *kind == ContentKind::Raw);
        let empty = statuses(&successes, |kind| *kind == ContentKind::None);
        if bodies.is_empty() {
            // A missing body is an empty stream.
            for status in &empty {
                if let Some(response) = walk::object_mut(self.responses.get_mut(status)) {
                    let media_type = json!({ "schema": { "type": "string", "format": "binary" } });
                    let content = Map::from_iter([("*/*".to_owned(), media_type)]);
                    response.insert("content".to_owned(), Value::Object(content));
                }
            }
            return;
        }
        for status in &raw {
            self.leave_to_caller(status, WEAKENED, not_json(status));
        }
        let schema = self.union(&bodies, "Response");
        let schema = match empty.is_empty() {
            true => schema,
            false => {
                let message = format!(
                    "other successes have a body; a response without one ({}) is `None`",
                    empty.join(", ")
                );
                for status in &empty {
                    self.record(EXACT, status, message.as_str());
                    self.arm(status, ResponseArm::Empty);
                }
                let mut maybe = Object::new();
                let name = unused_name(self.taken, &format!("{}_answer", self.id));
                let reference = self.component(&name, schema);
                maybe.insert("nullable".to_owned(), Value::Bool(true));
                maybe.insert("allOf".to_owned(), Value::Array(vec![reference]));
                Value::Object(maybe)
            }
        };
        for status in bodies.iter().chain(&empty) {
            self.set(status, schema.clone());
        }
    }

    fn errors(&mut self) {
        let errors = self.of(is_error);
        let successes = self.of(is_success);
        let default = self.default();
        let mut kinds: Vec<ContentKind> = errors.iter().map(|(_, kind)| kind.clone()).collect();
        kinds.extend(default.clone());
        let needs_default_split = default.as_ref().is_some_and(|default| {
            !successes.is_empty()
                && !is_covered(&successes)
                && successes.iter().any(|(_, kind)| kind != default)
        });
        if are_equal(&kinds.iter().collect::<Vec<_>>()) && !needs_default_split {
            return;
        }
        if let Some(response) = self.responses.shift_remove("default") {
            let has_body = default != Some(ContentKind::None);
            self.operation_overrides.catches_all =
                default.is_some_and(|kind| matches!(kind, ContentKind::Json(_)));
            for range in ["4XX", "5XX"] {
                if has_body && !self.responses.contains_key(range) {
                    self.responses.insert(range.to_owned(), response.clone());
                }
            }
        }
        let errors = self.of(is_error);
        let bodies = statuses(&errors, |kind| matches!(kind, ContentKind::Json(_)));
        let others = statuses(&errors, |kind| !matches!(kind, ContentKind::Json(_)));
        if bodies.is_empty() {
            if statuses(&errors, |kind| *kind == ContentKind::Raw).is_empty() {
                return;
            }
            for status in statuses(&errors, |kind| *kind == ContentKind::None) {
                let message = format!(
                    "a response {status} has no body, unlike other errors; it is returned as `Error::UnexpectedResponse`"
                );
                self.leave_to_caller(&status, EXACT, message);
            }
            return;
        }
        for status in others {
            match self.responses.get(&status).map(content_kind) {
                Some(ContentKind::Raw) => {
                    self.leave_to_caller(&status, WEAKENED, not_json(&status));
                }
                _ => self.leave_to_caller(&status, EXACT, not_json(&status).fact()),
            }
        }
        let schema = self.union(&bodies, "Error");
        for status in &bodies {
            self.set(status, schema.clone());
        }
    }

    /// Records responses that are neither success nor error.
    fn others(&mut self) {
        let others =
            self.of(|status| !is_success(status) && !is_error(status) && status != "default");
        for (status, kind) in others {
            if kind != ContentKind::None {
                let message = Change::new(
                    format!("a response {status} is returned as `Error::UnexpectedResponse`"),
                    "The client does not read the body.",
                    format!(
                        "Read the body of the response in `Error::UnexpectedResponse`, or use another status than {status}."
                    ),
                );
                self.record(WEAKENED, &status, message);
            }
            if self.operation_overrides.catches_all {
                self.arm(&status, ResponseArm::Unexpected);
            }
        }
    }

    fn record(&mut self, kind: PassKind, status: &str, change: impl Into<Change>) {
        if let Some(response) = self.responses.get(status).and_then(Value::as_object) {
            self.log
                .record_object(kind, response, None, Some(self.id), change);
        }
    }

    fn arm(&mut self, status: &str, arm: ResponseArm) {
        self.operation_overrides
            .arms
            .extend(StatusRange::of(status).map(|statuses| (statuses, arm)));
    }

    /// Returns the response to the caller unread.
    fn leave_to_caller(&mut self, status: &str, kind: PassKind, change: impl Into<Change>) {
        self.record(kind, status, change);
        self.arm(status, ResponseArm::Unexpected);
        self.responses.shift_remove(status);
    }

    fn set(&mut self, status: &str, schema: Value) {
        let content = walk::object_mut(self.responses.get_mut(status));
        let Some(response) = content else { return };
        let media_type = Map::from_iter([("schema".to_owned(), schema)]);
        let content = Map::from_iter([(JSON.to_owned(), Value::Object(media_type))]);
        response.insert("content".to_owned(), Value::Object(content));
    }
}

/// Whether a media type with this schema is a stream of typed items. The schema is that of an item.
fn has_items(media_type: &str, schema: &Value) -> bool {
    StreamKind::of(media_type).is_some()
        && schema.as_object().is_some_and(|schema| {
            walk::string(schema, "type") != Some("string") && !keys(schema).is_empty()
        })
}

/// How the items of a stream are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    /// Server-sent events (WHATWG HTML, "Server-sent events").
    Events,
    /// One JSON value for each line, or a JSON text sequence (RFC 7464).
    JsonLines,
}

impl StreamKind {
    /// The kind of a media type; `None` if its content is no stream of items.
    pub(crate) fn of(media_type: &str) -> Option<Self> {
        match essence(media_type).as_str() {
            "text/event-stream" => Some(Self::Events),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/json-seq" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// A response whose body is not JSON, next to others whose body is.
fn not_json(status: &str) -> Change {
    Change::new(
        format!(
            "a response {status} is not JSON, unlike others; it is returned as `Error::UnexpectedResponse`"
        ),
        "The client does not read the body.",
        format!("Use JSON for {status}, or the same media type for all these responses."),
    )
}

/// Whether progenitor sees nothing that `default` could apply to besides `2XX`.
fn is_covered(successes: &[(String, ContentKind)]) -> bool {
    let all = |status: &str| ["101", "200", "2XX"].contains(&status);
    successes.iter().any(|(status, _)| status == "2XX")
        && successes.iter().all(|(status, _)| all(status))
}

fn are_equal<T: PartialEq>(all: &[T]) -> bool {
    all.windows(2).all(|two| two[0] == two[1])
}

fn statuses(all: &[(String, ContentKind)], is_it: fn(&ContentKind) -> bool) -> Vec<String> {
    let found = all.iter().filter(|(_, kind)| is_it(kind));
    found.map(|(status, _)| status.clone()).collect()
}

pub(super) fn is_success(status: &str) -> bool {
    status == "101" || status.starts_with('2')
}

/// Whether the client reads the body of responses with this status.
pub(super) fn is_read(status: &str) -> bool {
    is_success(status) || is_error(status) || status == "default"
}

fn is_error(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{Outcome, body, contract, lowered};
    use openapi_contract::Fidelity;

    fn responding(responses: Value) -> Outcome {
        let problem = json!({ "type": "object", "required": ["message"],
            "properties": { "message": { "type": "string" } } });
        let fault = json!({ "type": "object", "required": ["code"],
            "properties": { "code": { "type": "integer" } } });
        lowered(&contract(
            json!({ "/a": { "get": { "operationId": "get", "responses": responses } } }),
            json!({ "Problem": problem, "Fault": fault,
                    "Item": { "type": "object", "properties": { "id": { "type": "integer" } } } }),
        ))
    }

    fn response(name: &str) -> Value {
        body(json!({ "$ref": format!("#/components/schemas/{name}") }))
    }

    #[test]
    fn default_is_every_other_answer() {
        let outcome =
            responding(json!({ "200": response("Item"), "default": response("Problem") }));
        assert!(outcome.rewrites.is_empty(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(
            code.contains("Result<ResponseValue<types::Item>,Error<types::Problem>>"),
            "{code}"
        );
        assert!(
            code.contains("_=>response.json_error(&[]).await,"),
            "{}",
            code
        );
    }

    #[test]
    fn error_bodies_that_differ_are_a_union() {
        let outcome = responding(json!({
            "200": response("Item"), "400": response("Problem"), "500": response("Fault"),
            "404": { "description": "" },
        }));
        assert!(outcome.has_rewrite(Fidelity::Exact, "each status has its own"));
        assert!(
            outcome.code.contains("Error<types::GetError>"),
            "{}",
            outcome.code
        );
        assert!(outcome.code.contains("Problem(Problem)") && outcome.code.contains("Fault(Fault)"));
        assert!(
            outcome.code.contains("404=>response.unexpected().await,"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn response_without_a_body_is_none() {
        let outcome = responding(json!({ "200": response("Item"), "204": { "description": "" } }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        let code = outcome.code;
        assert!(
            code.contains("Result<ResponseValue<::std::option::Option<types::Item>>"),
            "{code}"
        );
        assert!(code.contains("204=>response.none(),"), "{code}");
    }

    #[test]
    fn json_by_another_name_is_read_and_asked_for() {
        let mut problem = response("Problem");
        problem["content"] =
            json!({ "application/problem+json": problem["content"]["application/json"] });
        let mut item = response("Item");
        item["content"] = json!({ "application/hal+json": item["content"]["application/json"] });
        let outcome = responding(json!({ "200": item, "4XX": problem }));
        assert!(outcome.is_exact(), "{:#?}", outcome.rewrites);
        assert!(
            outcome
                .code
                .contains("Result<ResponseValue<types::Item>,Error<types::Problem>>")
        );
        assert!(
            outcome
                .code
                .contains(".accept(\"application/hal+json, application/problem+json\")"),
            "{}",
            outcome.code
        );
    }

    #[test]
    fn bodies_that_are_no_json_stay_streams() {
        let image = json!({ "description": "", "content": { "image/png": {} } });
        let outcome = responding(json!({ "200": image, "204": { "description": "" } }));
        assert!(
            outcome.code.contains("Result<ResponseValue<ByteStream>"),
            "{}",
            outcome.code
        );
    }
}
