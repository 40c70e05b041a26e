//! Witnesses: messages that prove a finding.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::site::Direction;

/// A message that one side allows and the other rejects.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Witness {
    /// Whether it is a request or a response.
    pub direction: Direction,
    /// The operation, as method and path.
    pub operation: String,
    /// The whole message: `query`, `headers`, `status`, `body` ...
    pub message: Value,
    /// The path and the value that is rejected, if it is one value of the message.
    pub value: Option<(String, Value)>,
    /// The side that allows it.
    pub allowed_by: String,
    /// The side that rejects it.
    pub rejected_by: String,
    /// Why it is rejected: the message of the validator.
    pub reason: String,
}
