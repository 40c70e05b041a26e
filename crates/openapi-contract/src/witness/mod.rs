//! Witnesses: messages that one side allows and the other refuses.
//!
//! Values are made up from the canonical model (`sample`, `probe`) and then judged by a JSON
//! Schema validator that knows nothing of it. What the validator does not confirm is not claimed.

mod closed;
mod messages;
mod nulls;
mod pattern;
mod probe;
mod sample;
mod search;
mod values;
mod wire;

pub use messages::{RequestParts, responses};
pub use sample::sample;
pub(crate) use search::{
    Keys, Part, Proof, Search, Side, Step, body_json, credential_list, presented,
};
pub use values::values;
