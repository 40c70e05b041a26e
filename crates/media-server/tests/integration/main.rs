//! The server from outside: over real sockets, and as the real program.

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
