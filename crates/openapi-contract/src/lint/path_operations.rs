//! Operations with their keys in `paths`.

use std::collections::HashMap;

use super::inventory::{Inventory, METHODS, ObjectKind};
use crate::document::NodeId;
use crate::model::{Contract, Operation};

/// An operation with its key in `paths`.
#[derive(Debug)]
pub struct PathOperation<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The path template: the key in `paths`, without the path of the server.
    pub template: &'a str,
    /// The method in lower case: the key in the path item.
    pub method: &'static str,
    /// The name in findings: the method in upper case and the path.
    pub name: String,
}

/// The operations of `paths`, in the order of the document.
pub(super) fn operations<'a>(
    contract: &'a Contract,
    inventory: &Inventory<'a>,
) -> Vec<PathOperation<'a>> {
    let document = &contract.document;
    let mut by_node: HashMap<(NodeId, &str), Vec<&Operation>> = HashMap::new();
    let all = contract.operations.iter();
    for (key, operation) in all.filter(|(_, operation)| !operation.is_callback_or_webhook) {
        by_node
            .entry((operation.node, key.method))
            .or_default()
            .push(operation);
    }
    let paths = inventory
        .of(ObjectKind::Paths)
        .flat_map(|paths| document.entries(paths.node));
    let mut path_operations = Vec::new();
    for entry in paths {
        let Ok(item) = document.resolve(entry.value) else {
            continue;
        };
        for member in document.entries(item) {
            let Some(method) = METHODS.into_iter().find(|method| **method == *member.key) else {
                continue;
            };
            let shown = method.to_ascii_uppercase();
            // Several paths can share one path item. All start with the path of the server, so the
            // shortest path that ends with the key belongs to it.
            let candidates = by_node
                .get(&(member.value, shown.as_str()))
                .into_iter()
                .flatten();
            let operation = candidates
                .filter(|operation| operation.path.ends_with(entry.key))
                .min_by_key(|operation| operation.path.len());
            if let Some(operation) = operation {
                path_operations.push(PathOperation {
                    operation,
                    template: entry.key,
                    method,
                    name: format!("{shown} {}", operation.path),
                });
            }
        }
    }
    path_operations
}

/// The names in a path template, in order.
pub(super) fn template_names(template: &str) -> Vec<&str> {
    let pieces = template.split('{').skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
        .collect()
}
