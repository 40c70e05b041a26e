//! Responses: statuses, with their headers and bodies.

use std::collections::BTreeSet;

use super::change::{Change, Literal};
use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::verdict::Verdicts;
use super::{Relation, bodies, candidates, schemas};
use crate::finding::{Level, Location};
use crate::model::{Contract, Header, Operation, Response, StatusPattern};
use crate::rules;
use crate::witness::{OperationKeys, PartKey, Side};

/// Compares the statuses of an operation, with their headers and bodies.
pub(super) fn compare(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    for (&status, response) in &old.responses {
        if let Some(other) = covering(new, status) {
            pair(verdicts, keys, status, response, other);
            continue;
        }
        let change = Change::only(format!("status {status}"), Side::Old);
        let old_location = status_location(verdicts.old, old, status);
        let new_location = list_location(verdicts.new, new);
        let locations = (old_location, new_location);
        // Without any status the responses are not specified.
        let is_evolution = verdicts.relation == Relation::Evolution;
        let effect = if new.responses.is_empty() {
            Effect::Unknown
        } else if is_evolution && is_success(status) && !can_succeed(new) {
            // Clients reject no response, but never receive the success they expect.
            Effect::Unless(Level::Risky)
        } else {
            Effect::Narrows
        };
        let rule = rules::STATUS_REMOVED;
        status_difference(verdicts, keys, status, rule, effect, change, locations);
    }
    for &status in new.responses.keys() {
        if old.responses.contains_key(&status) {
            continue;
        }
        if let (Some(before), Some(response)) = (covering(old, status), new.responses.get(&status))
        {
            pair(verdicts, keys, status, before, response);
        } else {
            let change = Change::only(format!("status {status}"), Side::New);
            let old_location = list_location(verdicts.old, old);
            let new_location = status_location(verdicts.new, new, status);
            let locations = (old_location, new_location);
            let effect = if old.responses.is_empty() {
                Effect::Unless(Level::Compatible)
            } else {
                Effect::Widens
            };
            let rule = rules::STATUS_ADDED;
            status_difference(verdicts, keys, status, rule, effect, change, locations);
        }
    }
}

/// The response for a status: its own, that of its range, or the default.
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

/// Whether an operation declares a response that can be a success.
fn can_succeed(operation: &Operation) -> bool {
    let mut statuses = operation.responses.keys();
    statuses.any(|&status| is_success(status) || status == StatusPattern::Default)
}

/// The location of an operation's responses.
fn list_location(contract: &Contract, operation: &Operation) -> Location {
    Location::new(&contract.document, operation.node, Some("responses"))
}

/// The location of a status, or of all responses.
fn status_location(contract: &Contract, operation: &Operation, status: StatusPattern) -> Location {
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
    change: Change,
    (old, new): (Location, Location),
) {
    let part = PartKey::Status(status);
    let at = Cursor::part(keys, part);
    let candidates = Candidates::Messages(candidates::with_status, String::new());
    verdicts.report(
        &at,
        Difference {
            rule,
            effect,
            change,
            old,
            new,
            candidates,
        },
    );
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
        let at = Cursor::part(keys, PartKey::Header(status, name.clone()));
        match (old.headers.get(name), new.headers.get(name)) {
            (Some(left), Some(right)) => header_pair(verdicts, &at, status, left, right),
            (Some(left), None) => header_removed(verdicts, &at, status, (old, left), new),
            (None, Some(right)) => header_added(verdicts, &at, status, old, (new, right)),
            (None, None) => {}
        }
    }
    if old.links != new.links && verdicts.relation == Relation::Evolution {
        let location = |contract: &Contract, response: &Response| {
            Location::new(&contract.document, response.node, Some("links"))
        };
        let difference = Difference::unseen(
            rules::LINKS_CHANGED,
            Effect::Unless(Level::Risky),
            Change::keyword(
                "links",
                old.links.as_ref().map(Literal::from),
                new.links.as_ref().map(Literal::from),
            ),
            (location(verdicts.old, old), location(verdicts.new, new)),
        );
        verdicts.report(&Cursor::part(keys, PartKey::Status(status)), difference);
    }
    if old.description != new.description {
        let difference = Difference {
            rule: rules::DESCRIPTION_CHANGED,
            effect: Effect::Unless(Level::Editorial),
            change: Change::text(
                format!("the description of status {status}"),
                Some(&old.description),
                Some(&new.description),
            ),
            old: Location::new(&verdicts.old.document, old.node, Some("description")),
            new: Location::new(&verdicts.new.document, new.node, Some("description")),
            candidates: Candidates::None,
        };
        verdicts.report(&Cursor::part(keys, PartKey::Status(status)), difference);
    }
    bodies::compare_content(
        verdicts,
        keys,
        (&old.content, old.node),
        (&new.content, new.node),
        |name| PartKey::ResponseBody(status, name),
    );
}

/// The location of a header in its response, not in the component it refers to.
fn header_location(contract: &Contract, response: &Response, header: &Header) -> Location {
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
    let name = &old.name;
    let difference = Difference {
        rule: rules::HEADER_REMOVED,
        effect: if old.required {
            Effect::Widens
        } else {
            Effect::Unless(Level::Risky)
        },
        change: Change::only(format!("the header `{name}` of status {status}"), Side::Old),
        old: header_location(verdicts.old, from, old),
        new: Location::new(&verdicts.new.document, new.node, Some("headers")),
        candidates: Candidates::Messages(candidates::without_header, String::new()),
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
    let name = &new.name;
    let difference = Difference {
        rule: rules::HEADER_ADDED,
        effect: Effect::Unless(Level::Compatible),
        change: Change::only(format!("the header `{name}` of status {status}"), Side::New),
        old: Location::new(&verdicts.old.document, old.node, Some("headers")),
        new: header_location(verdicts.new, to, new),
        candidates: Candidates::Messages(candidates::without_header, String::new()),
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
    let name = &old.name;
    schemas::compare(verdicts, at, (old.schema, old.node), (new.schema, new.node));
    let mut report = |rule, effect, change, keyword, candidates| {
        let difference = Difference {
            rule,
            effect,
            change,
            old: Location::new(&verdicts.old.document, old.node, Some(keyword)),
            new: Location::new(&verdicts.new.document, new.node, Some(keyword)),
            candidates,
        };
        verdicts.report(at, difference);
    };
    if old.description != new.description {
        let noun = format!("the description of the header `{name}`");
        let change = Change::text(noun, old.description.as_ref(), new.description.as_ref());
        let effect = Effect::Unless(Level::Editorial);
        report(
            rules::DESCRIPTION_CHANGED,
            effect,
            change,
            "description",
            Candidates::None,
        );
    }
    if old.deprecated != new.deprecated {
        let (rule, side) = if new.deprecated {
            (rules::VALUE_DEPRECATED, Side::New)
        } else {
            (rules::VALUE_UNDEPRECATED, Side::Old)
        };
        let what = format!("the header `{name}`");
        let change = Change::Deprecated { what, side };
        let effect = Effect::Unless(Level::Compatible);
        report(rule, effect, change, "deprecated", Candidates::None);
    }
    let (rule, effect, side) = match (old.required, new.required) {
        (true, false) => (rules::HEADER_BECAME_OPTIONAL, Effect::Widens, Side::Old),
        (false, true) => (rules::HEADER_BECAME_REQUIRED, Effect::Narrows, Side::New),
        _ => return,
    };
    let what = format!("the header `{name}` of status {status}");
    let change = Change::Required { what, side };
    let candidates = Candidates::Messages(candidates::without_header, String::new());
    report(rule, effect, change, "required", candidates);
}
