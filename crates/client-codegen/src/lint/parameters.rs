//! Parameters that map to the same name in Rust, or that the client has no type for.

use std::collections::{HashMap, HashSet};

use openapi_contract::document::NodeId;
use openapi_contract::lint::{Lint, PathOperation, at};
use openapi_contract::model::{Parameter, ParameterIn, is_json};
use openapi_contract::rust_names;

use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut seen = HashSet::new();
    let mut clashes = HashSet::new();
    for path_operation in lint.operations() {
        names(lint, path_operation, &mut clashes);
        for (key, parameter) in &path_operation.operation.parameters {
            if seen.insert(parameter.node) && key.location != ParameterIn::Cookie {
                content(lint, path_operation, key.location, parameter);
            }
        }
    }
}

/// Parameters that map to the same name in Rust.
fn names(
    lint: &mut Lint<'_>,
    path_operation: &PathOperation<'_>,
    clashes: &mut HashSet<(NodeId, NodeId)>,
) {
    let operation = path_operation.operation;
    let mut first: HashMap<String, (String, NodeId)> = HashMap::new();
    if let Some(body) = &operation.request_body {
        first.insert(
            "body".to_owned(),
            ("the request body".to_owned(), body.node),
        );
    }
    for (key, parameter) in &operation.parameters {
        let field = rust_names::setter_name(&parameter.name);
        let shown = format!("the {} parameter `{}`", key.location, parameter.name);
        match first.get(&field) {
            Some((other, node)) => {
                if clashes.insert((parameter.node, *node)) {
                    let fact = format!("{other} and {shown} both map to the Rust name `{field}`");
                    let location = at(parameter.node).property("name").of(path_operation);
                    lint.report(rules::PARAMETER_NAME_CLASH, location, fact);
                }
            }
            None => {
                first.insert(field, (shown, parameter.node));
            }
        }
    }
}

/// A parameter with a media type other than JSON.
fn content(
    lint: &mut Lint<'_>,
    path_operation: &PathOperation<'_>,
    location: ParameterIn,
    parameter: &Parameter,
) {
    let document = lint.document();
    if document.get(parameter.node, "schema").is_some() {
        return;
    }
    let mut media_types = document.members(parameter.node, "content").iter();
    if let Some(other) = media_types.find(|media_type| !is_json(media_type.key)) {
        let fact = format!(
            "the {location} parameter `{}` has the media type `{}`",
            parameter.name, other.key
        );
        let location = at(parameter.node).property("content").of(path_operation);
        lint.report(rules::PARAMETER_CONTENT_UNSUPPORTED, location, fact);
    }
}
