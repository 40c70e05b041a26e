//! The parts of an operation's messages: parameters, bodies, statuses and headers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schemas;
use super::verdict::{At, Candidates, Difference, Effect, Verdicts};
use crate::finding::{Level, Location};
use crate::model::{
    Body, Contract, Operation, OperationKey, Parameter, ParameterIn, Response, Status,
};
use crate::rules;
use crate::witness::{Part, Search, Side};

/// Compares the parameters of an operation.
pub(super) fn parameters(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    old: &Operation,
    new: &Operation,
) {
    let [old_name, new_name] = verdicts.relation.names();
    for (name, parameter) in &old.parameters {
        let at = At {
            key,
            part: Some(Part::Parameter(name.clone())),
            steps: Vec::new(),
        };
        if let Some(other) = new.parameters.get(name) {
            parameter_pair(verdicts, &at, parameter, other);
            continue;
        }
        let kind = name.location;
        verdicts.report(
            &at,
            Difference {
                rule: rules::PARAMETER_REMOVED,
                effect: Effect::Unless(Level::Risky),
                fact: format!(
                    "{old_name} has the {kind} parameter `{}`, {new_name} does not",
                    parameter.name
                ),
                old: Location::new(&verdicts.old.document, parameter.node, None),
                new: list_place(verdicts.new, new, "parameters"),
                candidates: Candidates::Messages(with_and_without_parameter, String::new()),
            },
        );
    }
    for (name, parameter) in &new.parameters {
        if old.parameters.contains_key(name) {
            continue;
        }
        let at = At {
            key,
            part: Some(Part::Parameter(name.clone())),
            steps: Vec::new(),
        };
        let kind = name.location;
        let required = if parameter.required { "required " } else { "" };
        verdicts.report(
            &at,
            Difference {
                rule: rules::PARAMETER_ADDED,
                effect: if parameter.required {
                    Effect::Narrows
                } else {
                    Effect::Unless(Level::Compatible)
                },
                fact: format!(
                    "{new_name} has the {required}{kind} parameter `{}`, {old_name} does not",
                    parameter.name
                ),
                old: list_place(verdicts.old, old, "parameters"),
                new: Location::new(&verdicts.new.document, parameter.node, None),
                candidates: Candidates::Messages(with_and_without_parameter, String::new()),
            },
        );
    }
}

/// The place of a list of an operation, or of the operation where it has no such list.
fn list_place(contract: &Contract, operation: &Operation, member: &str) -> Location {
    Location::new(&contract.document, operation.node, Some(member))
}

fn parameter_pair(verdicts: &mut Verdicts<'_>, at: &At<'_>, old: &Parameter, new: &Parameter) {
    let [old_name, new_name] = verdicts.relation.names();
    let (old_document, new_document) = (&verdicts.old.document, &verdicts.new.document);
    let places = |member: &str| {
        (
            Location::new(old_document, old.node, Some(member)),
            Location::new(new_document, new.node, Some(member)),
        )
    };
    let change = |rule, effect, fact, member, candidates| {
        let (old, new) = places(member);
        Difference {
            rule,
            effect,
            fact,
            old,
            new,
            candidates,
        }
    };
    let mut differences = Vec::new();
    if old.required != new.required {
        let (rule, effect, who) = if new.required {
            (rules::PARAMETER_BECAME_REQUIRED, Effect::Narrows, new_name)
        } else {
            (rules::PARAMETER_BECAME_OPTIONAL, Effect::Widens, old_name)
        };
        let fact = format!("`{}` is required in {who} only", old.name);
        let candidates = Candidates::Messages(with_and_without_parameter, String::new());
        differences.push(change(rule, effect, fact, "required", candidates));
    }
    if old.style != new.style {
        let fact = format!(
            "`{}` is written as {} in {old_name} and as {} in {new_name}",
            old.name, old.style, new.style
        );
        // The model holds values, not their spelling on the wire, so there is no message to show.
        let effect = Effect::Unknown;
        differences.push(change(
            rules::PARAMETER_STYLE_CHANGED,
            effect,
            fact,
            "style",
            Candidates::None,
        ));
    }
    if old.name != new.name && at_path(at) {
        let fact = format!(
            "the path parameter is `{}` in {old_name} and `{}` in {new_name}",
            old.name, new.name
        );
        let effect = Effect::Unless(Level::Docs);
        differences.push(change(
            rules::PARAMETER_RENAMED,
            effect,
            fact,
            "name",
            Candidates::None,
        ));
    }
    if old.description != new.description {
        let fact = format!("the description of `{}` reads differently", old.name);
        let effect = Effect::Unless(Level::Docs);
        differences.push(change(
            rules::DESCRIPTION_CHANGED,
            effect,
            fact,
            "description",
            Candidates::None,
        ));
    }
    for difference in differences {
        verdicts.report(at, difference);
    }
    schemas::compare(verdicts, at, (old.schema, old.node), (new.schema, new.node));
}

fn at_path(at: &At<'_>) -> bool {
    matches!(&at.part, Some(Part::Parameter(key)) if key.location == ParameterIn::Path)
}

/// Requests of `side` with the parameter and without it, where it allows them.
fn with_and_without_parameter(search: &Search<'_>, side: Side, at: &At<'_>) -> Vec<Value> {
    let contract = search.contract(side);
    let (Some(operation), Some(Part::Parameter(key))) = (contract.operations.get(at.key), &at.part)
    else {
        return Vec::new();
    };
    let mut without = search.request(side, operation);
    if let Some(group) = without
        .get_mut(key.location.to_string())
        .and_then(Value::as_object_mut)
    {
        group.remove(&key.name);
    }
    let mut with = without.clone();
    let value = operation
        .parameters
        .get(key)
        .and_then(|parameter| crate::witness::sample(contract, parameter.schema));
    let Some(value) = value else {
        return vec![without];
    };
    with[key.location.to_string()][&key.name] = value;
    vec![without, with]
}

/// Compares the request bodies of an operation.
pub(super) fn request_body(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    old: &Operation,
    new: &Operation,
) {
    let [old_name, new_name] = verdicts.relation.names();
    let at = At {
        key,
        part: Some(Part::RequestBody(String::new())),
        steps: Vec::new(),
    };
    let place = |contract: &Contract, operation: &Operation| {
        Location::new(&contract.document, operation.node, Some("requestBody"))
    };
    let (old_place, new_place) = (place(verdicts.old, old), place(verdicts.new, new));
    let difference = |rule, effect, fact: String| Difference {
        rule,
        effect,
        fact,
        old: old_place.clone(),
        new: new_place.clone(),
        candidates: Candidates::Messages(with_and_without_body, String::new()),
    };
    let (old_body, new_body) = match (&old.request_body, &new.request_body) {
        (None, None) => return,
        (Some(_), None) => {
            let fact = format!("{old_name} has a request body, {new_name} does not");
            let effect = Effect::Unless(Level::Risky);
            verdicts.report(&at, difference(rules::REQUEST_BODY_REMOVED, effect, fact));
            return;
        }
        (None, Some(body)) => {
            let required = if body.required { "required " } else { "" };
            let fact = format!("{new_name} has a {required}request body, {old_name} does not");
            let effect = if body.required {
                Effect::Narrows
            } else {
                Effect::Unless(Level::Compatible)
            };
            verdicts.report(&at, difference(rules::REQUEST_BODY_ADDED, effect, fact));
            return;
        }
        (Some(old), Some(new)) => (old, new),
    };
    match (old_body.required, new_body.required) {
        (false, true) => {
            let fact = format!("the request body is required in {new_name} only");
            verdicts.report(
                &at,
                difference(rules::REQUEST_BODY_BECAME_REQUIRED, Effect::Narrows, fact),
            );
        }
        (true, false) => {
            let fact = format!("the request body is required in {old_name} only");
            verdicts.report(
                &at,
                difference(rules::REQUEST_BODY_BECAME_OPTIONAL, Effect::Widens, fact),
            );
        }
        _ => {}
    }
    content(
        verdicts,
        key,
        (&old_body.content, old_body.node),
        (&new_body.content, new_body.node),
        Part::RequestBody,
    );
}

/// Requests of `side` without a body, and with one of each media type.
fn with_and_without_body(search: &Search<'_>, side: Side, at: &At<'_>) -> Vec<Value> {
    let contract = search.contract(side);
    let Some(operation) = contract.operations.get(at.key) else {
        return Vec::new();
    };
    let mut without = search.request(side, operation);
    if let Some(request) = without.as_object_mut() {
        request.remove("body");
    }
    let bodies = operation.request_body.iter().flat_map(|body| &body.content);
    let with = bodies.filter_map(|(media_type, body)| {
        let value = crate::witness::sample(contract, body.schema)?;
        let mut request = without.clone();
        request["body"] = serde_json::json!({"content_type": media_type, "value": value});
        Some(request)
    });
    let with: Vec<Value> = with.collect();
    std::iter::once(without).chain(with).collect()
}

/// Compares the media types of a body.
fn content<'b>(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    (old, old_node): (&'b BTreeMap<String, Body>, crate::document::NodeId),
    (new, new_node): (&'b BTreeMap<String, Body>, crate::document::NodeId),
    part: impl Fn(String) -> Part,
) {
    let [old_name, new_name] = verdicts.relation.names();
    let mut media_types: Vec<&String> = old.keys().chain(new.keys()).collect();
    media_types.sort();
    media_types.dedup();
    for name in media_types {
        let at = At {
            key,
            part: Some(part(name.clone())),
            steps: Vec::new(),
        };
        let place = |contract: &Contract, body: Option<&Body>, parent| match body {
            Some(body) => Location::new(&contract.document, body.node, None),
            None => Location::new(&contract.document, parent, Some("content")),
        };
        let (rule, effect, fact) = match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => {
                schemas::compare(
                    verdicts,
                    &at,
                    (old.schema, old.node),
                    (new.schema, new.node),
                );
                continue;
            }
            (Some(_), _) => (
                rules::MEDIA_TYPE_REMOVED,
                Effect::Narrows,
                format!("{old_name} has a body of type `{name}`, {new_name} does not"),
            ),
            (None, _) => (
                rules::MEDIA_TYPE_ADDED,
                Effect::Widens,
                format!("{new_name} has a body of type `{name}`, {old_name} does not"),
            ),
        };
        let difference = Difference {
            rule,
            effect,
            fact,
            old: place(verdicts.old, old.get(name), old_node),
            new: place(verdicts.new, new.get(name), new_node),
            candidates: Candidates::Messages(with_media_type, "/body".to_owned()),
        };
        verdicts.report(&at, difference);
    }
}

/// A message of `side` with a body of the media type.
fn with_media_type(search: &Search<'_>, side: Side, at: &At<'_>) -> Vec<Value> {
    let Some(operation) = search.contract(side).operations.get(at.key) else {
        return Vec::new();
    };
    match &at.part {
        Some(Part::RequestBody(name)) => with_and_without_body(search, side, at)
            .into_iter()
            .filter(|request| request["body"]["content_type"] == name.as_str())
            .collect(),
        Some(Part::ResponseBody(status, name)) => {
            let has_it = operation
                .responses
                .get(status)
                .is_some_and(|response| response.content.contains_key(name));
            let response = search.response(side, operation, *status, Some(name));
            response.filter(|_| has_it).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Compares the statuses of an operation, with their headers and bodies.
pub(super) fn responses(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    old: &Operation,
    new: &Operation,
) {
    let [old_name, new_name] = verdicts.relation.names();
    for (&status, response) in &old.responses {
        if let Some(other) = new.responses.get(&status) {
            response_pair(verdicts, key, status, response, other);
            continue;
        }
        let fact = format!("{old_name} declares status {status}, {new_name} does not");
        let old_place = status_place(verdicts.old, old, status);
        let new_place = list_place(verdicts.new, new, "responses");
        let places = (old_place, new_place);
        status_difference(
            verdicts,
            key,
            status,
            rules::STATUS_REMOVED,
            Effect::Narrows,
            fact,
            places,
        );
    }
    for &status in new.responses.keys() {
        if !old.responses.contains_key(&status) {
            let fact = format!("{new_name} declares status {status}, {old_name} does not");
            let old_place = list_place(verdicts.old, old, "responses");
            let new_place = status_place(verdicts.new, new, status);
            let places = (old_place, new_place);
            status_difference(
                verdicts,
                key,
                status,
                rules::STATUS_ADDED,
                Effect::Widens,
                fact,
                places,
            );
        }
    }
}

/// The line of a status, or the list of responses.
fn status_place(contract: &Contract, operation: &Operation, status: Status) -> Location {
    let document = &contract.document;
    let list = document
        .get(operation.node, "responses")
        .unwrap_or(operation.node);
    Location::new(document, list, Some(&status.to_string()))
}

fn status_difference(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    status: Status,
    rule: rules::Rule,
    effect: Effect,
    fact: String,
    (old, new): (Location, Location),
) {
    let part = Part::Status(status);
    let at = At {
        key,
        part: Some(part),
        steps: Vec::new(),
    };
    let candidates = Candidates::Messages(with_status, String::new());
    verdicts.report(
        &at,
        Difference {
            rule,
            effect,
            fact,
            old,
            new,
            candidates,
        },
    );
}

/// A response of `side` with the status.
fn with_status(search: &Search<'_>, side: Side, at: &At<'_>) -> Vec<Value> {
    let operation = search.contract(side).operations.get(at.key);
    let status = match at.part {
        Some(Part::Status(status) | Part::Header(status, _)) => Some(status),
        _ => None,
    };
    let response = operation
        .zip(status)
        .and_then(|(operation, status)| search.response(side, operation, status, None));
    response.into_iter().collect()
}

fn response_pair(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    status: Status,
    old: &Response,
    new: &Response,
) {
    let [old_name, new_name] = verdicts.relation.names();
    let mut names: Vec<&String> = old.headers.keys().chain(new.headers.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let at = At {
            key,
            part: Some(Part::Header(status, name.clone())),
            steps: Vec::new(),
        };
        let (old_header, new_header) = (old.headers.get(name), new.headers.get(name));
        let shown = old_header
            .or(new_header)
            .map_or(name, |header| &header.name);
        let place = |contract: &Contract,
                     header: Option<&crate::model::Header>,
                     response: &Response| match header {
            Some(header) => Location::new(&contract.document, header.node, Some("required")),
            None => Location::new(&contract.document, response.node, Some("headers")),
        };
        let is_required =
            |header: Option<&crate::model::Header>| header.is_some_and(|header| header.required);
        let (rule, effect, fact) = match (old_header, new_header) {
            (Some(_), None) => (
                rules::HEADER_REMOVED,
                if is_required(old_header) {
                    Effect::Widens
                } else {
                    Effect::Unless(Level::Risky)
                },
                format!(
                    "{old_name} declares the header `{shown}` for {status}, {new_name} does not"
                ),
            ),
            (None, _) => (
                rules::HEADER_ADDED,
                Effect::Unless(Level::Compatible),
                format!(
                    "{new_name} declares the header `{shown}` for {status}, {old_name} does not"
                ),
            ),
            (Some(old), Some(new)) => {
                schemas::compare(
                    verdicts,
                    &at,
                    (old.schema, old.node),
                    (new.schema, new.node),
                );
                if old.description != new.description {
                    verdicts.report(
                        &at,
                        Difference {
                            rule: rules::DESCRIPTION_CHANGED,
                            effect: Effect::Unless(Level::Docs),
                            fact: format!(
                                "the description of the header `{shown}` reads differently"
                            ),
                            old: Location::new(
                                &verdicts.old.document,
                                old.node,
                                Some("description"),
                            ),
                            new: Location::new(
                                &verdicts.new.document,
                                new.node,
                                Some("description"),
                            ),
                            candidates: Candidates::None,
                        },
                    );
                }
                match (old.required, new.required) {
                    (true, false) => (
                        rules::HEADER_BECAME_OPTIONAL,
                        Effect::Widens,
                        format!("the header `{shown}` of {status} is required in {old_name} only"),
                    ),
                    (false, true) => (
                        rules::HEADER_BECAME_REQUIRED,
                        Effect::Narrows,
                        format!("the header `{shown}` of {status} is required in {new_name} only"),
                    ),
                    _ => continue,
                }
            }
        };
        let difference = Difference {
            rule,
            effect,
            fact,
            old: place(verdicts.old, old_header, old),
            new: place(verdicts.new, new_header, new),
            candidates: Candidates::Messages(without_header, String::new()),
        };
        verdicts.report(&at, difference);
    }
    if old.description != new.description {
        let at = At {
            key,
            part: Some(Part::Status(status)),
            steps: Vec::new(),
        };
        verdicts.report(
            &at,
            Difference {
                rule: rules::DESCRIPTION_CHANGED,
                effect: Effect::Unless(Level::Docs),
                fact: format!("the description of status {status} reads differently"),
                old: Location::new(&verdicts.old.document, old.node, Some("description")),
                new: Location::new(&verdicts.new.document, new.node, Some("description")),
                candidates: Candidates::None,
            },
        );
    }
    content(
        verdicts,
        key,
        (&old.content, old.node),
        (&new.content, new.node),
        |name| Part::ResponseBody(status, name),
    );
}

/// A response of `side` without the header.
fn without_header(search: &Search<'_>, side: Side, at: &At<'_>) -> Vec<Value> {
    let Some(Part::Header(_, name)) = &at.part else {
        return Vec::new();
    };
    let mut responses = with_status(search, side, at);
    for response in &mut responses {
        if let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) {
            headers.remove(name);
        }
    }
    responses
}
