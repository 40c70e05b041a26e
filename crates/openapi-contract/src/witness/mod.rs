//! Witnesses: messages that one side allows and the other rejects.
//!
//! Candidates come from the canonical model (`sample`, `boundary_values`). A JSON Schema validator
//! that does not use the model confirms them; a difference without a confirmed message is not
//! reported as breaking.

mod boundary_values;
mod closed_world;
mod messages;
mod nulls;
mod pattern;
mod sample;
mod search;
mod transport;
mod values;

pub use messages::{RequestParts, responses};
pub use sample::sample;
pub(crate) use search::{
    OperationKeys, PartKey, Proof, Side, ValueStep, WitnessSearch, body_json, credential_list,
    presented,
};
pub use values::values;
