//! Operations: Rust method names, and callbacks, for which no code is generated.

use std::collections::{HashMap, HashSet};

use openapi_contract::lint::{Lint, ObjectKind, at};
use openapi_contract::rust_names;

use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    method_names(lint);
    callbacks(lint);
}

/// Operation ids that map to the same method name.
fn method_names(lint: &mut Lint<'_>) {
    let mut ids: HashSet<&str> = HashSet::new();
    let mut methods: HashMap<String, &str> = HashMap::new();
    for path_operation in lint.operations() {
        let Some(id) = &path_operation.operation.id else {
            continue;
        };
        // The engine reports duplicate ids.
        if !ids.insert(id) {
            continue;
        }
        let method = rust_names::method_name(id);
        match methods.get(&method) {
            Some(other) => {
                let fact = format!("`{other}` and `{id}` both map to the Rust method `{method}`");
                let location = at(path_operation.operation.node)
                    .property("operationId")
                    .of(path_operation);
                lint.report(rules::METHOD_NAME_CLASH, location, fact);
            }
            None => {
                methods.insert(method, id);
            }
        }
    }
}

/// Callbacks and webhooks, for which no client is generated.
fn callbacks(lint: &mut Lint<'_>) {
    let document = lint.document();
    if document.get(document.root(), "webhooks").is_some() {
        let fact = "no code is generated for `webhooks`".to_owned();
        lint.report(
            rules::CALLBACK_IGNORED,
            at(document.root()).property("webhooks"),
            fact,
        );
    }
    let inventory = lint.inventory();
    for part in inventory
        .of(ObjectKind::Callback)
        .filter(|part| part.component.is_none())
    {
        let name = part.name.unwrap_or_default();
        let fact = format!("no code is generated for the callback `{name}`");
        lint.report(rules::CALLBACK_IGNORED, at(part.node), fact);
    }
}
