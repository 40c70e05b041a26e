//! HTTP: routes, responses and the OpenAPI document about them.
//!
//! A request passes the [`guard`], which assigns an id, authenticates it and counts it. The router selects the operation
//! ([`list_media`]), which validates the query ([`parameters`]) and returns a [`response`]. The guard writes it with its
//! headers ([`headers`], [`statuses`]). [`document`] describes the operations from the same tables.

pub(crate) mod app;
pub(crate) mod authentication;
pub(crate) mod body;
pub(crate) mod document;
pub(crate) mod examples;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod invalid_parameter;
pub(crate) mod list_media;
pub(crate) mod media;
pub(crate) mod parameters;
pub(crate) mod paths;
pub(crate) mod query_string;
pub(crate) mod rate_limit;
pub(crate) mod response;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod state;
pub(crate) mod statuses;
