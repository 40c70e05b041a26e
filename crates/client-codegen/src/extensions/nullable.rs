//! The type of members that may be left out and may be null.

use super::{ExtensionModule, template};

/// The module.
pub(super) fn module() -> ExtensionModule {
    let doc = "Members that may be left out and may be null.";
    let code = template(include_str!("templates/nullable.rs"));
    ExtensionModule::new("nullable", doc, vec![code])
}
