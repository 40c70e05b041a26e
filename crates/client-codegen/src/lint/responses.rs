//! Response bodies. A generated method returns one type for successes and one for errors.

use std::collections::BTreeMap;

use openapi_contract::document::{Document, Entries, Entry, NodeId};
use openapi_contract::lint::{Lint, LintLocation, PathOperation, at};
use openapi_contract::model::StatusPattern;
use openapi_contract::rules::Rule;

use super::type_names;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    for path_operation in lint.operations() {
        types(lint, path_operation);
    }
}

/// The type of a body in generated code. Bodies with the same type are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum BodyType {
    Nothing,
    /// An upgraded connection.
    Upgrade,
    /// A stream of bytes.
    Bytes,
    /// The schema that a reference points to.
    Reference(String),
    /// An inline schema with its own type: all of an operation have the same name.
    Inline,
    /// An inline schema without its own type, such as an array.
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

    /// The name in findings.
    fn name(&self) -> &str {
        match self {
            Self::Nothing => "no body",
            Self::Upgrade => "an upgraded connection",
            Self::Bytes => "bytes",
            Self::Reference(target) => target.rsplit('/').next().unwrap_or(target),
            Self::Inline | Self::Plain(_) => "an inline schema",
        }
    }
}

/// The media type that generated code parses.
fn json_entry(entries: Entries<'_>) -> Option<Entry<'_>> {
    entries.iter().find(|entry| {
        let essence = entry.key.split(';').next();
        essence == Some("application/json")
    })
}

fn types(lint: &mut Lint<'_>, path_operation: &PathOperation<'_>) {
    let document = lint.document();
    let responses = path_operation.operation.responses.iter();
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
    for (kinds, rule) in [
        (&successes, rules::SUCCESS_TYPES_SEVERAL),
        (&errors, rules::ERROR_TYPES_SEVERAL),
    ] {
        if let StatusTypes::Several(first, second) = kinds {
            differing(lint, path_operation, rule, &types, (*first, *second));
        }
    }
    let Some(default) = types.get(&StatusPattern::Default) else {
        return;
    };
    // `2XX` covers all successes that `default` would.
    let clashes = |kinds: &StatusTypes, is_covered: bool| match kinds {
        StatusTypes::One(status) if !is_covered && types[status] != *default => Some(*status),
        _ => None,
    };
    let other = clashes(&successes, types.contains_key(&StatusPattern::Range(2)))
        .or_else(|| clashes(&errors, false));
    if let Some(status) = other {
        let fact = format!(
            "{} returns {} for {status} and {} for `default`",
            path_operation.name,
            types[&status].name(),
            default.name()
        );
        let location = response_location(lint, path_operation, "default");
        lint.report(
            rules::DEFAULT_RESPONSE_TYPE,
            location.of(path_operation),
            fact,
        );
    }
}

/// The number of types of the success or error statuses, without `default`.
enum StatusTypes {
    None,
    /// One type; this is the first status.
    One(StatusPattern),
    /// The first two statuses with different types.
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
    path_operation: &PathOperation<'_>,
    rule: Rule,
    types: &BTreeMap<StatusPattern, BodyType>,
    (first, second): (StatusPattern, StatusPattern),
) {
    let fact = format!(
        "{} returns {} for {first} and {} for {second}",
        path_operation.name,
        types[&first].name(),
        types[&second].name()
    );
    let key = second.to_string();
    let location = response_location(lint, path_operation, &key);
    lint.report(rule, location.of(path_operation), fact);
}

/// The entry of a status in the operation; the response itself may be a shared component.
fn response_location<'p>(
    lint: &Lint<'_>,
    path_operation: &PathOperation<'_>,
    status: &'p str,
) -> LintLocation<'p> {
    let node = path_operation.operation.node;
    let responses = lint.document().get(node, "responses").unwrap_or(node);
    at(responses).property(status)
}
