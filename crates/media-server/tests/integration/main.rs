//! Tests of the server through its sockets and as a program.

mod authentication;
mod cli;
mod document;
mod errors;
mod import;
mod keys;
mod listing;
mod program;
mod rate_limit;
mod shutdown;
mod support;
