//! Request bodies, and the media types of requests and responses.

use std::collections::BTreeMap;

use super::change::{Change, ChangedItem, Literal};
use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::verdict::Verdicts;
use super::{Relation, candidates, schemas};
use crate::document::NodeId;
use crate::finding::{Level, Location};
use crate::model::media_type::declared;
use crate::model::{Body, Contract, MediaType, Operation};
use crate::rules;
use crate::witness::{OperationKeys, PartKey, Side};

/// Compares the request bodies of an operation.
pub(super) fn compare_request(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    let at = Cursor::part(keys, PartKey::RequestBody(String::new()));
    let location = |contract: &Contract, operation: &Operation| {
        Location::new(&contract.document, operation.node, Some("requestBody"))
    };
    let (old_location, new_location) = (location(verdicts.old, old), location(verdicts.new, new));
    let difference = |rule, effect, change| Difference {
        rule,
        effect,
        change,
        old: old_location.clone(),
        new: new_location.clone(),
        candidates: Candidates::Messages(candidates::with_and_without_body, String::new()),
    };
    let (old_body, new_body) = match (&old.request_body, &new.request_body) {
        (None, None) => return,
        (Some(_), None) => {
            let change = Change::only("the request body", Side::Old);
            let effect = Effect::Unless(Level::Risky);
            verdicts.report(&at, difference(rules::REQUEST_BODY_REMOVED, effect, change));
            return;
        }
        (None, Some(body)) => {
            let change = Change::only(ChangedItem::named("request body", body.required), Side::New);
            let effect = if body.required {
                Effect::Narrows
            } else {
                Effect::Unless(Level::Compatible)
            };
            verdicts.report(&at, difference(rules::REQUEST_BODY_ADDED, effect, change));
            return;
        }
        (Some(old), Some(new)) => (old, new),
    };
    let required = match (old_body.required, new_body.required) {
        (false, true) => {
            let rule = rules::REQUEST_BODY_BECAME_REQUIRED;
            Some((rule, Effect::Narrows, Side::New))
        }
        (true, false) => {
            let rule = rules::REQUEST_BODY_BECAME_OPTIONAL;
            Some((rule, Effect::Widens, Side::Old))
        }
        _ => None,
    };
    if let Some((rule, effect, side)) = required {
        let what = "the request body".to_owned();
        verdicts.report(
            &at,
            difference(rule, effect, Change::Required { what, side }),
        );
    }
    compare_content(
        verdicts,
        keys,
        (&old_body.content, old_body.node),
        (&new_body.content, new_body.node),
        PartKey::RequestBody,
    );
}

/// Compares the media types of a body.
pub(super) fn compare_content<'b>(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    (old, old_node): (&'b BTreeMap<MediaType, Body>, NodeId),
    (new, new_node): (&'b BTreeMap<MediaType, Body>, NodeId),
    part: impl Fn(String) -> PartKey,
) {
    let mut media_types: Vec<&MediaType> = old.keys().chain(new.keys()).collect();
    media_types.sort();
    media_types.dedup();
    for name in media_types {
        let at = Cursor::part(keys, part(name.to_string()));
        let location = |contract: &Contract, body: Option<&Body>, parent| match body {
            Some(body) => Location::new(&contract.document, body.node, None),
            None => Location::new(&contract.document, parent, Some("content")),
        };
        // A range such as `image/*` covers its media types, so a side may have one without its
        // name.
        let what = format!("the `{name}` body");
        let (rule, effect, side) =
            match (declared(old, name.as_str()), declared(new, name.as_str())) {
                (Some(old), Some(new)) => {
                    encoding(verdicts, &at, old, new);
                    schemas::compare(
                        verdicts,
                        &at,
                        (old.schema, old.node),
                        (new.schema, new.node),
                    );
                    continue;
                }
                // A client that needs a body rejects a response without one.
                (Some(_), _) if new.is_empty() && at.is_response() => {
                    let difference = Difference {
                        rule: rules::MEDIA_TYPE_REMOVED,
                        effect: Effect::Widens,
                        change: Change::only(what, Side::Old),
                        old: location(verdicts.old, old.get(name), old_node),
                        new: location(verdicts.new, None, new_node),
                        candidates: Candidates::Messages(candidates::with_status, String::new()),
                    };
                    verdicts.report(&at, difference);
                    continue;
                }
                (Some(_), _) => (
                    rules::MEDIA_TYPE_REMOVED,
                    if verdicts.relation == Relation::Evolution && at.is_response() {
                        // Clients that request it with `Accept` no longer receive it.
                        Effect::Unless(Level::Risky)
                    } else {
                        Effect::Narrows
                    },
                    Side::Old,
                ),
                (None, _) => (
                    rules::MEDIA_TYPE_ADDED,
                    // Clients ignore a body that the old contract does not declare.
                    if old.is_empty() && at.is_response() {
                        Effect::Unless(Level::Compatible)
                    } else {
                        Effect::Widens
                    },
                    Side::New,
                ),
            };
        let difference = Difference {
            rule,
            effect,
            change: Change::only(what, side),
            old: location(verdicts.old, old.get(name), old_node),
            new: location(verdicts.new, new.get(name), new_node),
            candidates: Candidates::Messages(candidates::with_media_type, "/body".to_owned()),
        };
        verdicts.report(&at, difference);
    }
}

fn encoding(verdicts: &mut Verdicts<'_>, at: &Cursor<'_>, old: &Body, new: &Body) {
    if old.encoding == new.encoding || verdicts.relation == Relation::Client {
        return;
    }
    let location = |contract: &Contract, body: &Body| {
        Location::new(&contract.document, body.node, Some("encoding"))
    };
    // Messages hold values without their serialization, so there is none to show.
    let difference = Difference::unseen(
        rules::ENCODING_CHANGED,
        Effect::Unknown,
        Change::keyword(
            "encoding",
            old.encoding.as_deref().map(Literal::from),
            new.encoding.as_deref().map(Literal::from),
        ),
        (location(verdicts.old, old), location(verdicts.new, new)),
    );
    verdicts.report(at, difference);
}
