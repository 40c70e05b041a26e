//! A client with one of everything that is generated beside progenitor's code.
//!
//! It is generated from `openapi.yaml` by a test of `client-codegen`, which also finds it stale:
//! `UPDATE_FIXTURE=1 cargo test -p client-codegen fixture`.

#![forbid(unsafe_code)]

#[rustfmt::skip]
pub mod generated;

pub use generated::*;
