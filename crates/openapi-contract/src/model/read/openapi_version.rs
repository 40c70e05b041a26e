//! OpenAPI versions.

use std::collections::HashSet;

use super::{Dialect, Problem, ProblemKind};
use crate::document::{Document, NodeId, Value};

/// The dialect of a document. An unsupported version is recorded as a problem.
pub(super) fn dialect(document: &Document, problems: &mut Vec<Problem>) -> Dialect {
    let root = document.root();
    let node = document.get(root, "openapi");
    match node.and_then(|node| document.text(node)) {
        Some(version) if version.starts_with("3.0.") => return Dialect::OpenApi30,
        Some(version) if version.starts_with("3.1.") => return Dialect::OpenApi31,
        Some(version) if version.starts_with("3.2.") => {
            record_newer(document, problems);
            return Dialect::OpenApi31;
        }
        _ => {}
    }
    const EXPECTED: &str = "`openapi` must be a version from 3.0.0 to 3.2.x";
    let (message, remedy) = match node.map(|node| document.node(node).value) {
        _ if document.get(root, "swagger").is_some() => (
            "the document uses Swagger 2.0".to_owned(),
            "Convert the document to OpenAPI 3.0.",
        ),
        None => (
            "the document has no `openapi`".to_owned(),
            "Add the version, such as `openapi: 3.1.0`.",
        ),
        Some(Value::String(version)) => (
            format!("{EXPECTED}, but is `{version}`"),
            "Convert the document to OpenAPI 3.0 or 3.1.",
        ),
        Some(value) => (
            format!("{EXPECTED}, but is {}", value.kind()),
            "Write the version in quotes, such as `openapi: '3.1.0'`.",
        ),
    };
    let kind = ProblemKind::UnsupportedVersion;
    let problem = Problem::new(kind, node.unwrap_or(root), message);
    problems.push(problem.with_remedy(remedy));
    Dialect::OpenApi30
}

/// The OpenAPI objects in which version 3.2 adds fields or values, and those that contain them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum VersionedObject {
    Root,
    Components,
    Server,
    Tag,
    PathItem,
    Operation,
    Parameter,
    Header,
    Body,
    Response,
    MediaType,
    Encoding,
    Example,
    Link,
    SecurityScheme,
    Flows,
    Flow,
    Schema,
    Discriminator,
    Xml,
    /// Objects with arbitrary names, such as `paths`.
    Map(&'static VersionedObject),
}

use VersionedObject::Map;

impl VersionedObject {
    /// The fields that are new in 3.2.
    fn newer(self) -> &'static [&'static str] {
        match self {
            Self::Root => &["$self"],
            Self::Components => &["mediaTypes"],
            Self::Server => &["name"],
            Self::Tag => &["summary", "parent", "kind"],
            Self::PathItem => &["query", "additionalOperations"],
            Self::Response => &["summary"],
            Self::MediaType => &["itemSchema", "prefixEncoding", "itemEncoding"],
            Self::Encoding => &["encoding", "prefixEncoding", "itemEncoding"],
            Self::Example => &["dataValue", "serializedValue"],
            Self::SecurityScheme => &["oauth2MetadataUrl", "deprecated"],
            Self::Flows => &["deviceAuthorization"],
            Self::Flow => &["deviceAuthorizationUrl"],
            Self::Discriminator => &["defaultMapping"],
            Self::Xml => &["nodeType"],
            _ => &[],
        }
    }

    /// The values of existing fields that are new in 3.2.
    fn newer_values(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Parameter => &[("in", "querystring"), ("style", "cookie")],
            _ => &[],
        }
    }

    /// The type of a field's value, or of the items of its array.
    fn field(self, key: &str) -> Option<Self> {
        Some(match (self, key) {
            (Map(object), _) => *object,
            (_, "servers" | "server") => Self::Server,
            (_, "parameters") if self != Self::Link && self != Self::Components => Self::Parameter,
            (_, "callbacks") => Map(&Map(&Self::PathItem)),
            (_, "responses") => Map(&Self::Response),
            (_, "headers") => Map(&Self::Header),
            (_, "examples") if self != Self::Schema => Map(&Self::Example),
            (_, "content") => Map(&Self::MediaType),
            (_, "links") => Map(&Self::Link),
            (Self::Root, "paths" | "webhooks") | (Self::Components, "pathItems") => {
                Map(&Self::PathItem)
            }
            (Self::Root, "components") => Self::Components,
            (Self::Root, "tags") => Self::Tag,
            (Self::Components, "schemas") => Map(&Self::Schema),
            (Self::Components, "parameters") => Map(&Self::Parameter),
            (Self::Components, "requestBodies") => Map(&Self::Body),
            (Self::Components, "securitySchemes") => Map(&Self::SecurityScheme),
            (
                Self::PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
            ) => Self::Operation,
            (Self::Operation, "requestBody") => Self::Body,
            (Self::Parameter | Self::Header | Self::MediaType, "schema") => Self::Schema,
            (Self::MediaType, "encoding") => Map(&Self::Encoding),
            (Self::SecurityScheme, "flows") => Self::Flows,
            (Self::Flows, _) => Self::Flow,
            (Self::Schema, "discriminator") => Self::Discriminator,
            (Self::Schema, "xml") => Self::Xml,
            (Self::Schema, "properties" | "patternProperties" | "dependentSchemas" | "$defs") => {
                Map(&Self::Schema)
            }
            (
                Self::Schema,
                "items"
                | "prefixItems"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "allOf"
                | "anyOf"
                | "oneOf",
            ) => Self::Schema,
            _ => return None,
        })
    }
}

/// Records features of 3.2 as problems. Everything else means the same in 3.1.
fn record_newer(document: &Document, problems: &mut Vec<Problem>) {
    let mut reject = |node: NodeId, what: String| {
        let message = format!("{what} is an OpenAPI 3.2 feature that is not supported yet");
        problems.push(Problem::new(ProblemKind::UnsupportedFeature, node, message));
    };
    let mut seen = HashSet::new();
    let mut todo = vec![(document.root(), VersionedObject::Root)];
    while let Some((node, object)) = todo.pop() {
        if !seen.insert((node, object)) {
            continue;
        }
        todo.extend(document.elements(node).iter().map(|&node| (node, object)));
        // In maps, `$ref` is the name of an entry, not a reference.
        let target = document.resolve(node).ok();
        todo.extend(
            target
                .filter(|&target| target != node)
                .map(|target| (target, object)),
        );
        for entry in document.entries(node) {
            let key = entry.key;
            let text = document.text(entry.value);
            if object.newer().contains(&key) {
                reject(entry.value, format!("`{key}`"));
            } else if let Some(text) = text
                && object.newer_values().contains(&(key, text))
            {
                reject(entry.value, format!("`{key}: {text}`"));
            } else if let Some(inner) = object.field(key) {
                todo.push((entry.value, inner));
            }
        }
    }
}
