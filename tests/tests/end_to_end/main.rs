//! The generated client against the real server, over a socket. Whatever a test asks for, every
//! answer that the server gives is held against the contract.

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
