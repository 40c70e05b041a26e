//! The generated client against the real server, over a socket. Every response of the server is
//! validated against the contract.

mod authentication;
mod bad_requests;
mod command_line;
mod coverage;
mod failures;
mod filters;
mod pages;
mod rate_limits;
mod tenants;
mod test_server;
mod unknown_paths;
mod violations;
