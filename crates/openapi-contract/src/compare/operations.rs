//! Operations: which there are, their ids, and who may call them.

use serde_json::Value;

use super::Relation;
use super::parts;
use super::verdict::{At, Candidates, Difference, Effect, Verdicts};
use crate::finding::{Direction, Level, Location};
use crate::model::{Contract, Credentials, Operation, OperationKey};
use crate::rules;
use crate::witness::{Search, Side, credential_list};

/// Compares all operations of both contracts.
pub(super) fn compare(verdicts: &mut Verdicts<'_>) {
    let (old, new) = (verdicts.old, verdicts.new);
    for (key, operation) in &old.operations {
        match new.operations.get(key) {
            Some(other) => one(verdicts, key, operation, other),
            None => removed(verdicts, key, operation),
        }
    }
    for (key, operation) in &new.operations {
        if !old.operations.contains_key(key) {
            added(verdicts, key, operation);
        }
    }
}

fn at(key: &OperationKey) -> At<'_> {
    At {
        key,
        part: None,
        steps: Vec::new(),
    }
}

/// Where an operation that is missing in `contract` would be: its path, if that is there.
fn absent(contract: &Contract, key: &OperationKey) -> Location {
    let sibling = contract
        .operations
        .iter()
        .find(|(other, _)| other.path == key.path);
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

fn removed(verdicts: &mut Verdicts<'_>, key: &OperationKey, operation: &Operation) {
    let names = verdicts.relation.names();
    let difference = Difference {
        rule: rules::OPERATION_REMOVED,
        effect: Effect::Narrows,
        fact: format!(
            "{} {} is in {} and not in {}",
            key.method, operation.path, names[0], names[1]
        ),
        old: method_place(verdicts.old, key, operation),
        new: absent(verdicts.new, key),
        candidates: Candidates::Messages(a_request, String::new()),
    };
    verdicts.report_in(Some(Direction::Request), &at(key), difference);
}

fn added(verdicts: &mut Verdicts<'_>, key: &OperationKey, operation: &Operation) {
    let names = verdicts.relation.names();
    let difference = Difference {
        rule: rules::OPERATION_ADDED,
        effect: Effect::Widens,
        fact: format!(
            "{} {} is in {} and not in {}",
            key.method, operation.path, names[1], names[0]
        ),
        old: absent(verdicts.old, key),
        new: method_place(verdicts.new, key, operation),
        candidates: Candidates::Messages(a_request, String::new()),
    };
    verdicts.report_in(Some(Direction::Request), &at(key), difference);
}

fn a_request(search: &Search<'_>, side: Side, at: &At<'_>) -> Vec<Value> {
    let operation = search.contract(side).operations.get(at.key);
    operation
        .map(|operation| search.request(side, operation))
        .into_iter()
        .collect()
}

fn one(verdicts: &mut Verdicts<'_>, key: &OperationKey, old: &Operation, new: &Operation) {
    if verdicts.relation != Relation::Client {
        operation_id(verdicts, key, old, new);
        deprecated(verdicts, key, old, new);
        security(verdicts, key, old, new);
        if old.prose != new.prose {
            let fact = "the summary or description of the operation reads differently";
            flag(
                verdicts,
                key,
                (old, new),
                "description",
                rules::DESCRIPTION_CHANGED,
                Level::Docs,
                fact,
            );
        }
    }
    parts::parameters(verdicts, key, old, new);
    parts::request_body(verdicts, key, old, new);
    parts::responses(verdicts, key, old, new);
}

fn operation_id(verdicts: &mut Verdicts<'_>, key: &OperationKey, old: &Operation, new: &Operation) {
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
        key,
        (old, new),
        "operationId",
        rule,
        Level::Risky,
        &fact,
    );
}

fn deprecated(verdicts: &mut Verdicts<'_>, key: &OperationKey, old: &Operation, new: &Operation) {
    let names = verdicts.relation.names();
    let (rule, name) = match (old.deprecated, new.deprecated) {
        (false, true) => (rules::OPERATION_DEPRECATED, names[1]),
        (true, false) => (rules::OPERATION_UNDEPRECATED, names[0]),
        _ => return,
    };
    let fact = format!("the operation is deprecated in {name} only");
    flag(
        verdicts,
        key,
        (old, new),
        "deprecated",
        rule,
        Level::Compatible,
        &fact,
    );
}

/// Reports a difference in a member of the Operation Object that no message shows.
fn flag(
    verdicts: &mut Verdicts<'_>,
    key: &OperationKey,
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
    verdicts.report(&at(key), difference);
}

fn security(verdicts: &mut Verdicts<'_>, key: &OperationKey, old: &Operation, new: &Operation) {
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
        verdicts.report_in(Some(Direction::Request), &at(key), difference);
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
        report(rules::SECURITY_REMOVED, Effect::Narrows, fact);
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
fn authenticated_requests(search: &Search<'_>, side: Side, at: &At<'_>) -> Vec<Value> {
    let Some(operation) = search.contract(side).operations.get(at.key) else {
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
