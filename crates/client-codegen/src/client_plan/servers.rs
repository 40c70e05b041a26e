//! The servers of the contract.

use openapi_contract::document::{Document, NodeId};

use super::data::{ServerPlan, ServerVariablePlan};

/// Reads the servers of the contract.
pub(super) fn read(document: &Document) -> Vec<ServerPlan> {
    let servers = document.get(document.root(), "servers");
    let servers = servers.map_or(&[][..], |servers| document.elements(servers));
    servers
        .iter()
        .filter_map(|&node| server(document, node))
        .collect()
}

fn server(document: &Document, node: NodeId) -> Option<ServerPlan> {
    let text = |node, key| {
        document
            .get_text(node, key)
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let variables = document.members(node, "variables").iter();
    let variables = variables.map(|entry| {
        let values = document.get(entry.value, "enum");
        let values = values.map_or(&[][..], |values| document.elements(values));
        let values = values.iter().filter_map(|&value| document.text(value));
        ServerVariablePlan {
            name: entry.key.to_owned(),
            default: text(entry.value, "default"),
            values: values.map(str::to_owned).collect(),
        }
    });
    Some(ServerPlan {
        url: document.get_text(node, "url")?.to_owned(),
        description: text(node, "description"),
        variables: variables.collect(),
    })
}
