//! Reads OpenAPI contracts, compares them, and checks messages against them.
//!
//! A [`Document`](document::Document) is a file with the location of every value. A
//! [`Contract`](model::Contract) is its canonical form, which doesn't depend on how it is written.
//! [`compare`](compare::compare) finds the differences between two contracts, determines who is
//! affected, and proves each break with a witness: a message that one side allows and the other
//! rejects.
//!
//! ```
//! use openapi_contract::compare::{Relation, compare};
//! use openapi_contract::document::Document;
//! use openapi_contract::model::Contract;
//!
//! let old = r#"
//! openapi: 3.0.3
//! info: {title: Example, version: 1.0.0}
//! paths:
//!   /things:
//!     get:
//!       operationId: list_things
//!       parameters:
//!         - {name: limit, in: query, schema: {type: integer, maximum: 100}}
//!       responses:
//!         '200': {description: The things.}
//! "#;
//! let new = old.replace("maximum: 100", "maximum: 50");
//!
//! let contract = |name, text: &str| {
//!     let document = Document::parse(name, text).expect("it is YAML");
//!     Contract::read(document).expect("it is a contract")
//! };
//! let findings = compare(
//!     &contract("old.yaml", old),
//!     &contract("new.yaml", &new),
//!     Relation::Evolution,
//! );
//!
//! assert_eq!(findings[0].rule.id, "maximum-lowered");
//! let witness = findings[0].witness.as_ref().expect("every break is proved");
//! assert_eq!(witness.message["query"]["limit"], 100);
//! ```
//!
//! This crate doesn't depend on cargo, git or terminals: it takes documents, and returns findings
//! and text.

pub mod accepted;
pub mod bump;
pub mod compare;
pub mod conformance;
pub mod document;
pub mod explain;
mod finding;
mod http;
pub mod json_schema;
pub mod lint;
pub mod message_schema;
pub mod model;
mod pattern;
pub mod report;
pub mod rules;
pub mod rust_names;
pub mod witness;

pub use finding::{
    Acceptance, Direction, Fidelity, Finding, Level, Location, MessagePart, Site, Witness,
};
