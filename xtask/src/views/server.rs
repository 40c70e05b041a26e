//! The view of the server: its utoipa document.

use anyhow::Result;
use openapi_contract::document::Document;

/// The document of `crates/media-server`, as served.
pub(super) fn document() -> Result<Document> {
    let json = media_server::document_json(&media_server::openapi());
    Ok(Document::parse("the server's OpenAPI document", json)?)
}
