//! What generated clients rely on.

#![allow(clippy::unwrap_used)]

mod auth;
mod builder;
mod constrained_string;
mod errors;
mod form;
mod generated;
mod generated_types;
mod headers;
mod integer_enum;
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
mod string_enum;
mod style;
mod support;
mod timeouts;
mod union;
