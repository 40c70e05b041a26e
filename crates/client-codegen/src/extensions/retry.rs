//! Repeats requests whose failure may pass, behind the cargo feature `retry`.
//!
//! `progenitor-extras` retries an operation from the outside, where neither `Retry-After` nor the
//! request's method is known. So the requests are repeated in the `exec` hook, with the waits of
//! `backon`.

use super::{ExtensionModule, template};

/// The cargo feature of the generated crate.
pub(super) const FEATURE: &str = "retry";

pub(super) fn module() -> ExtensionModule {
    let doc = "Automatic retries after transient failures.";
    let head = vec![template(include_str!("templates/retry.rs"))];
    ExtensionModule {
        feature: Some(FEATURE),
        ..ExtensionModule::new("retry", doc, head)
    }
}
