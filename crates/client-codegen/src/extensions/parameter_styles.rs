//! How parameters are written in the styles that progenitor does not know: `styles` calls it.

use std::borrow::Cow;

use super::{ExtensionModule, Snippet};

/// The styles, for whoever writes or expects what a client sends.
pub(crate) const STYLES: &str = include_str!("templates/styles.rs");

/// The module.
pub(super) fn module() -> ExtensionModule {
    let doc = "Serialization of parameters in the styles of OpenAPI.";
    let sent = include_str!("templates/styles_sent.rs");
    let code = [STYLES, sent].map(|text| Snippet::Text(Cow::Borrowed(text)));
    ExtensionModule {
        is_private: true,
        ..ExtensionModule::new("styles", doc, code.into())
    }
}
