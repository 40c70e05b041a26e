//! Repeats requests whose failure may pass, behind the cargo feature `retry`.
//!
//! `progenitor-extras` retries an operation from the outside, where neither `Retry-After` nor the
//! request's method is known. So the requests are repeated in the `exec` hook, with the waits of
//! `backon`.

use super::{Module, template};

/// The cargo feature of the generated crate.
pub(super) const FEATURE: &str = "retry";

pub(super) fn module() -> Module {
    let doc = "Sends requests again whose failure may pass.";
    let head = vec![template(include_str!("templates/retry.rs"))];
    Module {
        feature: Some(FEATURE),
        ..Module::new("retry", doc, head)
    }
}
