//! The canonical model of a contract: operations, their messages, and who may call them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::encoding::ParameterEncoding;
use super::media_type::MediaType;
use super::problem::Problem;
use super::schema::{SchemaId, Schemas};
use super::security::SecurityRequirement;
use crate::document::{Document, NodeId};
use crate::http::{ParameterIn, StatusPattern};

/// A contract in canonical form.
#[derive(Debug)]
pub struct Contract {
    /// The document it was read from.
    pub document: Document,
    /// Which dialect of schemas the document is written in.
    pub dialect: Dialect,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The URLs of the servers, as written.
    pub servers: Vec<String>,
    /// The operations by path and method, callbacks and webhooks among them.
    pub operations: BTreeMap<OperationKey, Operation>,
    /// The schemas of all operations.
    pub schemas: Schemas,
    /// Where the document does not have the form of OpenAPI, and still says what is meant.
    pub tolerated_errors: Vec<Problem>,
}

/// Which dialect of schemas a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 3.0: a subset of JSON Schema draft 5, with `nullable`.
    OpenApi30,
    /// OpenAPI 3.1: JSON Schema 2020-12.
    OpenApi31,
}

/// Identifies an operation whatever its path parameters are called.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationKey {
    /// The path with the server's base path before it, parameters written as `{}`.
    pub path: String,
    /// The method in upper case.
    pub method: &'static str,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The Operation Object.
    pub node: NodeId,
    /// The Path Item Object it is in.
    pub path_node: NodeId,
    /// The path as people read it: with the server's base path, and with parameter names.
    pub path: String,
    /// The servers it has in place of the contract's.
    pub servers: Option<ServerOverride>,
    /// Whether the server sends the request and clients answer it: a callback or a webhook. Its path
    /// is then its name.
    pub is_callback_or_webhook: bool,
    /// `operationId`.
    pub id: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-sunset`: the day from which a deprecated operation may be gone.
    pub sunset: Option<String>,
    /// `tags`.
    pub tags: BTreeSet<String>,
    /// `summary` and `description`.
    pub prose: [Option<String>; 2],
    /// The parameters; those of the path by their position in it, the others by name (headers in
    /// lower case).
    pub parameters: BTreeMap<ParameterKey, Arc<Parameter>>,
    /// The request body.
    pub request_body: Option<RequestBody>,
    /// The responses by status.
    pub responses: BTreeMap<StatusPattern, Arc<Response>>,
    /// The security requirements, of which a request must meet one; empty if it needs none.
    pub security: BTreeSet<SecurityRequirement>,
    /// Where `security` is written: on the operation, or at the root.
    pub security_node: Option<NodeId>,
}

impl Operation {
    /// The declared status that applies to a status code: the code itself, else its range, else
    /// `default`.
    pub fn declared_status(&self, code: u16) -> Option<StatusPattern> {
        [
            StatusPattern::Code(code),
            StatusPattern::Range(code / 100),
            StatusPattern::Default,
        ]
        .into_iter()
        .find(|status| self.responses.contains_key(status))
    }

    /// The response that is declared for a status code.
    pub(crate) fn response(&self, code: u16) -> Option<&Response> {
        let status = self.declared_status(code)?;
        self.responses.get(&status).map(Arc::as_ref)
    }
}

/// The servers of an operation that are not those of the contract.
#[derive(Clone, Debug)]
pub struct ServerOverride {
    /// The operation or path item that has them.
    pub node: NodeId,
    /// Their URLs, as written.
    pub urls: Vec<String>,
}

/// Identifies a parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParameterKey {
    /// Where it is sent.
    pub location: ParameterIn,
    /// Its name; for path parameters, their position in the path.
    pub name: String,
}

impl ParameterKey {
    /// Whether the contract has no say about the parameter: a header that [`is_ignored_header`] or
    /// [`is_framing_header`] names, or one whose name no header can have.
    pub fn is_ignored(&self) -> bool {
        let has_no_say = is_ignored_header(&self.name)
            || is_framing_header(&self.name)
            || !is_header_name(&self.name);
        self.location == ParameterIn::Header && has_no_say
    }
}

/// Whether OpenAPI ignores a header parameter of this name: media types say what `Accept` and
/// `Content-Type` are, and security schemes what `Authorization` is.
pub fn is_ignored_header(name: &str) -> bool {
    is_one_of(name, &["Accept", "Content-Type", "Authorization"])
}

/// Whether a header can have this name: it is a token (RFC 9110).
pub fn is_header_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_plain)
}

/// Whether a header says where a message ends and to whom it goes (RFC 9112). Who sends the message
/// sets it, whatever a contract says.
pub fn is_framing_header(name: &str) -> bool {
    is_one_of(
        name,
        &["Connection", "Content-Length", "Host", "Transfer-Encoding"],
    )
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// The Parameter Object.
    pub node: NodeId,
    /// Its name as written.
    pub name: String,
    /// Whether it must be sent.
    pub required: bool,
    /// How its value is serialized.
    pub encoding: ParameterEncoding,
    /// The schema of its value.
    pub schema: SchemaId,
    /// The schema object.
    pub schema_node: Option<NodeId>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-sunset`: the day from which a deprecated parameter may be gone.
    pub sunset: Option<String>,
    /// `description`.
    pub description: Option<String>,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// The Request Body Object.
    pub node: NodeId,
    /// Whether it must be sent.
    pub required: bool,
    /// The bodies by media type, in lower case.
    pub content: BTreeMap<MediaType, Body>,
}

/// One media type of a body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The Media Type Object.
    pub node: NodeId,
    /// The schema of the body.
    pub schema: SchemaId,
    /// The schema object; nothing is said about the body without it.
    pub schema_node: Option<NodeId>,
    /// `encoding`: how the parts of a form are written.
    pub encoding: Option<Box<Value>>,
}

/// A response.
#[derive(Debug)]
pub struct Response {
    /// The Response Object.
    pub node: NodeId,
    /// `description`.
    pub description: String,
    /// The headers by name in lower case, without `content-type`, which `content` declares.
    pub headers: BTreeMap<String, Header>,
    /// The bodies by media type, in lower case; empty when the response has no body.
    pub content: BTreeMap<MediaType, Body>,
    /// `links`, as written.
    pub links: Option<Value>,
}

/// A response header.
#[derive(Debug)]
pub struct Header {
    /// The Header Object.
    pub node: NodeId,
    /// Its name as written.
    pub name: String,
    /// Whether it is always sent.
    pub required: bool,
    /// The schema of its value.
    pub schema: SchemaId,
    /// The schema object.
    pub schema_node: Option<NodeId>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `description`.
    pub description: Option<String>,
}

impl fmt::Display for OperationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
