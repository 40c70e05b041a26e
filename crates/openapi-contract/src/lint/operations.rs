//! Operations: their ids, methods and statuses.

use std::collections::HashMap;

use super::{Lint, PathOperation, at};
use crate::model::StatusPattern;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    ids(lint);
    for path_operation in lint.operations {
        if matches!(path_operation.method, "options" | "trace") {
            let method = path_operation.method.to_ascii_uppercase();
            let fact = format!(
                "{} uses the rarely supported method {method}",
                path_operation.name
            );
            lint.report(
                rules::METHOD_UNSUPPORTED,
                at(path_operation.operation.node).of(path_operation),
                fact,
            )
            .remedy = format!(
                "Use a method other than {method}, or remove the operation from the contract."
            );
        }
        statuses(lint, path_operation);
    }
}

fn ids(lint: &mut Lint<'_>) {
    let mut ids: HashMap<&str, String> = HashMap::new();
    for path_operation in lint.operations {
        let name = &path_operation.name;
        let location = at(path_operation.operation.node).of(path_operation);
        let Some(id) = &path_operation.operation.id else {
            let fact = format!("{name} has no `operationId`");
            lint.report(rules::OPERATION_ID_MISSING, location, fact)
                .remedy = format!(
                "Add an `operationId` in snake case, such as `{}`.",
                suggested_id(path_operation)
            );
            continue;
        };
        if let Some(other) = ids.get(id.as_str()) {
            let fact = format!("{name} and {other} both have the `operationId` `{id}`");
            let location = location.property("operationId");
            lint.report(rules::OPERATION_ID_CLASH, location, fact)
                .remedy = format!("Give {name} another `operationId`.");
            continue;
        }
        ids.insert(id, name.clone());
    }
}

/// An id made of the method and the path: `get_media_id` for `GET /media/{id}`.
fn suggested_id(path_operation: &PathOperation<'_>) -> String {
    let words = path_operation
        .template
        .split(|character: char| !character.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let mut id = path_operation.method.to_owned();
    for word in words {
        id.push('_');
        id += &word.to_ascii_lowercase();
    }
    id
}

fn statuses(lint: &mut Lint<'_>, path_operation: &PathOperation<'_>) {
    let operation = path_operation.operation;
    let location = at(operation.node).property("responses").of(path_operation);
    let name = &path_operation.name;
    let any =
        |is_wanted: fn(StatusPattern) -> bool| operation.responses.keys().copied().any(is_wanted);
    let is_success = |status| match status {
        StatusPattern::Code(code) => matches!(code, 101 | 200..=399),
        StatusPattern::Range(hundred) => matches!(hundred, 2 | 3),
        StatusPattern::Default => true,
    };
    if !any(is_success) {
        let fact = format!("{name} declares no success status");
        lint.report(rules::SUCCESS_UNDOCUMENTED, location, fact)
            .remedy = format!("Declare the 2xx status that {name} returns, such as `200`.");
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
    let alternatives = &operation.security;
    let needs_credentials =
        !alternatives.is_empty() && alternatives.iter().all(|schemes| !schemes.is_empty());
    if !any(is_client_error) {
        if takes_input || needs_credentials {
            let what = match (operation.parameters.is_empty(), takes_input) {
                (false, _) => "has parameters",
                (true, true) => "has a request body",
                (true, false) => "requires credentials",
            };
            let fact = format!("{name} {what} and declares no 4xx status");
            lint.report(rules::CLIENT_ERROR_UNDOCUMENTED, location, fact)
                .remedy = format!("Declare the 4xx statuses that {name} returns, or `4XX`.");
        }
    } else if needs_credentials && !any(is_auth_error) {
        let fact = format!("{name} requires credentials and declares neither 401 nor 403");
        lint.report(rules::AUTH_ERROR_UNDOCUMENTED, location, fact);
    }
}
