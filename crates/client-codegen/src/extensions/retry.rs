//! The module `retry`: automatic retries, behind the cargo feature `retry`.
//!
//! `progenitor-extras` retries whole operations, where neither `Retry-After` nor the method of the request
//! is known. The generated code retries requests in the `exec` hook instead, with delays from `backon`.

use super::{ExtensionModule, template};

/// The cargo feature of the generated crate.
pub(super) const FEATURE: &str = "retry";

pub(super) fn module() -> ExtensionModule {
    let doc = "Automatic retries after transient failures.";
    let head = vec![template(
        "pub use openapi_client_runtime::retry::{Retry, retry_after};\n",
    )];
    ExtensionModule {
        feature: Some(FEATURE),
        ..ExtensionModule::new("retry", doc, head)
    }
}
