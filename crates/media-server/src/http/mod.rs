//! The HTTP side: from a request to an answer and its documentation.
//!
//! The way of a request: [`guard`] gives it an id, authenticates it and counts it; the router finds
//! the operation ([`list_media`]); [`parameters`] reads the query; the operation returns an outcome;
//! the guard renders it ([`response`]). [`document`] describes all of that from the same tables.

pub(crate) mod app;
pub(crate) mod authentication;
pub(crate) mod body;
pub(crate) mod document;
pub(crate) mod examples;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod list_media;
pub(crate) mod media;
pub(crate) mod parameters;
pub(crate) mod query_string;
pub(crate) mod rate_limit;
pub(crate) mod response;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod state;
pub(crate) mod statuses;
