//! The type of members that may be left out and may be null.

use super::{Module, template};

/// The module.
pub(super) fn module() -> Module {
    let doc = "Members that may be left out and may be null.";
    let code = template(include_str!("templates/nullable.rs"));
    Module::new("nullable", doc, vec![code])
}
