//! Operations as such: their ids, their methods, and the statuses they declare.

use std::collections::HashMap;

use super::inventory::ObjectKind;
use super::{Lint, PlacedOperation, at};
use crate::model::StatusPattern;
use crate::rules;
use crate::rust_names;

pub(super) fn check(lint: &mut Lint<'_>) {
    ids(lint);
    for placed in lint.operations {
        if matches!(placed.method, "options" | "trace") {
            let fact = format!("{} has a method that few know", placed.name);
            lint.found(
                rules::METHOD_UNSUPPORTED,
                at(placed.operation.node).of(placed),
                fact,
            );
        }
        statuses(lint, placed);
    }
}

fn ids(lint: &mut Lint<'_>) {
    let mut ids: HashMap<&str, String> = HashMap::new();
    let mut methods: HashMap<String, String> = HashMap::new();
    for placed in lint.operations {
        let name = &placed.name;
        let place = at(placed.operation.node).of(placed);
        let Some(id) = &placed.operation.id else {
            let fact = format!("{name} has no `operationId`");
            lint.found(rules::OPERATION_ID_MISSING, place, fact);
            continue;
        };
        if let Some(other) = ids.get(id.as_str()) {
            let fact = format!("{name} and {other} both have the operation id `{id}`");
            lint.found(rules::OPERATION_ID_CLASH, place.member("operationId"), fact);
            continue;
        }
        ids.insert(id, name.clone());
        let method = rust_names::method_name(id);
        match methods.get(&method) {
            Some(other) => {
                let fact = format!("`{id}` and `{other}` are both `{method}` in Rust");
                lint.found(rules::METHOD_NAME_CLASH, place.member("operationId"), fact);
            }
            None => {
                methods.insert(method, id.clone());
            }
        }
    }
}

fn statuses(lint: &mut Lint<'_>, placed: &PlacedOperation<'_>) {
    let operation = placed.operation;
    let place = at(operation.node).member("responses").of(placed);
    let name = &placed.name;
    let any =
        |is_wanted: fn(StatusPattern) -> bool| operation.responses.keys().copied().any(is_wanted);
    let is_success = |status| match status {
        StatusPattern::Code(code) => matches!(code, 101 | 200..=399),
        StatusPattern::Range(hundred) => matches!(hundred, 2 | 3),
        StatusPattern::Default => true,
    };
    if !any(is_success) {
        let fact = format!("{name} declares no status for success");
        lint.found(rules::SUCCESS_UNDOCUMENTED, place, fact);
    }
    let is_client_error = |status| match status {
        StatusPattern::Code(code) => matches!(code, 400..=499),
        StatusPattern::Range(hundred) => hundred == 4,
        StatusPattern::Default => true,
    };
    let is_auth_error = |status| {
        matches!(
            status,
            StatusPattern::Code(401 | 403) | StatusPattern::Range(4) | StatusPattern::Default
        )
    };
    let takes_input = !operation.parameters.is_empty() || operation.request_body.is_some();
    let ways = &operation.security;
    let needs_credentials = !ways.is_empty() && ways.iter().all(|way| !way.is_empty());
    if !any(is_client_error) {
        if takes_input || needs_credentials {
            let what = if takes_input { "input" } else { "credentials" };
            let fact = format!("{name} takes {what} and declares no 4xx status");
            lint.found(rules::CLIENT_ERROR_UNDOCUMENTED, place, fact);
        }
    } else if needs_credentials && !any(is_auth_error) {
        let fact = format!("{name} needs credentials and declares neither 401 nor 403");
        lint.found(rules::AUTH_ERROR_UNDOCUMENTED, place, fact);
    }
}

/// Requests in the other direction, which clients are not generated for.
pub(super) fn check_callbacks(lint: &mut Lint<'_>) {
    let document = lint.document;
    if document.get(document.root(), "webhooks").is_some() {
        let fact = "`webhooks` are not generated".to_owned();
        lint.found(
            rules::CALLBACK_IGNORED,
            at(document.root()).member("webhooks"),
            fact,
        );
    }
    let inventory = lint.inventory;
    for part in inventory
        .of(ObjectKind::Callback)
        .filter(|part| part.component.is_none())
    {
        let name = part.name.unwrap_or_default();
        let fact = format!("the callback `{name}` is not generated");
        lint.found(rules::CALLBACK_IGNORED, at(part.node), fact);
    }
}
