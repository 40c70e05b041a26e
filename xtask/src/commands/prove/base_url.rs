//! Where an operation is: what a server has before the paths, and the paths.

use std::collections::BTreeMap;

use serde_json::Value;

/// The path templates by operation id, without what the servers put before them.
pub(super) fn templates(lowered: &Value) -> BTreeMap<String, String> {
    let paths = lowered.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        members.filter_map(move |(_, operation)| {
            let id = operation.get("operationId")?.as_str()?;
            Some((id.to_owned(), path.clone()))
        })
    });
    operations.collect()
}

/// Where the client finds the server: what the contract's server has before the paths.
pub(super) struct BaseUrl {
    /// What stands between its variables. The contract counts those among the parameters of the path,
    /// and the client has them in its address.
    fixed: Vec<String>,
}

impl BaseUrl {
    pub(super) fn new(address: &str, path: &str) -> Self {
        let mut pieces = path.split('{');
        let first = format!("{address}{}", pieces.next().unwrap_or_default());
        let after = pieces.map(|piece| piece.split_once('}').map_or(piece, |(_, after)| after));
        Self {
            fixed: std::iter::once(first)
                .chain(after.map(str::to_owned))
                .collect(),
        }
    }

    /// The address for a request, whose path then has only what the client sends.
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
