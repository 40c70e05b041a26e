//! Operations: which there are, their ids, and who may call them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::cursor::Cursor;
use super::difference::{Candidates, Difference, Effect};
use super::verdict::Verdicts;
use super::{Relation, bodies, parameters, responses, servers, sunset};
use crate::finding::{Direction, Level, Location};
use crate::model::{Contract, Credentials, Operation, OperationKey};
use crate::rules;
use crate::witness::{OperationKeys, Side, WitnessSearch, credential_list};

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

/// The operations that are gone, with the new ones that have their id.
fn moves<'c>(old: &'c Contract, new: &'c Contract) -> BTreeMap<&'c OperationKey, &'c OperationKey> {
    let come = new
        .operations
        .iter()
        .filter(|(key, _)| !old.operations.contains_key(key));
    let by_id: BTreeMap<&str, &OperationKey> = come
        .filter_map(|(key, operation)| Some((operation.id.as_deref()?, key)))
        .collect();
    let gone = old
        .operations
        .iter()
        .filter(|(key, _)| !new.operations.contains_key(key));
    gone.filter_map(|(key, operation)| {
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
    let [old, new] = verdicts.relation.names();
    let Some(other) = verdicts.new.operations.get(target) else {
        return;
    };
    let difference = Difference {
        rule: rules::OPERATION_MOVED,
        effect: Effect::Narrows,
        fact: format!(
            "the operation is {} {} in {old} and {} {} in {new}",
            key.method, operation.path, target.method, other.path
        ),
        old: method_place(verdicts.old, key, operation),
        new: method_place(verdicts.new, target, other),
        candidates: Candidates::Messages(a_request, String::new()),
    };
    verdicts.report_in(
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

/// Where an operation that is missing in `contract` would be: its path, if that is there.
fn absent(contract: &Contract, key: &OperationKey) -> Location {
    // Operations are in the order of their paths, so siblings stand together.
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

fn method_place(contract: &Contract, key: &OperationKey, operation: &Operation) -> Location {
    let member = key.method.to_ascii_lowercase();
    Location::new(&contract.document, operation.path_node, Some(&member))
}

fn removed(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
    operation: &Operation,
    today: Option<&str>,
) {
    let names = verdicts.relation.names();
    let fact = format!(
        "{} {} is in {} and not in {}",
        key.method, operation.path, names[0], names[1]
    );
    let places = (
        method_place(verdicts.old, key, operation),
        absent(verdicts.new, key),
    );
    let sunset = sunset::come(operation.deprecated, operation.sunset.as_deref(), today);
    if let Some(sunset) = sunset {
        let fact = format!("{fact}; it was to go on {sunset}");
        let rule = rules::OPERATION_REMOVED_AFTER_SUNSET;
        let difference = Difference::unseen(rule, Effect::Unless(Level::Risky), fact, places);
        verdicts.report(&Cursor::operation(OperationKeys::same(key)), difference);
        return;
    }
    if operation.is_callback_or_webhook {
        // Nobody refuses a request that no longer comes.
        let rule = rules::OPERATION_REMOVED;
        let difference = Difference::unseen(rule, Effect::Unless(Level::Risky), fact, places);
        verdicts.report(&Cursor::operation(OperationKeys::same(key)), difference);
        return;
    }
    let difference = Difference {
        rule: rules::OPERATION_REMOVED,
        effect: Effect::Narrows,
        fact,
        old: places.0,
        new: places.1,
        candidates: Candidates::Messages(a_request, String::new()),
    };
    verdicts.report_in(
        Some(Direction::Request),
        &Cursor::operation(OperationKeys::same(key)),
        difference,
    );
}

fn added(verdicts: &mut Verdicts<'_>, key: &OperationKey, operation: &Operation) {
    let names = verdicts.relation.names();
    // Clients get the requests of callbacks and webhooks only where they ask for them.
    let effect = match operation.is_callback_or_webhook {
        true => Effect::Narrows,
        false => Effect::Widens,
    };
    let difference = Difference {
        rule: rules::OPERATION_ADDED,
        effect,
        fact: format!(
            "{} {} is in {} and not in {}",
            key.method, operation.path, names[1], names[0]
        ),
        old: absent(verdicts.old, key),
        new: method_place(verdicts.new, key, operation),
        candidates: Candidates::Messages(a_request, String::new()),
    };
    verdicts.report_in(
        Some(Direction::Request),
        &Cursor::operation(OperationKeys::same(key)),
        difference,
    );
}

fn a_request(search: &WitnessSearch<'_>, side: Side, at: &Cursor<'_>) -> Vec<Value> {
    let operation = at.keys.operation(search.contract(side));
    operation
        .map(|operation| search.request(side, operation))
        .into_iter()
        .collect()
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
        let fact = "the summary or description of the operation reads differently";
        let member = if old.prose[0] == new.prose[0] {
            "description"
        } else {
            "summary"
        };
        flag(
            verdicts,
            keys,
            (old, new),
            member,
            rules::DESCRIPTION_CHANGED,
            Level::Editorial,
            fact,
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
    let names = verdicts.relation.names();
    let shown = |id: &Option<String>| {
        id.as_ref()
            .map_or("none".to_owned(), |id| format!("`{id}`"))
    };
    let fact = format!(
        "the operation id is {} in {} and {} in {}",
        shown(&old.id),
        names[0],
        shown(&new.id),
        names[1]
    );
    let rule = rules::OPERATION_ID_CHANGED;
    flag(
        verdicts,
        keys,
        (old, new),
        "operationId",
        rule,
        Level::Risky,
        &fact,
    );
}

fn deprecated(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    let names = verdicts.relation.names();
    let (rule, name) = match (old.deprecated, new.deprecated) {
        (false, true) => (rules::OPERATION_DEPRECATED, names[1]),
        (true, false) => (rules::OPERATION_UNDEPRECATED, names[0]),
        _ => return,
    };
    let fact = format!("the operation is deprecated in {name} only");
    flag(
        verdicts,
        keys,
        (old, new),
        "deprecated",
        rule,
        Level::Compatible,
        &fact,
    );
}

/// What an operation says of itself to readers and tools: its tags, and the day of its end.
fn announcements(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    old: &Operation,
    new: &Operation,
) {
    if old.tags != new.tags {
        let fact = "the operation has other tags";
        let rule = rules::TAGS_CHANGED;
        flag(
            verdicts,
            keys,
            (old, new),
            "tags",
            rule,
            Level::Editorial,
            fact,
        );
    }
    if old.sunset != new.sunset {
        let (fact, level) = sunset::change(old.sunset.as_deref(), new.sunset.as_deref());
        flag(
            verdicts,
            keys,
            (old, new),
            "x-sunset",
            rules::SUNSET_CHANGED,
            level,
            &fact,
        );
    }
}

/// Reports a difference in a member of the Operation Object that no message shows.
fn flag(
    verdicts: &mut Verdicts<'_>,
    keys: OperationKeys<'_>,
    operations: (&Operation, &Operation),
    member: &str,
    rule: rules::Rule,
    level: Level,
    fact: &str,
) {
    let difference = Difference {
        rule,
        effect: Effect::Unless(level),
        fact: fact.to_owned(),
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
    let names = verdicts.relation.names();
    let place = |contract: &Contract, operation: &Operation| match operation.security_node {
        Some(node) => Location::new(&contract.document, node, None),
        None => Location::new(&contract.document, operation.node, None),
    };
    let locations = (place(verdicts.old, old), place(verdicts.new, new));
    let mut report = |rule, effect, fact: String| {
        let difference = Difference {
            rule,
            effect,
            fact,
            old: locations.0.clone(),
            new: locations.1.clone(),
            candidates: Candidates::Messages(authenticated_requests, String::new()),
        };
        verdicts.report_in(
            Some(Direction::Request),
            &Cursor::operation(keys),
            difference,
        );
    };
    // Asking for nothing is the widest way in.
    match (old.security.is_empty(), new.security.is_empty()) {
        (true, false) => {
            let ways = listed(new.security.iter());
            let fact = format!(
                "{} asks for no credentials, {} for {ways}",
                names[0], names[1]
            );
            report(rules::SECURITY_REMOVED, Effect::Narrows, fact);
            return;
        }
        (false, true) => {
            let ways = listed(old.security.iter());
            let fact = format!(
                "{} asks for {ways}, {} for no credentials",
                names[0], names[1]
            );
            report(rules::SECURITY_ADDED, Effect::Widens, fact);
            return;
        }
        _ => {}
    }
    let gone = old.security.difference(&new.security);
    let come = new.security.difference(&old.security);
    if gone.clone().next().is_some() {
        let fact = format!(
            "{} lets in with {}, {} does not",
            names[0],
            listed(gone),
            names[1]
        );
        // Every way in is tried, so what is not proved is no break: another way serves as well.
        report(
            rules::SECURITY_REMOVED,
            Effect::Unless(Level::Compatible),
            fact,
        );
    }
    if come.clone().next().is_some() {
        let fact = format!(
            "{} lets in with {}, {} does not",
            names[1],
            listed(come),
            names[0]
        );
        report(rules::SECURITY_ADDED, Effect::Widens, fact);
    }
}

fn listed<'c>(ways: impl Iterator<Item = &'c Credentials>) -> String {
    let ways = ways.map(|credentials| {
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
            "nothing".to_owned()
        } else {
            parts.join(" and ")
        }
    });
    ways.collect::<Vec<_>>().join(" or ")
}

/// A request for each way that `side` lets clients in.
fn authenticated_requests(search: &WitnessSearch<'_>, side: Side, at: &Cursor<'_>) -> Vec<Value> {
    let Some(operation) = at.keys.operation(search.contract(side)) else {
        return Vec::new();
    };
    let base = search.request(side, operation);
    if operation.security.is_empty() {
        return vec![base];
    }
    let requests = operation.security.iter().map(|credentials| {
        let mut request = base.clone();
        request["credentials"] = credential_list(credentials);
        request
    });
    requests.collect()
}
