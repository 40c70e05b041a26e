//! Repeats requests whose failure may pass, behind the cargo feature `retry`.
//!
//! `progenitor-extras` retries an operation from the outside, where neither `Retry-After` nor the
//! request's method is known. So the requests are repeated in the `exec` hook, with the waits of
//! `backon`.

use super::{Module, template};
use crate::error::GenerateError;

/// The cargo feature of the generated crate.
pub(super) const FEATURE: &str = "retry";

pub(super) fn module() -> Result<Module, GenerateError> {
    let doc = "Sends requests again whose failure may pass.";
    let items = template(include_str!("templates/retry.rs"))?;
    Ok(Module {
        feature: Some(FEATURE),
        ..Module::new("retry", doc, items)
    })
}
