//! A fixture: a client with one of everything that the generator adds to progenitor's code.
//!
//! A test of `client-codegen` generates it from `openapi.yaml`, and fails if it is stale. To update it, run
//! `UPDATE_FIXTURE=1 cargo test -p client-codegen --test fixture`.

#![forbid(unsafe_code)]

#[rustfmt::skip]
pub mod generated;

pub use generated::*;
