//! Witnesses: messages that prove a finding.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::site::Direction;

/// A message that one side allows and the other refuses.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Witness {
    /// Which message it is.
    pub direction: Direction,
    /// The operation, as method and path.
    pub operation: String,
    /// The whole message: `query`, `headers`, `status`, `body` ...
    pub message: Value,
    /// The value in question and how it is reached, where the message is about one value.
    pub value: Option<(String, Value)>,
    /// Who allows it.
    pub allowed_by: String,
    /// Who refuses it.
    pub rejected_by: String,
    /// Why, in the words of the validator.
    pub reason: String,
}
