//! `cargo xtask diff`, `lint` and `corpus`: what they say, how they end, and what is accepted.

mod accepted;
mod corpus;
mod evolution;
mod ids;
mod revisions;
mod team;
