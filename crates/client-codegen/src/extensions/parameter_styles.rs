//! The module `styles`: serialization of parameters in the styles that progenitor does not support.
//! `patch_operations::parameter_styles` inserts the calls.

use std::borrow::Cow;

use super::{ExtensionModule, Snippet};

/// The styles, used by clients to send parameters and by mocks to match them.
pub(crate) const STYLES: &str = include_str!("templates/styles.rs");

/// Generates the module.
pub(super) fn module() -> ExtensionModule {
    let doc = "Serialization of parameters in the styles of OpenAPI.";
    let sent = include_str!("templates/styles_sent.rs");
    let code = [STYLES, sent].map(|text| Snippet::Text(Cow::Borrowed(text)));
    ExtensionModule {
        is_private: true,
        ..ExtensionModule::new("styles", doc, code.into())
    }
}
