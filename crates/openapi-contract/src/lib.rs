//! What an OpenAPI contract means.

pub mod compare;
pub mod document;
pub mod exchange;
mod finding;
pub mod json_schema;
pub mod lint;
pub mod message;
pub mod model;
pub mod report;
pub mod rules;
pub mod witness;

pub use finding::{Direction, Finding, Level, Location, Site, Witness};
