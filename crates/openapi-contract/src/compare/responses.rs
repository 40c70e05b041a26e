//! Responses: statuses, with their headers and bodies.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::verdict::Verdicts;
use super::{Relation, bodies, schemas};
use crate::finding::{Level, Location};
use crate::model::{Contract, Header, Operation, Response, StatusPattern};
use crate::rules;
use crate::witness::{MessagePart, OperationKeys, Side, WitnessSearch};

/// Compares the statuses of an operation, with their headers and bodies.
pub(super) fn compare(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    let [old_name, new_name] = verdicts.relation.names();
    for (&status, response) in &old.responses {
        if let Some(other) = covering(new, status) {
            pair(verdicts, keys, status, response, other);
            continue;
        }
        let fact = format!("{old_name} declares status {status}, {new_name} does not");
        let old_place = status_place(verdicts.old, old, status);
        let new_place = list_place(verdicts.new, new);
        let places = (old_place, new_place);
        // A contract without any status does not say how it answers.
        let is_evolution = verdicts.relation == Relation::Evolution;
        let effect = if new.responses.is_empty() {
            Effect::Unknown
        } else if is_evolution && is_success(status) && !can_succeed(new) {
            // No answer is refused, but the one that clients are after never comes.
            Effect::Unless(Level::Risky)
        } else {
            Effect::Narrows
        };
        let rule = rules::STATUS_REMOVED;
        status_difference(verdicts, keys, status, rule, effect, fact, places);
    }
    for &status in new.responses.keys() {
        if old.responses.contains_key(&status) {
            continue;
        }
        if let (Some(before), Some(response)) = (covering(old, status), new.responses.get(&status))
        {
            pair(verdicts, keys, status, before, response);
        } else {
            let fact = format!("{new_name} declares status {status}, {old_name} does not");
            let old_place = list_place(verdicts.old, old);
            let new_place = status_place(verdicts.new, new, status);
            let places = (old_place, new_place);
            let effect = if old.responses.is_empty() {
                Effect::Unless(Level::Compatible)
            } else {
                Effect::Widens
            };
            let rule = rules::STATUS_ADDED;
            status_difference(verdicts, keys, status, rule, effect, fact, places);
        }
    }
}

/// The response that is declared for a status, if only by a range or by default.
fn covering(operation: &Operation, status: StatusPattern) -> Option<&Response> {
    match status {
        StatusPattern::Code(code) => operation.response(code),
        other => operation.responses.get(&other).map(AsRef::as_ref),
    }
}

fn is_success(status: StatusPattern) -> bool {
    matches!(
        status,
        StatusPattern::Code(200..300) | StatusPattern::Range(2)
    )
}

/// Whether an operation declares an answer that can be a success.
fn can_succeed(operation: &Operation) -> bool {
    let mut statuses = operation.responses.keys();
    statuses.any(|&status| is_success(status) || status == StatusPattern::Default)
}

/// The place of an operation's responses.
fn list_place(contract: &Contract, operation: &Operation) -> Location {
    Location::new(&contract.document, operation.node, Some("responses"))
}

/// The line of a status, or the list of responses.
fn status_place(contract: &Contract, operation: &Operation, status: StatusPattern) -> Location {
    let document = &contract.document;
    let list = document
        .get(operation.node, "responses")
        .unwrap_or(operation.node);
    Location::new(document, list, Some(&status.to_string()))
}

fn status_difference(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    status: StatusPattern,
    rule: rules::Rule,
    effect: Effect,
    fact: String,
    (old, new): (Location, Location),
) {
    let part = MessagePart::Status(status);
    let at = Cursor::part(keys, part);
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
pub(super) fn with_status(search: &WitnessSearch<'_>, side: Side, at: &Cursor<'_>) -> Vec<Value> {
    let operation = at.keys.operation(search.contract(side));
    let status = match at.part {
        Some(
            MessagePart::Status(status)
            | MessagePart::Header(status, _)
            | MessagePart::ResponseBody(status, _),
        ) => Some(status),
        _ => None,
    };
    let response = operation
        .zip(status)
        .and_then(|(operation, status)| search.response(side, operation, status, None));
    response.into_iter().collect()
}

fn pair(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    status: StatusPattern,
    old: &Response,
    new: &Response,
) {
    let names: BTreeSet<&String> = old.headers.keys().chain(new.headers.keys()).collect();
    for name in names {
        let at = Cursor::part(keys, MessagePart::Header(status, name.clone()));
        match (old.headers.get(name), new.headers.get(name)) {
            (Some(left), Some(right)) => header_pair(verdicts, &at, status, left, right),
            (Some(left), None) => header_removed(verdicts, &at, status, (old, left), new),
            (None, Some(right)) => header_added(verdicts, &at, status, old, (new, right)),
            (None, None) => {}
        }
    }
    if old.links != new.links && verdicts.relation == Relation::Evolution {
        let place = |contract: &Contract, response: &Response| {
            Location::new(&contract.document, response.node, Some("links"))
        };
        let difference = Difference::unseen(
            rules::LINKS_CHANGED,
            Effect::Unless(Level::Risky),
            format!("the links of status {status} differ"),
            (place(verdicts.old, old), place(verdicts.new, new)),
        );
        verdicts.report(&Cursor::part(keys, MessagePart::Status(status)), difference);
    }
    if old.description != new.description {
        let difference = Difference {
            rule: rules::DESCRIPTION_CHANGED,
            effect: Effect::Unless(Level::Editorial),
            fact: format!("the description of status {status} reads differently"),
            old: Location::new(&verdicts.old.document, old.node, Some("description")),
            new: Location::new(&verdicts.new.document, new.node, Some("description")),
            candidates: Candidates::None,
        };
        verdicts.report(&Cursor::part(keys, MessagePart::Status(status)), difference);
    }
    bodies::compare_content(
        verdicts,
        keys,
        (&old.content, old.node),
        (&new.content, new.node),
        |name| MessagePart::ResponseBody(status, name),
    );
}

/// The line of a header in the response that declares it, not in the component it refers to.
fn header_place(contract: &Contract, response: &Response, header: &Header) -> Location {
    let document = &contract.document;
    match document.get(response.node, "headers") {
        Some(headers) => Location::new(document, headers, Some(&header.name)),
        None => Location::new(document, header.node, None),
    }
}

fn header_removed(
    verdicts: &mut Verdicts<'_>,
    at: &Cursor<'_>,
    status: StatusPattern,
    (from, old): (&Response, &Header),
    new: &Response,
) {
    let [old_name, new_name] = verdicts.relation.names();
    let name = &old.name;
    let difference = Difference {
        rule: rules::HEADER_REMOVED,
        effect: if old.required {
            Effect::Widens
        } else {
            Effect::Unless(Level::Risky)
        },
        fact: format!("{old_name} declares the header `{name}` for {status}, {new_name} does not"),
        old: header_place(verdicts.old, from, old),
        new: Location::new(&verdicts.new.document, new.node, Some("headers")),
        candidates: Candidates::Messages(without_header, String::new()),
    };
    verdicts.report(at, difference);
}

fn header_added(
    verdicts: &mut Verdicts<'_>,
    at: &Cursor<'_>,
    status: StatusPattern,
    old: &Response,
    (to, new): (&Response, &Header),
) {
    let [old_name, new_name] = verdicts.relation.names();
    let name = &new.name;
    let difference = Difference {
        rule: rules::HEADER_ADDED,
        effect: Effect::Unless(Level::Compatible),
        fact: format!("{new_name} declares the header `{name}` for {status}, {old_name} does not"),
        old: Location::new(&verdicts.old.document, old.node, Some("headers")),
        new: header_place(verdicts.new, to, new),
        candidates: Candidates::Messages(without_header, String::new()),
    };
    verdicts.report(at, difference);
}

fn header_pair(
    verdicts: &mut Verdicts<'_>,
    at: &Cursor<'_>,
    status: StatusPattern,
    old: &Header,
    new: &Header,
) {
    let [old_name, new_name] = verdicts.relation.names();
    let name = &old.name;
    schemas::compare(verdicts, at, (old.schema, old.node), (new.schema, new.node));
    let mut report = |rule, effect, fact, member, candidates| {
        let difference = Difference {
            rule,
            effect,
            fact,
            old: Location::new(&verdicts.old.document, old.node, Some(member)),
            new: Location::new(&verdicts.new.document, new.node, Some(member)),
            candidates,
        };
        verdicts.report(at, difference);
    };
    if old.description != new.description {
        let fact = format!("the description of the header `{name}` reads differently");
        let effect = Effect::Unless(Level::Editorial);
        report(
            rules::DESCRIPTION_CHANGED,
            effect,
            fact,
            "description",
            Candidates::None,
        );
    }
    if old.deprecated != new.deprecated {
        let (rule, who) = if new.deprecated {
            (rules::VALUE_DEPRECATED, new_name)
        } else {
            (rules::VALUE_UNDEPRECATED, old_name)
        };
        let fact = format!("the header `{name}` is deprecated in {who} only");
        let effect = Effect::Unless(Level::Compatible);
        report(rule, effect, fact, "deprecated", Candidates::None);
    }
    let (rule, effect, who) = match (old.required, new.required) {
        (true, false) => (rules::HEADER_BECAME_OPTIONAL, Effect::Widens, old_name),
        (false, true) => (rules::HEADER_BECAME_REQUIRED, Effect::Narrows, new_name),
        _ => return,
    };
    let fact = format!("the header `{name}` of {status} is required in {who} only");
    let candidates = Candidates::Messages(without_header, String::new());
    report(rule, effect, fact, "required", candidates);
}

/// A response of `side` without the header.
fn without_header(search: &WitnessSearch<'_>, side: Side, at: &Cursor<'_>) -> Vec<Value> {
    let Some(MessagePart::Header(_, name)) = &at.part else {
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
