//! Assembles crates: the manifest, README and other files around the generated code.

mod cli;
pub(crate) mod client;
mod client_scaffold;
pub(crate) mod companion;
mod companion_kind;
mod companion_scaffold;
mod conformance_driver;
mod manifest;
mod mock;

pub use companion_kind::{Companion, CompanionKind};
pub use manifest::MANIFEST;
pub(crate) use manifest::Manifest;
