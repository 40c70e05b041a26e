//! Base URLs of operations.

use serde_json::Value;

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

    /// The number of server variables.
    pub(super) fn variables(&self) -> usize {
        self.fixed.len() - 1
    }

    /// The base URL for a request. Removes the server variables from the path of the request.
    pub(super) fn fill(&self, request: &mut Value) -> String {
        let variables = self.variables();
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
