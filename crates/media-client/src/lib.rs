#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod client;
mod error;
mod headers;
mod key;
mod media;
mod page;
mod session;

/// The generated client, with all operations and types of the contract.
///
/// [`MediaClient`] is built on it.
// Formatted by its generator, so that the files are the same on every machine.
#[rustfmt::skip]
pub mod generated;

pub use client::{MediaClient, MediaClientBuilder};
pub use error::{Error, Failure};
pub use generated::types::{MediaItem, MediaStatus, MediaType, Pagination};
pub use generated::{CONTRACT_SHA256, CONTRACT_VERSION, types};
pub use headers::RateLimit;
pub use key::ApiKey;
pub use media::MediaQuery;
pub use page::Page;
pub use reqwest;
pub use session::Session;
