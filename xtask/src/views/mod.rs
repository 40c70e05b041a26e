//! The views of the API that the contract is held against, as OpenAPI documents.

#[cfg(feature = "views")]
mod client;
#[cfg(feature = "views")]
mod server;

use anyhow::Result;
use openapi_contract::document::Document;
use openapi_contract::model::Contract;

/// What the server says of itself; nothing when xtask was built without it.
pub(crate) fn server() -> Result<Option<Document>> {
    #[cfg(feature = "views")]
    return server::document().map(Some);
    #[cfg(not(feature = "views"))]
    Ok(None)
}

/// What the client's types can read and send; nothing when xtask was built without it.
pub(crate) fn client(contract: &Contract) -> Result<Option<Document>> {
    #[cfg(feature = "views")]
    return client::document(contract).map(Some);
    #[cfg(not(feature = "views"))]
    {
        let _ = contract;
        Ok(None)
    }
}
