//! The operations and parts of messages that a finding affects.

use std::cmp::Ordering;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::http::{ParameterIn, StatusPattern};

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Sent by clients, received by the server.
    Request,
    /// Sent by the server, received by clients.
    Response,
}

/// A value in the messages of an operation that a finding affects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Site {
    /// The operation, as method and path.
    pub operation: String,
    /// The part of its messages: `query parameter limit`, `response 200 body`. Empty for the
    /// operation itself.
    #[schemars(with = "String")]
    pub part: MessagePart,
    /// The path of the value inside the part: `$.data.items[].status`. Empty for the whole part.
    pub path: String,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)?;
        if self.part != MessagePart::Operation {
            write!(f, " {}", self.part)?;
        }
        if !self.path.is_empty() {
            write!(f, " {}", self.path)?;
        }
        Ok(())
    }
}

/// A part of an operation's messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessagePart {
    /// The operation itself.
    Operation,
    /// A parameter, by its name as written.
    Parameter {
        /// Where it is sent.
        location: ParameterIn,
        /// The name of the parameter as written.
        name: String,
    },
    /// The body of the request.
    RequestBody,
    /// A response as a whole.
    Response(StatusPattern),
    /// A header of a response.
    ResponseHeader {
        /// The response.
        status: StatusPattern,
        /// The name of the header as written.
        name: String,
    },
    /// The body of a response.
    ResponseBody(StatusPattern),
}

impl MessagePart {
    /// The response that the part is or belongs to.
    pub fn status(&self) -> Option<StatusPattern> {
        match self {
            Self::Response(status)
            | Self::ResponseHeader { status, .. }
            | Self::ResponseBody(status) => Some(*status),
            Self::Operation | Self::Parameter { .. } | Self::RequestBody => None,
        }
    }
}

impl fmt::Display for MessagePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation => Ok(()),
            Self::Parameter { location, name } => write!(f, "{location} parameter {name}"),
            Self::RequestBody => f.write_str("request body"),
            Self::Response(status) => write!(f, "response {status}"),
            Self::ResponseHeader { status, name } => write!(f, "response {status} header {name}"),
            Self::ResponseBody(status) => write!(f, "response {status} body"),
        }
    }
}

/// Reports sort parts by their text.
impl Ord for MessagePart {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl PartialOrd for MessagePart {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for MessagePart {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
