//! Other descriptions of the API that must match the contract, as OpenAPI documents.

#[cfg(feature = "views")]
mod client;
#[cfg(feature = "views")]
mod server;

use anyhow::Result;
use openapi_contract::document::Document;
use openapi_contract::model::Contract;

/// The document of the server; `None` if xtask was built without it.
pub(crate) fn server() -> Result<Option<Document>> {
    #[cfg(feature = "views")]
    return server::document().map(Some);
    #[cfg(not(feature = "views"))]
    Ok(None)
}

/// What the types of the client send and accept; `None` if xtask was built without it.
pub(crate) fn client(contract: &Contract) -> Result<Option<Document>> {
    #[cfg(feature = "views")]
    return client::document(contract).map(Some);
    #[cfg(not(feature = "views"))]
    {
        let _ = contract;
        Ok(None)
    }
}
