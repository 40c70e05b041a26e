//! The type of members that may be left out and may be null.

use super::{ExtensionModule, template};

/// The module.
pub(super) fn module() -> ExtensionModule {
    let doc = "Properties that are both optional and nullable.";
    let code = template(include_str!("templates/nullable.rs"));
    ExtensionModule::new("nullable", doc, vec![code])
}
