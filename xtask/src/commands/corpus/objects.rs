//! Which object of OpenAPI stands where, so that rewrites touch schemas and references, and leave
//! examples, defaults and extensions alone.

use serde_json::{Map, Value};

/// What a value in a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    /// The whole document.
    Root,
    /// The Components Object.
    Components,
    /// Methods and shared parameters of a path.
    PathItem,
    /// An operation.
    Operation,
    /// A parameter.
    Parameter,
    /// A response header.
    Header,
    /// A request body.
    RequestBody,
    /// A response.
    Response,
    /// One media type of a body.
    MediaType,
    /// A schema.
    Schema,
    /// A value with no part that a rewrite knows.
    Other,
    /// Values of one kind by names that anyone can choose.
    Map(&'static ObjectKind),
    /// A list of values of one kind.
    List(&'static ObjectKind),
}

/// Keywords whose value is a schema; in some dialects a boolean or a list, which stay as they are.
const SCHEMA: &[&str] = &[
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords whose value is a list of schemas.
const SCHEMAS: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value has schemas by name.
const NAMED_SCHEMAS: &[&str] = &[
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
];

impl ObjectKind {
    /// What the member `key` of an object of this kind is.
    pub(super) fn property(self, key: &str) -> Self {
        match (self, key) {
            // Elsewhere such a name is a name like any other.
            (Self::Map(Self::PathItem | Self::Response), key) if key.starts_with("x-") => {
                Self::Other
            }
            (Self::Map(kind), _) => *kind,
            (Self::Root, "paths" | "webhooks") => Self::Map(&Self::PathItem),
            (Self::Root, "components") => Self::Components,
            (Self::Components, "schemas") => Self::Map(&Self::Schema),
            (Self::Components, "parameters") => Self::Map(&Self::Parameter),
            (Self::Components, "pathItems") => Self::Map(&Self::PathItem),
            (Self::Components | Self::Operation, "responses") => Self::Map(&Self::Response),
            (Self::Components, "requestBodies") => Self::Map(&Self::RequestBody),
            (Self::Components | Self::Response, "headers") => Self::Map(&Self::Header),
            (Self::PathItem | Self::Operation, "parameters") => Self::List(&Self::Parameter),
            (
                Self::PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
            ) => Self::Operation,
            (Self::Operation, "requestBody") => Self::RequestBody,
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => {
                Self::Map(&Self::MediaType)
            }
            (Self::Parameter | Self::Header | Self::MediaType, "schema") => Self::Schema,
            (Self::Schema, key) if SCHEMA.contains(&key) => Self::Schema,
            (Self::Schema, key) if SCHEMAS.contains(&key) => Self::List(&Self::Schema),
            (Self::Schema, key) if NAMED_SCHEMAS.contains(&key) => Self::Map(&Self::Schema),
            _ => Self::Other,
        }
    }

    /// What the elements of a list of this kind are.
    pub(super) fn element(self) -> Self {
        match self {
            Self::List(kind) => *kind,
            _ => Self::Other,
        }
    }

    /// Whether a value of this kind can be a reference.
    pub(super) fn can_refer(self) -> bool {
        !matches!(
            self,
            Self::Root
                | Self::Components
                | Self::Operation
                | Self::Other
                | Self::Map(_)
                | Self::List(_)
        )
    }
}

/// Changes every object of a kind that rewrites know, the inner ones first.
pub(super) fn change(
    value: &mut Value,
    kind: ObjectKind,
    edit: &mut dyn FnMut(&mut Map<String, Value>, ObjectKind),
) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                change(element, kind.element(), edit);
            }
        }
        Value::Object(members) if kind != ObjectKind::Other => {
            for (key, member) in members.iter_mut() {
                change(member, kind.property(key), edit);
            }
            edit(members, kind);
        }
        _ => {}
    }
}

/// The target of an object that is a reference.
pub(super) fn reference(members: &Map<String, Value>) -> Option<&str> {
    members.get("$ref").and_then(Value::as_str)
}
