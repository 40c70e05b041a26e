//! Contracts: operations, their messages and their security.

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
use crate::finding::Finding;
use crate::http::{ParameterIn, StatusPattern};

/// A contract in canonical form.
#[derive(Debug)]
pub struct Contract {
    /// The document it was read from.
    pub document: Document,
    /// The schema dialect of the document.
    pub dialect: Dialect,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The URLs of `servers`.
    pub servers: Vec<String>,
    /// The operations, including those of callbacks and webhooks.
    pub operations: BTreeMap<OperationKey, Operation>,
    /// The schemas of all operations.
    pub schemas: Schemas,
    /// Violations of the OpenAPI specification whose meaning is clear.
    pub tolerated_errors: Vec<Problem>,
    /// Parts whose meaning is not known. Schemas keep them as [unreadable
    /// keywords](super::Opaque::Unreadable); other parts are treated as missing.
    pub invalid_parts: Vec<Problem>,
}

impl Contract {
    /// The findings for the invalid parts, in the order of the document.
    pub fn invalid_part_findings(&self) -> Vec<Finding> {
        let problems = self.invalid_parts.iter();
        problems
            .map(|problem| problem.to_finding(&self.document))
            .collect()
    }

    /// Whether a parameter has no effect: a header for which [`is_ignored_header`] or
    /// [`is_framing_header`] holds, or whose name is not a valid header name.
    ///
    /// `Authorization` has an effect in a contract without security schemes: nothing else declares
    /// the header.
    pub fn ignores(&self, key: &ParameterKey) -> bool {
        let name = &key.name;
        let is_ignored = || match is_one_of(name, &[AUTHORIZATION]) {
            true => self.has_security_schemes(),
            false => is_ignored_header(name),
        };
        key.location == ParameterIn::Header
            && (is_framing_header(name) || !is_header_name(name) || is_ignored())
    }

    fn has_security_schemes(&self) -> bool {
        let schemes = self.document.at_pointer("/components/securitySchemes");
        schemes.is_some_and(|schemes| self.document.entries(schemes).iter().next().is_some())
    }
}

const AUTHORIZATION: &str = "Authorization";

/// The schema dialect of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 3.0: a subset of JSON Schema draft 5, with `nullable`.
    OpenApi30,
    /// OpenAPI 3.1: JSON Schema 2020-12.
    OpenApi31,
}

/// Identifies an operation, regardless of the names of its path parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationKey {
    /// The path, with the server's base path and `{}` for each parameter. If several paths of a
    /// contract differ only in the names of parameters, all but the first in alphabetical order have
    /// the names as a fragment: `/a/{}#b`.
    pub path: String,
    /// The method in upper case.
    pub method: &'static str,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The Operation Object.
    pub node: NodeId,
    /// The Path Item Object that contains it.
    pub path_node: NodeId,
    /// The path for display, with the server's base path and the names of parameters.
    pub path: String,
    /// The key in `paths`: the path without the server's base path.
    pub template: String,
    /// The servers of the operation, if they differ from those of the contract.
    pub servers: Option<ServerOverride>,
    /// Whether it is an operation of a callback or webhook, whose requests the server sends. Its
    /// path is then the name of the callback or webhook.
    pub is_callback_or_webhook: bool,
    /// `operationId`.
    pub id: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-sunset`: the date from which a deprecated operation may be removed.
    pub sunset: Option<String>,
    /// `tags`.
    pub tags: BTreeSet<String>,
    /// `summary` and `description`.
    pub prose: [Option<String>; 2],
    /// The parameters: path parameters by position, others by name (headers in lower case).
    pub parameters: BTreeMap<ParameterKey, Arc<Parameter>>,
    /// The request body.
    pub request_body: Option<RequestBody>,
    /// The responses by status.
    pub responses: BTreeMap<StatusPattern, Arc<Response>>,
    /// The security requirements, of which a request must meet one; empty if it needs none.
    pub security: BTreeSet<SecurityRequirement>,
    /// The `security` that applies: of the operation or of the document.
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

/// The servers of an operation that differ from those of the contract.
#[derive(Clone, Debug)]
pub struct ServerOverride {
    /// The operation or path item that declares them.
    pub node: NodeId,
    /// The URLs of the servers.
    pub urls: Vec<String>,
}

/// Identifies a parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParameterKey {
    /// Where it is sent.
    pub location: ParameterIn,
    /// The name of the parameter. For a path parameter, its position in the path.
    pub name: String,
}

/// Whether OpenAPI ignores header parameters of this name. `Accept` and `Content-Type` follow from
/// media types, `Authorization` from security schemes.
pub fn is_ignored_header(name: &str) -> bool {
    is_one_of(name, &["Accept", "Content-Type", AUTHORIZATION])
}

/// Whether a string is a valid header name: a token (RFC 9110).
pub fn is_header_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_plain)
}

/// Whether a header controls message framing and routing (RFC 9112). HTTP libraries set it,
/// regardless of the contract.
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
    /// The name as written.
    pub name: String,
    /// Whether it is required.
    pub required: bool,
    /// How its value is serialized.
    pub encoding: ParameterEncoding,
    /// The schema of its value.
    pub schema: SchemaId,
    /// The schema object.
    pub schema_node: Option<NodeId>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-sunset`: the date from which a deprecated parameter may be removed.
    pub sunset: Option<String>,
    /// `description`.
    pub description: Option<String>,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// The Request Body Object.
    pub node: NodeId,
    /// Whether it is required.
    pub required: bool,
    /// The bodies by media type.
    pub content: BTreeMap<MediaType, Body>,
}

/// The body of a media type.
#[derive(Clone, Debug)]
pub struct Body {
    /// The Media Type Object.
    pub node: NodeId,
    /// The schema of the body.
    pub schema: SchemaId,
    /// The schema object; without one, every body is allowed.
    pub schema_node: Option<NodeId>,
    /// `itemSchema` of OpenAPI 3.2: the schema of each item of a stream.
    pub item_schema: Option<SchemaId>,
    /// `encoding`: how the parts of a form are serialized.
    pub encoding: Option<Box<Value>>,
}

/// A response.
#[derive(Debug)]
pub struct Response {
    /// The Response Object.
    pub node: NodeId,
    /// `description`.
    pub description: String,
    /// The headers by name in lower case, without `content-type`, which follows from `content`.
    pub headers: BTreeMap<String, Header>,
    /// The bodies by media type; empty if the response has no body.
    pub content: BTreeMap<MediaType, Body>,
    /// `links`.
    pub links: Option<Value>,
}

/// A response header.
#[derive(Debug)]
pub struct Header {
    /// The Header Object.
    pub node: NodeId,
    /// The name as written.
    pub name: String,
    /// Whether it is required.
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
