//! The operations and parts of messages that a finding affects.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Sent by clients, received by the server.
    Request,
    /// Sent by the server, received by clients.
    Response,
}

/// A part of an operation's messages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Site {
    /// The operation, as method and path.
    pub operation: String,
    /// The part: `query parameter limit`, `response 200 body` ... Empty for the operation itself.
    pub part: String,
    /// The path to the value inside the part: `$.data.items[].status`. Empty for the whole part.
    pub path: String,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)?;
        for word in [&self.part, &self.path] {
            if !word.is_empty() {
                write!(f, " {word}")?;
            }
        }
        Ok(())
    }
}
