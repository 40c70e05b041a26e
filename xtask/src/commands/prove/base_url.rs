//! Base URLs and path templates of operations.

use std::collections::BTreeMap;

use serde_json::Value;

/// The path templates by operation id, without the base path of servers.
pub(super) fn templates(lowered: &Value) -> BTreeMap<String, String> {
    let paths = lowered.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.filter_map(move |(_, operation)| {
            let id = operation.get("operationId")?.as_str()?;
            Some((id.to_owned(), path.clone()))
        })
    });
    operations.collect()
}

/// The base URL of the client. The base path of the contract's server may have variables.
pub(super) struct BaseUrl {
    /// The literal parts between the variables. The contract model counts server variables among the
    /// path parameters; for the client they are part of the base URL.
    fixed: Vec<String>,
}

impl BaseUrl {
    pub(super) fn new(server: &str, path: &str) -> Self {
        let mut pieces = path.split('{');
        let first = format!("{server}{}", pieces.next().unwrap_or_default());
        let after = pieces.map(|piece| piece.split_once('}').map_or(piece, |(_, after)| after));
        Self {
            fixed: std::iter::once(first)
                .chain(after.map(str::to_owned))
                .collect(),
        }
    }

    /// The base URL for a request. Removes the server variables from the path of the request.
    pub(super) fn fill(&self, request: &mut Value) -> String {
        let variables = self.fixed.len() - 1;
        if variables > 0
            && let Some(path) = request.get_mut("path").and_then(Value::as_object_mut)
        {
            let moved = std::mem::take(path).into_iter().filter_map(|(at, value)| {
                let at = at.parse::<usize>().ok()?.checked_sub(variables)?;
                Some((at.to_string(), value))
            });
            *path = moved.collect();
        }
        self.fixed.join("variable")
    }
}
