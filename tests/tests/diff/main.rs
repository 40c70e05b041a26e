//! `cargo xtask diff`, `lint` and `corpus`: what they say, how they end, and what is accepted.

mod accepted;
mod broken;
mod corpus;
mod evolution;
mod ids;
mod release;
mod revisions;
mod rust_items;
mod team;
