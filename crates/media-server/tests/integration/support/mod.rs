//! Test support: a raw HTTP client, servers in the test process, and the program in a process of its own.

pub(crate) mod client;
pub(crate) mod library;
pub(crate) mod program;
pub(crate) mod server;
