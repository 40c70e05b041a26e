//! The object types of OpenAPI by position, so that transformations change schemas and references,
//! but not examples, defaults and extensions.

use serde_json::{Map, Value};

/// The type of a value in an OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    /// The whole document.
    Root,
    /// The Components Object.
    Components,
    /// A Path Item Object.
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
    /// Any other value, which transformations do not change.
    Other,
    /// An object with arbitrary keys whose values have one type.
    Map(&'static ObjectKind),
    /// An array of values of one type.
    Array(&'static ObjectKind),
}

/// Keywords whose value is a schema. In some dialects it is a boolean or an array instead.
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
/// Keywords whose value is an array of schemas.
const SCHEMAS: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value is a map of schemas.
const NAMED_SCHEMAS: &[&str] = &[
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
];

impl ObjectKind {
    /// The type of the property `key` of an object of this type.
    pub(super) fn property(self, key: &str) -> Self {
        match (self, key) {
            // In other maps such a key is not an extension.
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
            (Self::PathItem | Self::Operation, "parameters") => Self::Array(&Self::Parameter),
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
            (Self::Schema, key) if SCHEMAS.contains(&key) => Self::Array(&Self::Schema),
            (Self::Schema, key) if NAMED_SCHEMAS.contains(&key) => Self::Map(&Self::Schema),
            _ => Self::Other,
        }
    }

    /// The type of the elements of an array of this type.
    pub(super) fn element(self) -> Self {
        match self {
            Self::Array(kind) => *kind,
            _ => Self::Other,
        }
    }

    /// Whether a value of this type can be a reference.
    pub(super) fn can_refer(self) -> bool {
        !matches!(
            self,
            Self::Root
                | Self::Components
                | Self::Operation
                | Self::Other
                | Self::Map(_)
                | Self::Array(_)
        )
    }
}

/// Edits every object of a known type, the inner ones first.
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

/// The target of `$ref`, if the object is a reference.
pub(super) fn reference(members: &Map<String, Value>) -> Option<&str> {
    members.get("$ref").and_then(Value::as_str)
}
