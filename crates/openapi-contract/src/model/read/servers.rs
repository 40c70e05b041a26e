//! Servers of the contract, of paths and of operations.

use crate::document::{Document, NodeId};
use crate::model::contract::ServerOverride;

/// The URLs of `servers`.
pub(super) fn urls(document: &Document, node: NodeId) -> Vec<String> {
    let servers = document.get(node, "servers");
    let servers = servers.map_or(&[][..], |servers| document.elements(servers));
    let urls = servers
        .iter()
        .filter_map(|&server| document.get_text(server, "url"));
    urls.map(str::to_owned).collect()
}

/// The servers of an operation that override those of the contract: its own, or those of its path.
pub(super) fn own(document: &Document, operation: NodeId, path: NodeId) -> Option<ServerOverride> {
    let mut holders = [operation, path].into_iter();
    holders.find_map(|node| {
        let urls = urls(document, node);
        (!urls.is_empty()).then_some(ServerOverride { node, urls })
    })
}

/// The path of the first server's URL, without a trailing slash.
pub(super) fn base_path(urls: &[String]) -> &str {
    let url = urls.first().map_or("", String::as_str);
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None if url.starts_with('/') => url,
        // A host without a scheme is invalid but common; its path is used.
        None => url.find('/').map_or("", |slash| &url[slash..]),
    };
    path.trim_end_matches('/')
}
