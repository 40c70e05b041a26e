//! The operations and parts of messages that a finding affects.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// Which message a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// What clients send and the server reads.
    Request,
    /// What the server sends and clients read.
    Response,
}

/// A part of an operation's messages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Site {
    /// The operation, as method and path.
    pub operation: String,
    /// The part: `query parameter limit`, `response 200 body` ... Empty for the operation itself.
    pub part: String,
    /// The way to the value inside the part: `$.data.items[].status`. Empty where there is none.
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
