//! Servers: those of the contract, and those that a path or an operation has in their place.

use crate::document::{Document, NodeId};
use crate::model::contract::ServerOverride;

/// The URLs of an object's `servers`, as written.
pub(super) fn urls(document: &Document, node: NodeId) -> Vec<String> {
    let servers = document.get(node, "servers");
    let servers = servers.map_or(&[][..], |servers| document.elements(servers));
    let urls = servers
        .iter()
        .filter_map(|&server| document.get_text(server, "url"));
    urls.map(str::to_owned).collect()
}

/// The servers that an operation has in place of the contract's: its own, or those of its path.
pub(super) fn own(document: &Document, operation: NodeId, path: NodeId) -> Option<ServerOverride> {
    let mut holders = [operation, path].into_iter();
    holders.find_map(|node| {
        let urls = urls(document, node);
        (!urls.is_empty()).then_some(ServerOverride { node, urls })
    })
}

/// The path of the first server's URL, without a slash at its end.
pub(super) fn base_path(urls: &[String]) -> &str {
    let url = urls.first().map_or("", String::as_str);
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None if url.starts_with('/') => url,
        // A host without a scheme is not valid, but common; its path still counts.
        None => url.find('/').map_or("", |slash| &url[slash..]),
    };
    path.trim_end_matches('/')
}
