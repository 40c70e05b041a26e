//! Gives each operation a unique id. The method and the builder of the client are named after it.

use std::collections::HashSet;

use openapi_contract::document::NodeId;
use openapi_contract::rust_names;

use super::findings::Findings;
use super::schemas::first_unused;
use crate::rules;

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

/// The Rust names that operations have.
#[derive(Debug)]
pub(super) struct OperationIds {
    methods: HashSet<String>,
    types: HashSet<String>,
}

impl OperationIds {
    pub(super) fn new() -> Self {
        Self {
            methods: METHODS.map(str::to_owned).into(),
            types: TYPES.map(str::to_owned).into(),
        }
    }

    /// The id of an operation: the one of the contract, unless it is missing or its Rust name is taken.
    pub(super) fn id(
        &mut self,
        written: Option<&str>,
        http_method: &str,
        path: &str,
        location: NodeId,
        findings: &mut Findings<'_>,
    ) -> String {
        let written = written.unwrap_or_default();
        let generated = generated_id(http_method, path);
        let wanted = match written.chars().any(char::is_alphanumeric) {
            true => written,
            false => &generated,
        };
        let mut id = wanted.to_owned();
        if !self.reserve(&id) {
            let base = match id == generated {
                true => id,
                false => format!("{id}_{http_method}"),
            };
            id = first_unused(&base, |id| self.reserve(id));
        }
        if id != written {
            let fact = match written.is_empty() {
                true => format!("the operation has no `operationId`; the client uses `{id}`"),
                false => format!("the Rust name of `{written}` is taken; the client uses `{id}`"),
            };
            findings.exact(rules::OPERATION_IDS, location, fact);
        }
        id
    }

    fn reserve(&mut self, id: &str) -> bool {
        let (method, builder) = (rust_names::method_name(id), rust_names::builder_name(id));
        if self.methods.contains(&method) || self.types.contains(&builder) {
            return false;
        }
        self.methods.insert(method);
        self.types.insert(builder)
    }
}

/// An id made of method and path.
fn generated_id(http_method: &str, path: &str) -> String {
    let path = path.replace(|c: char| !c.is_alphanumeric(), "_");
    let words: Vec<&str> = path.split('_').filter(|word| !word.is_empty()).collect();
    match words.is_empty() {
        true => format!("{http_method}_root"),
        false => format!("{http_method}_{}", words.join("_")),
    }
}
