//! Operations, their ids, and their authentication.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, ChangedItem, Literal};
use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::verdict::Verdicts;
use super::{Relation, bodies, candidates, parameters, responses, servers, sunset};
use crate::finding::{Direction, Level, Location};
use crate::model::{Contract, Operation, OperationKey, SecurityRequirement};
use crate::rules;
use crate::witness::{OperationKeys, Side};

/// Compares all operations of both contracts.
pub(super) fn compare(verdicts: &mut Verdicts<'_>, today: Option<&str>) {
    let (old, new) = (verdicts.old, verdicts.new);
    let moved = match verdicts.relation {
        Relation::Evolution => moves(old, new),
        Relation::Drift | Relation::Client => BTreeMap::new(),
    };
    for (key, operation) in &old.operations {
        match (new.operations.get(key), moved.get(key)) {
            (Some(other), _) => one(verdicts, OperationKeys::same(key), operation, other, today),
            (None, Some(target)) => has_moved(verdicts, key, operation, target, today),
            (None, None) => removed(verdicts, key, operation, today),
        }
    }
    let targets: BTreeSet<&OperationKey> = moved.values().copied().collect();
    for (key, operation) in &new.operations {
        if !old.operations.contains_key(key) && !targets.contains(key) {
            added(verdicts, key, operation);
        }
    }
}

/// The removed operations with the new operations that have the same id.
fn moves<'c>(old: &'c Contract, new: &'c Contract) -> BTreeMap<&'c OperationKey, &'c OperationKey> {
    let added = new
        .operations
        .iter()
        .filter(|(key, _)| !old.operations.contains_key(key));
    let by_id: BTreeMap<&str, &OperationKey> = added
        .filter_map(|(key, operation)| Some((operation.id.as_deref()?, key)))
        .collect();
    let removed = old
        .operations
        .iter()
        .filter(|(key, _)| !new.operations.contains_key(key));
    removed
        .filter_map(|(key, operation)| {
            let target = by_id.get(operation.id.as_deref()?)?;
            Some((key, *target))
        })
        .collect()
}

fn has_moved(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    operation: &Operation,
    target: &OperationKey,
    today: Option<&str>,
) {
    let Some(other) = verdicts.new.operations.get(target) else {
        return;
    };
    let difference = Difference {
        rule: rules::OPERATION_MOVED,
        effect: Effect::Narrows,
        change: Change::Moved {
            id: operation.id.clone().unwrap_or_default(),
            old: shown(key, operation),
            new: shown(target, other),
        },
        old: method_location(verdicts.old, key, operation),
        new: method_location(verdicts.new, target, other),
        candidates: Candidates::Messages(candidates::request, String::new()),
    };
    verdicts.report_message(
        Some(Direction::Request),
        &Cursor::operation(OperationKeys::same(key)),
        difference,
    );
    let keys = OperationKeys {
        old: key,
        new: target,
    };
    one(verdicts, keys, operation, other, today);
}

/// Where a missing operation would be: its path if it exists, otherwise `paths`.
fn absent(contract: &Contract, key: &OperationKey) -> Location {
    // Operations are sorted by path, so those of one path are adjacent.
    let first = OperationKey {
        path: key.path.clone(),
        method: "",
    };
    let sibling = contract.operations.range(first..).next();
    let sibling = sibling.filter(|(other, _)| other.path == key.path);
    let document = &contract.document;
    match sibling {
        Some((_, operation)) => Location::new(document, operation.path_node, None),
        None => Location::new(document, document.root(), Some("paths")),
    }
}

/// An operation in a sentence.
fn shown(key: &OperationKey, operation: &Operation) -> String {
    format!("{} {}", key.method, operation.path)
}

fn method_location(contract: &Contract, key: &OperationKey, operation: &Operation) -> Location {
    let member = key.method.to_ascii_lowercase();
    Location::new(&contract.document, operation.path_node, Some(&member))
}

fn removed(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    operation: &Operation,
    today: Option<&str>,
) {
    let locations = (
        method_location(verdicts.old, key, operation),
        absent(verdicts.new, key),
    );
    let sunset = sunset::passed(operation.deprecated, operation.sunset.as_deref(), today);
    if let Some(sunset) = sunset {
        let what = ChangedItem {
            sunset: Some(sunset.to_owned()),
            ..shown(key, operation).into()
        };
        let change = Change::only(what, Side::Old);
        let rule = rules::OPERATION_REMOVED_AFTER_SUNSET;
        let difference = Difference::unseen(rule, Effect::Unless(Level::Risky), change, locations);
        verdicts.report(&Cursor::operation(OperationKeys::same(key)), difference);
        return;
    }
    let change = Change::only(shown(key, operation), Side::Old);
    if operation.is_callback_or_webhook {
        // Clients that are no longer called reject nothing.
        let rule = rules::OPERATION_REMOVED;
        let difference = Difference::unseen(rule, Effect::Unless(Level::Risky), change, locations);
        verdicts.report(&Cursor::operation(OperationKeys::same(key)), difference);
        return;
    }
    let difference = Difference {
        rule: rules::OPERATION_REMOVED,
        effect: Effect::Narrows,
        change,
        old: locations.0,
        new: locations.1,
        candidates: Candidates::Messages(candidates::request, String::new()),
    };
    verdicts.report_message(
        Some(Direction::Request),
        &Cursor::operation(OperationKeys::same(key)),
        difference,
    );
}

fn added(verdicts: &mut Verdicts<'_>, key: &OperationKey, operation: &Operation) {
    // The server sends callbacks and webhooks to clients that may not expect them.
    let effect = match operation.is_callback_or_webhook {
        true => Effect::Narrows,
        false => Effect::Widens,
    };
    let difference = Difference {
        rule: rules::OPERATION_ADDED,
        effect,
        change: Change::only(shown(key, operation), Side::New),
        old: absent(verdicts.old, key),
        new: method_location(verdicts.new, key, operation),
        candidates: Candidates::Messages(candidates::request, String::new()),
    };
    verdicts.report_message(
        Some(Direction::Request),
        &Cursor::operation(OperationKeys::same(key)),
        difference,
    );
}

fn one(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
    today: Option<&str>,
) {
    if verdicts.relation != Relation::Client {
        operation_id(verdicts, keys, old, new);
        deprecated(verdicts, keys, old, new);
        security(verdicts, keys, old, new);
    }
    if verdicts.relation == Relation::Evolution {
        announcements(verdicts, keys, old, new);
        servers::compare_own(verdicts, keys, old, new);
    }
    if verdicts.relation != Relation::Client && old.prose != new.prose {
        let changes: Vec<(&str, Change)> = ["summary", "description"]
            .into_iter()
            .zip(old.prose.iter().zip(&new.prose))
            .filter(|(_, (old, new))| old != new)
            .map(|(keyword, (old, new))| {
                let noun = format!("the {keyword} of the operation");
                (keyword, Change::text(noun, old.as_ref(), new.as_ref()))
            })
            .collect();
        let keyword = changes
            .first()
            .map_or("description", |(keyword, _)| keyword);
        flag(
            verdicts,
            keys,
            (old, new),
            keyword,
            rules::DESCRIPTION_CHANGED,
            Level::Editorial,
            Change::all(changes.into_iter().map(|(_, change)| change)),
        );
    }
    parameters::compare(verdicts, keys, (old, new), today);
    bodies::compare_request(verdicts, keys, old, new);
    responses::compare(verdicts, keys, old, new);
}

fn operation_id(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    if old.id == new.id {
        return;
    }
    let change = Change::keyword("operationId", old.id.as_ref(), new.id.as_ref());
    let rule = rules::OPERATION_ID_CHANGED;
    flag(
        verdicts,
        keys,
        (old, new),
        "operationId",
        rule,
        Level::Risky,
        change,
    );
}

fn deprecated(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    let (rule, side) = match (old.deprecated, new.deprecated) {
        (false, true) => (rules::OPERATION_DEPRECATED, Side::New),
        (true, false) => (rules::OPERATION_UNDEPRECATED, Side::Old),
        _ => return,
    };
    let change = Change::Deprecated {
        what: "the operation".to_owned(),
        side,
    };
    flag(
        verdicts,
        keys,
        (old, new),
        "deprecated",
        rule,
        Level::Compatible,
        change,
    );
}

/// Compares tags and the sunset date.
fn announcements(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    if old.tags != new.tags {
        let tags = |operation: &Operation| match operation.tags.len() {
            0 => None,
            _ => Some(Literal::List(operation.tags.iter().cloned().collect())),
        };
        let change = Change::keyword("tags", tags(old), tags(new));
        let rule = rules::TAGS_CHANGED;
        let level = Level::Editorial;
        flag(verdicts, keys, (old, new), "tags", rule, level, change);
    }
    if old.sunset != new.sunset {
        let (change, level) = sunset::change(old.sunset.as_deref(), new.sunset.as_deref());
        flag(
            verdicts,
            keys,
            (old, new),
            "x-sunset",
            rules::SUNSET_CHANGED,
            level,
            change,
        );
    }
}

/// Reports a difference in the Operation Object that no message shows.
fn flag(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    operations: (&Operation, &Operation),
    member: &str,
    rule: rules::Rule,
    level: Level,
    change: Change,
) {
    let difference = Difference {
        rule,
        effect: Effect::Unless(level),
        change,
        old: Location::new(&verdicts.old.document, operations.0.node, Some(member)),
        new: Location::new(&verdicts.new.document, operations.1.node, Some(member)),
        candidates: Candidates::None,
    };
    verdicts.report(&Cursor::operation(keys), difference);
}

fn security(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    if old.security == new.security {
        return;
    }
    let location = |contract: &Contract, operation: &Operation| match operation.security_node {
        Some(node) => Location::new(&contract.document, node, None),
        None => Location::new(&contract.document, operation.node, None),
    };
    let locations = (location(verdicts.old, old), location(verdicts.new, new));
    let mut report = |rule, effect, change| {
        let difference = Difference {
            rule,
            effect,
            change,
            old: locations.0.clone(),
            new: locations.1.clone(),
            candidates: Candidates::Messages(candidates::authenticated_requests, String::new()),
        };
        verdicts.report_message(
            Some(Direction::Request),
            &Cursor::operation(keys),
            difference,
        );
    };
    // Requiring no credentials accepts the most requests.
    match (old.security.is_empty(), new.security.is_empty()) {
        (true, false) => {
            let change = Change::Credentials {
                credentials: listed(new.security.iter()),
                side: Side::New,
            };
            report(rules::SECURITY_REMOVED, Effect::Narrows, change);
            return;
        }
        (false, true) => {
            let change = Change::Credentials {
                credentials: listed(old.security.iter()),
                side: Side::Old,
            };
            report(rules::SECURITY_ADDED, Effect::Widens, change);
            return;
        }
        _ => {}
    }
    let removed = old.security.difference(&new.security);
    let added = new.security.difference(&old.security);
    if removed.clone().next().is_some() {
        let change = Change::Alternative {
            credentials: listed(removed),
            side: Side::Old,
        };
        // All alternatives are tried, so without a proof the remaining ones still accept every
        // request.
        report(
            rules::SECURITY_REMOVED,
            Effect::Unless(Level::Compatible),
            change,
        );
    }
    if added.clone().next().is_some() {
        let change = Change::Alternative {
            credentials: listed(added),
            side: Side::New,
        };
        report(rules::SECURITY_ADDED, Effect::Widens, change);
    }
}

fn listed<'c>(alternatives: impl Iterator<Item = &'c SecurityRequirement>) -> String {
    let alternatives = alternatives.map(|credentials| {
        let parts = credentials.iter().map(|(scheme, scopes)| {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            if scopes.is_empty() {
                format!("`{scheme}`")
            } else {
                format!("`{scheme}` ({})", scopes.join(", "))
            }
        });
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() {
            "no credentials".to_owned()
        } else {
            parts.join(" and ")
        }
    });
    alternatives.collect::<Vec<_>>().join(" or ")
}
