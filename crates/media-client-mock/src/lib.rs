//! Typed mocks of the Media API.
//!
//! [`MockServerExt`] adds a method per operation to [`MockServer`]. Expected requests and returned responses are built
//! from the types of the client, so a mock that violates the contract does not compile.

#![forbid(unsafe_code)]

// Formatted by its generator, so that the files are the same on every machine.
#[rustfmt::skip]
pub mod generated;

pub use generated::{MockServerExt, operations};
pub use httpmock::{self, Mock, MockServer};
