//! Witnesses: messages that one side allows and the other refuses.
//!
//! Values are made up from the canonical model (`sample`, `probe`) and then judged by a JSON
//! Schema validator that knows nothing of it. What the validator does not confirm is not claimed.

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
