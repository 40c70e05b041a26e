//! Request bodies whose schema the client does not enforce.

use std::collections::HashSet;

use openapi_contract::lint::{Lint, at};

use crate::client_plan::unenforced_bodies;
use crate::rules;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut seen = HashSet::new();
    for path_operation in lint.operations() {
        let Some(body) = &path_operation.operation.request_body else {
            continue;
        };
        if !seen.insert(body.node) {
            continue;
        }
        for unenforced in unenforced_bodies(lint.contract(), body) {
            let fact = format!(
                "{} of the request body `{}` is not enforced",
                unenforced.keywords.join(", "),
                unenforced.media_type
            );
            let location = at(unenforced.node).property("schema").of(path_operation);
            lint.report(rules::RAW_BODY_SCHEMA, location, fact);
        }
    }
}
