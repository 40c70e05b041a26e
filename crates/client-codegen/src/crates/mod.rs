//! Puts generated files together to crates: manifest, README and the files around the generated code.

mod cli;
pub(crate) mod client_scaffold;
mod companion;
mod companion_scaffold;
mod conformance_driver;
mod manifest;
mod mock;

pub use companion::{Companion, CompanionKind, companion};
pub use manifest::MANIFEST;
pub(crate) use manifest::Manifest;
