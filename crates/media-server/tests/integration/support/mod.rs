//! What the tests share: a client that sends exactly what it is told, servers in this process, the
//! program in another one.

pub(crate) mod client;
pub(crate) mod library;
pub(crate) mod program;
pub(crate) mod server;
