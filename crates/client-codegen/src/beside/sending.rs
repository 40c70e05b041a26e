//! What progenitor writes into every builder, once: `source/condense` calls it.

use super::{Module, template};
use crate::error::GenerateError;

pub(super) fn module() -> Result<Module, GenerateError> {
    let doc = "How the builders keep values and send requests.";
    let items = template(include_str!("templates/sending.rs"))?;
    Ok(Module {
        is_private: true,
        ..Module::new("sending", doc, items)
    })
}
