//! What progenitor writes into every builder, once: `source/condense` calls it.

use super::{Module, template};
use crate::error::GenerateError;

/// The module; with how to read bodies by their status, if some are.
pub(super) fn module(reads_by_status: bool) -> Result<Module, GenerateError> {
    let doc = "How the builders keep values and send requests.";
    let mut items = template(include_str!("templates/sending.rs"))?;
    if reads_by_status {
        items.extend(template(include_str!("templates/by_status.rs"))?);
    }
    Ok(Module {
        is_private: true,
        ..Module::new("sending", doc, items)
    })
}
