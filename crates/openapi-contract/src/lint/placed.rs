//! Operations with the place they have in `paths`.

use std::collections::HashMap;

use super::inventory::{Inventory, ObjectKind};
use crate::document::NodeId;
use crate::model::{Contract, Operation};

/// The methods of a path item.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An operation with its key in `paths`.
pub(super) struct PlacedOperation<'a> {
    pub(super) operation: &'a Operation,
    /// The key in `paths`, without the path of the server.
    pub(super) template: &'a str,
    /// As a key of the path item.
    pub(super) method: &'static str,
    /// As findings call it.
    pub(super) name: String,
}

/// The operations of `paths`, in the order of the document.
pub(super) fn operations<'a>(
    contract: &'a Contract,
    inventory: &Inventory<'a>,
) -> Vec<PlacedOperation<'a>> {
    let document = &contract.document;
    let mut by_node: HashMap<(NodeId, &str), Vec<&Operation>> = HashMap::new();
    let sent = contract.operations.iter();
    for (key, operation) in sent.filter(|(_, operation)| !operation.is_callback_or_webhook) {
        by_node
            .entry((operation.node, key.method))
            .or_default()
            .push(operation);
    }
    let paths = inventory
        .of(ObjectKind::Paths)
        .flat_map(|paths| document.entries(paths.node));
    let mut placed = Vec::new();
    for entry in paths {
        let Ok(item) = document.resolve(entry.value) else {
            continue;
        };
        for member in document.entries(item) {
            let Some(method) = METHODS.into_iter().find(|method| **method == *member.key) else {
                continue;
            };
            let shown = method.to_ascii_uppercase();
            // One path item can serve several paths. All paths have the same path of the server in
            // front, so the shortest that ends with the key is the one meant.
            let candidates = by_node
                .get(&(member.value, shown.as_str()))
                .into_iter()
                .flatten();
            let operation = candidates
                .filter(|operation| operation.path.ends_with(entry.key))
                .min_by_key(|operation| operation.path.len());
            if let Some(operation) = operation {
                placed.push(PlacedOperation {
                    operation,
                    template: entry.key,
                    method,
                    name: format!("{shown} {}", operation.path),
                });
            }
        }
    }
    placed
}

/// The names in a path template, in order.
pub(super) fn template_names(template: &str) -> Vec<&str> {
    let pieces = template.split('{').skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
        .collect()
}
