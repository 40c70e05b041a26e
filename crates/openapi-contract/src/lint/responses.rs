//! Response bodies: a generated method returns one type for successes and one for errors.

use std::collections::{BTreeMap, HashSet};

use super::{Lint, PlacedOperation, at, type_names};
use crate::document::{Document, Entries, Entry, NodeId};
use crate::model::{StatusPattern, is_json};
use crate::rules::{self, Rule};

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut seen = HashSet::new();
    for placed in lint.operations {
        types(lint, placed);
        for (status, response) in &placed.operation.responses {
            if seen.insert(response.node) {
                content(lint, placed, *status, response.node);
            }
        }
    }
}

/// The type that generated code has for a body. Bodies of equal types are equal here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum BodyType {
    Nothing,
    /// An upgraded connection.
    Upgrade,
    /// A stream of bytes.
    Bytes,
    /// The schema a reference leads to.
    Reference(String),
    /// An inline schema that gets a type of its own: all of an operation have one name.
    Inline,
    /// An inline schema of a type that is there already, such as a list.
    Plain(String),
}

impl BodyType {
    fn new(document: &Document, status: StatusPattern, response: NodeId) -> Self {
        let entries = document.members(response, "content");
        match json_entry(entries) {
            Some(entry) => match document.get(entry.value, "schema") {
                Some(schema) => Self::of_schema(document, schema),
                None => Self::Plain(String::new()),
            },
            None if status == StatusPattern::Code(101) => Self::Upgrade,
            None if entries.is_empty() => Self::Nothing,
            None => Self::Bytes,
        }
    }

    fn of_schema(document: &Document, schema: NodeId) -> Self {
        match document.get_text(schema, "$ref") {
            Some(target) => Self::Reference(target.to_owned()),
            None if type_names::has_own_type(document, schema) => Self::Inline,
            None => Self::Plain(document.to_json(schema).to_string()),
        }
    }

    fn shown(&self) -> &str {
        match self {
            Self::Nothing => "nothing",
            Self::Upgrade => "a connection",
            Self::Bytes => "bytes",
            Self::Reference(target) => target.rsplit('/').next().unwrap_or(target),
            Self::Inline | Self::Plain(_) => "an inline schema",
        }
    }
}

/// The media type that generated code reads.
fn json_entry(entries: Entries<'_>) -> Option<Entry<'_>> {
    entries.iter().find(|entry| {
        let essence = entry.key.split(';').next();
        essence == Some("application/json")
    })
}

fn types(lint: &mut Lint<'_>, placed: &PlacedOperation<'_>) {
    let document = lint.document;
    let responses = placed.operation.responses.iter();
    let types: BTreeMap<StatusPattern, BodyType> = responses
        .map(|(&status, response)| (status, BodyType::new(document, status, response.node)))
        .collect();
    let is_success = |status| {
        matches!(
            status,
            StatusPattern::Code(101 | 200..=299) | StatusPattern::Range(2)
        )
    };
    let is_error = |status| {
        matches!(
            status,
            StatusPattern::Code(400..=599) | StatusPattern::Range(4 | 5)
        )
    };
    let successes = several(&types, is_success);
    let errors = several(&types, is_error);
    for (kinds, rule, what) in [
        (&successes, rules::SUCCESS_TYPES_SEVERAL, "succeeds"),
        (&errors, rules::ERROR_TYPES_SEVERAL, "fails"),
    ] {
        if let StatusTypes::Several(first, second) = kinds {
            differing(lint, placed, rule, what, &types, (*first, *second));
        }
    }
    let Some(default) = types.get(&StatusPattern::Default) else {
        return;
    };
    // `2XX` leaves no success to `default`.
    let clashes = |kinds: &StatusTypes, is_covered: bool| match kinds {
        StatusTypes::One(status) if !is_covered && types[status] != *default => Some(*status),
        _ => None,
    };
    let other = clashes(&successes, types.contains_key(&StatusPattern::Range(2)))
        .or_else(|| clashes(&errors, false));
    if let Some(status) = other {
        let fact = format!(
            "{} answers {status} with {} and `default` with {}",
            placed.name,
            types[&status].shown(),
            default.shown()
        );
        let place = response_place(lint, placed, "default");
        lint.found(rules::DEFAULT_RESPONSE_TYPE, place.of(placed), fact);
    }
}

/// How many types the statuses of a kind have, without `default`.
enum StatusTypes {
    None,
    /// One type; this is the first status.
    One(StatusPattern),
    /// The first two statuses of different types.
    Several(StatusPattern, StatusPattern),
}

fn several(
    types: &BTreeMap<StatusPattern, BodyType>,
    is_kind: fn(StatusPattern) -> bool,
) -> StatusTypes {
    let mut of_kind = types.iter().filter(|(status, _)| is_kind(**status));
    let Some((&first, body)) = of_kind.next() else {
        return StatusTypes::None;
    };
    match of_kind.find(|(_, other)| *other != body) {
        Some((&second, _)) => StatusTypes::Several(first, second),
        None => StatusTypes::One(first),
    }
}

fn differing(
    lint: &mut Lint<'_>,
    placed: &PlacedOperation<'_>,
    rule: Rule,
    what: &str,
    types: &BTreeMap<StatusPattern, BodyType>,
    (first, second): (StatusPattern, StatusPattern),
) {
    let fact = format!(
        "{} {what} with {} in {first} and with {} in {second}",
        placed.name,
        types[&first].shown(),
        types[&second].shown()
    );
    let key = second.to_string();
    let place = response_place(lint, placed, &key);
    lint.found(rule, place.of(placed), fact);
}

/// The entry of a status in the operation; the response itself may be a shared component.
fn response_place<'p>(
    lint: &Lint<'_>,
    placed: &PlacedOperation<'_>,
    status: &'p str,
) -> super::LintLocation<'p> {
    let node = placed.operation.node;
    let responses = lint.document.get(node, "responses").unwrap_or(node);
    at(responses).member(status)
}

fn content(
    lint: &mut Lint<'_>,
    placed: &PlacedOperation<'_>,
    status: StatusPattern,
    response: NodeId,
) {
    let document = lint.document;
    let entries = document.members(response, "content");
    match json_entry(entries) {
        Some(entry) if document.get(entry.value, "schema").is_none() => {
            let fact = format!("the body of {status} has no schema");
            lint.found(rules::BODY_SCHEMA_MISSING, at(entry.value).of(placed), fact);
        }
        Some(_) => {}
        None => {
            if let Some(entry) = entries.iter().find(|entry| is_json(entry.key)) {
                let fact = format!("{status} is `{}`", entry.key);
                lint.found(rules::RESPONSE_UNTYPED, at(entry.value).of(placed), fact);
            }
        }
    }
}
