//! What generated clients rely on.

#![allow(clippy::unwrap_used)]

mod auth;
mod errors;
mod form;
mod headers;
#[cfg(feature = "multipart")]
mod multipart;
mod nullable;
#[cfg(feature = "oauth2")]
mod oauth2;
mod pages;
mod request;
mod response;
#[cfg(feature = "retry")]
mod retry;
mod style;
mod support;
mod timeouts;
