//! Witnesses: messages that one side allows and the other rejects.
//!
//! Candidates come from the canonical model (`sample`, `boundary_values`). A JSON Schema validator
//! that does not use the model confirms them; a difference without a confirmed message is not
//! reported as breaking.

mod boundary_values;
mod closed_world;
mod covering_messages;
mod covering_values;
mod emptiness;
mod pattern;
mod sample;
mod search;
mod transport;

pub use covering_messages::{
    RequestParts, UncoveredReason, UncoveredResponse, response_schema_values, responses,
    schema_values, uncovered_responses,
};
pub use covering_values::values;
pub use emptiness::allows_nothing;
pub use sample::sample;
pub(crate) use search::{
    OperationKeys, PartKey, Proof, Side, ValueStep, WitnessSearch, body_json, credential_list,
    presented,
};
