//! Typed mocks of the {{title}}.
//!
//! [`MockServerExt`] gives a [`MockServer`] a method for each operation. What it expects and what
//! it answers are built with the types of the client, so a mock that the contract does not allow
//! does not compile.

#![forbid(unsafe_code)]

// Formatted by its generator, so that every machine agrees on each byte.
#[rustfmt::skip]
pub mod generated;

pub use generated::{MockServerExt, operations};
pub use httpmock::{self, Mock, MockServer};
