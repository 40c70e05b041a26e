//! Types as `client-codegen` prints them. A test of `emit::types` there compares the files with what it prints.

#![allow(missing_docs, unreachable_pub, clippy::all)]
// Only generated crates have the feature `builders`.
#![allow(unexpected_cfgs)]

pub use openapi_client_runtime::{Nullable, nullable};

#[rustfmt::skip]
pub mod types;
