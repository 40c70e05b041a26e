//! `cargo xtask diff`, `lint`, `check` and `corpus`: reports, exit status and accepted changes.

mod accepted;
mod corpus;
mod evolution;
mod fidelity;
mod ids;
mod parse_errors;
mod release;
mod revisions;
mod rust_items;
mod workspace;
