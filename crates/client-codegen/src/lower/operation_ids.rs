//! Gives each operation a unique id. The method and the builder of the client are named after it.

use std::collections::HashSet;

use openapi_contract::rust_names;
use serde_json::Value;

use super::unused_names::first_unused;
use super::walk::{self, Route};
use super::{Draft, PassKind};
use crate::rules;

const EXACT: PassKind = PassKind::exact(rules::OPERATION_IDS);

/// Methods of the client besides its operations, and types that are imported into the module of builders.
const METHODS: [&str; 9] = [
    "new",
    "new_with_client",
    "baseurl",
    "client",
    "api_version",
    "inner",
    "pre",
    "post",
    "exec",
];
const TYPES: [&str; 9] = [
    "Error",
    "ByteStream",
    "ClientInfo",
    "ClientHooks",
    "OperationInfo",
    "RequestBuilderExt",
    "ResponseValue",
    "Client",
    "Self",
];

pub(super) fn lower(draft: &mut Draft<'_>) {
    let Draft { value, log, .. } = draft;
    let mut methods: HashSet<String> = METHODS.map(str::to_owned).into();
    let mut types: HashSet<String> = TYPES.map(str::to_owned).into();
    walk::operations(value, &mut |route, operation| {
        let written = walk::string(operation, "operationId").unwrap_or_default();
        let mut id = if written.chars().any(char::is_alphanumeric) {
            written.to_owned()
        } else {
            generated_id(route)
        };
        let mut reserve = |id: &str| {
            let (method, builder) = (rust_names::method_name(id), rust_names::builder_name(id));
            if methods.contains(&method) || types.contains(&builder) {
                return false;
            }
            methods.insert(method);
            types.insert(builder)
        };
        if !reserve(&id) {
            let base = match id == generated_id(route) {
                true => id.clone(),
                false => format!("{id}_{}", route.method),
            };
            id = first_unused(&base, reserve);
        }
        log.identify(&id, route.method, &route.path);
        if id != written {
            let message = if written.is_empty() {
                format!("the operation has no `operationId`; the client uses `{id}`")
            } else {
                format!("the Rust name of `{written}` is taken; the client uses `{id}`")
            };
            log.record_object(EXACT, operation, Some("operationId"), Some(&id), message);
            operation.insert("operationId".to_owned(), Value::from(id));
        }
    });
}

/// An id made of method and path.
fn generated_id(route: &Route) -> String {
    let path = route.path.replace(|c: char| !c.is_alphanumeric(), "_");
    let words: Vec<&str> = path.split('_').filter(|word| !word.is_empty()).collect();
    let words = if words.is_empty() {
        "root".to_owned()
    } else {
        words.join("_")
    };
    format!("{}_{words}", route.method)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::{contract, lowered};
    use openapi_contract::Fidelity;

    #[test]
    fn each_operation_has_its_own_method() {
        let operation = |id: Option<&str>| {
            let mut operation = json!({ "responses": { "204": { "description": "" } } });
            operation
                .as_object_mut()
                .expect("an object")
                .extend(id.map(|id| ("operationId".to_owned(), json!(id))));
            operation
        };
        let outcome = lowered(&contract(
            json!({
                "/a": { "get": operation(Some("getA")), "put": operation(Some("get_a")) },
                "/a/b": { "get": operation(None) },
                "/new": { "get": operation(Some("new")) },
                "/error": { "get": operation(Some("error")) },
            }),
            json!({}),
        ));
        let code = outcome.code;
        for method in ["get_a", "get_a_put", "get_a_b", "new_get", "error_get"] {
            assert!(
                code.contains(format!("pub fn {method}(&self)")),
                "{method}: {code}"
            );
        }
        let is_exact = outcome
            .rewrites
            .iter()
            .all(|one| one.fidelity == Some(Fidelity::Exact));
        assert!(is_exact, "{:#?}", outcome.rewrites);
    }
}
