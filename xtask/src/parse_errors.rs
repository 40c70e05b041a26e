//! Files that fail to parse, as findings.

use anyhow::Error;
use openapi_contract::Finding;
use openapi_contract::document::LoadError;

/// The parse error behind `error`, if there is one, and the finding that reports it.
pub(crate) fn parse_error(error: &Error) -> Option<(&LoadError, Finding)> {
    let error: &LoadError = error.downcast_ref()?;
    Some((error, Finding::from_load_error(error)?))
}
