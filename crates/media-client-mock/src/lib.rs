//! Typed mocks of the Media API.
//!
//! [`MockServerExt`] adds a method for each operation to [`MockServer`]. Expected requests and
//! responses are built with the types of the client, so a mock that the contract does not allow does
//! not compile.

#![forbid(unsafe_code)]

// Formatted by the generator.
#[rustfmt::skip]
pub mod generated;

pub use generated::{MockServerExt, operations};
pub use httpmock::{self, Mock, MockServer};
