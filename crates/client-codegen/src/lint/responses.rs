//! Response bodies. A generated method returns one type for successes and one for errors.

use std::collections::BTreeMap;

use openapi_contract::lint::{Lint, LintLocation, PathOperation, at};
use openapi_contract::model::{Contract, Response, SchemaId, StatusPattern};
use openapi_contract::rules::Rule;

use crate::client_plan::are_same;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    for path_operation in lint.operations() {
        types(lint, path_operation);
    }
}

/// The kind of body that a response has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyType {
    Nothing,
    /// An upgraded connection.
    Upgrade,
    /// A string, or a stream of bytes or items.
    Other,
    Json(SchemaId),
}

impl BodyType {
    fn new(status: StatusPattern, response: &Response) -> Self {
        let mut content = response.content.iter();
        let json = content
            .clone()
            .find(|(media_type, _)| media_type.essence() == "application/json")
            .or_else(|| content.find(|(media_type, _)| media_type.is_json()));
        match json {
            _ if matches!(status, StatusPattern::Code(204 | 205 | 304)) => Self::Nothing,
            Some((_, body)) => Self::Json(body.schema),
            None if status == StatusPattern::Code(101) => Self::Upgrade,
            None if response.content.is_empty() => Self::Nothing,
            None => Self::Other,
        }
    }

    fn is_same(self, contract: &Contract, other: Self) -> bool {
        match (self, other) {
            (Self::Json(one), Self::Json(other)) => are_same(contract, one, other),
            (one, other) => one == other,
        }
    }

    /// The name in findings.
    fn name(self, contract: &Contract) -> &str {
        match self {
            Self::Nothing => "no body",
            Self::Upgrade => "an upgraded connection",
            Self::Other => "a body that is not JSON",
            Self::Json(schema) => {
                let component = contract.schemas.get(schema).component.as_deref();
                component.unwrap_or("an inline schema")
            }
        }
    }
}

fn types(lint: &mut Lint<'_>, path_operation: &PathOperation<'_>) {
    let contract = lint.contract();
    let responses = path_operation.operation.responses.iter();
    let types: BTreeMap<StatusPattern, BodyType> = responses
        .map(|(&status, response)| (status, BodyType::new(status, response)))
        .collect();
    let is_success = |status, _| {
        matches!(
            status,
            StatusPattern::Code(101 | 200..=299) | StatusPattern::Range(2)
        )
    };
    let is_error = |status, body| match status {
        StatusPattern::Code(400..=599) | StatusPattern::Range(4 | 5) => true,
        // A body that is not declared is not part of the error type.
        StatusPattern::Default => body != BodyType::Nothing,
        _ => false,
    };
    let successes = several(contract, &types, is_success);
    let errors = several(contract, &types, is_error);
    for (kinds, rule) in [
        (&successes, rules::SUCCESS_TYPES_SEVERAL),
        (&errors, rules::ERROR_TYPES_SEVERAL),
    ] {
        if let StatusTypes::Several(first, second) = kinds {
            differing(lint, path_operation, rule, &types, (*first, *second));
        }
    }
    // `2XX` covers all successes that `default` would.
    let covers_all = types.contains_key(&StatusPattern::Range(2));
    let (Some(default), StatusTypes::One(status)) =
        (types.get(&StatusPattern::Default), &successes)
    else {
        return;
    };
    if covers_all || types[status].is_same(contract, *default) {
        return;
    }
    let pair = (*status, StatusPattern::Default);
    differing(
        lint,
        path_operation,
        rules::DEFAULT_RESPONSE_TYPE,
        &types,
        pair,
    );
}

/// The number of types of the success or error statuses.
enum StatusTypes {
    None,
    /// One type; this is the first status.
    One(StatusPattern),
    /// The first two statuses with different types.
    Several(StatusPattern, StatusPattern),
}

fn several(
    contract: &Contract,
    types: &BTreeMap<StatusPattern, BodyType>,
    is_kind: fn(StatusPattern, BodyType) -> bool,
) -> StatusTypes {
    let mut of_kind = types
        .iter()
        .filter(|(status, body)| is_kind(**status, **body));
    let Some((&first, body)) = of_kind.next() else {
        return StatusTypes::None;
    };
    match of_kind.find(|(_, other)| !other.is_same(contract, *body)) {
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
    let contract = lint.contract();
    let key = second.to_string();
    let shown = match second {
        StatusPattern::Default => "`default`",
        _ => &key,
    };
    let fact = format!(
        "{} returns {} for {first} and {} for {shown}",
        path_operation.name,
        types[&first].name(contract),
        types[&second].name(contract)
    );
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
