//! Gives each operation an id, and one that no other has: it names the method and the builder of the
//! client.

use std::collections::HashSet;

use openapi_contract::rust_names;
use serde_json::Value;

use super::walk::{self, Route};
use super::{Draft, PassKind};

const EXACT: PassKind = PassKind::exact("operation-ids");

/// What the client has besides its operations, hooks among them, and what the module of its builders imports.
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
            made_up(route)
        };
        let mut is_free = |id: &str| {
            let (method, builder) = (rust_names::method_name(id), rust_names::builder_name(id));
            if methods.contains(&method) || types.contains(&builder) {
                return false;
            }
            methods.insert(method);
            types.insert(builder)
        };
        if !is_free(&id) {
            let base = match id == made_up(route) {
                true => id.clone(),
                false => format!("{id}_{}", route.method),
            };
            id = base.clone();
            let mut count = 2;
            while !is_free(&id) {
                id = format!("{base}_{count}");
                count += 1;
            }
        }
        if id != written {
            let message = if written.is_empty() {
                format!("the operation has no id: the client calls it `{id}`")
            } else {
                format!("`{written}` is another name already: the client calls it `{id}`")
            };
            log.record_object(EXACT, operation, Some("operationId"), Some(&id), message);
            operation.insert("operationId".to_owned(), Value::from(id));
        }
    });
}

/// An id from method and path.
fn made_up(route: &Route) -> String {
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

    use super::super::Fidelity;
    use super::super::test_support::{contract, lowered};

    #[test]
    fn each_operation_has_a_method_of_its_own() {
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
                code.contains(&format!("pubfn{method}(&self)")),
                "{method}: {code}"
            );
        }
        let lossless = outcome
            .rewrites
            .iter()
            .all(|one| one.fidelity == Fidelity::Exact);
        assert!(lossless, "{:#?}", outcome.rewrites);
    }
}
